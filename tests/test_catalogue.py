"""What model names stand for, and what the catalogue says of each."""

from __future__ import annotations

from decimal import Decimal

import pytest

from byteplus_cli.errors import InvalidConfig, InvalidRequest
from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.model import State

CATALOGUE = Catalogue.load()
MINI = "dreamina-seedance-2-0-mini-260615"
LITE = "seedream-5-0-260128"
PRO = "dola-seedream-5-0-pro-260628"

NEW_MODEL = """
[video."seedance-1-0-pro-990101"]
names = ["seedance-1.0-pro"]
resolutions = ["480p"]
resolution = "480p"
durations = [2, 12]
duration = 5
ratios = ["16:9"]
ratio = "16:9"
source = "console"
date = 2027-01-01
"""
PRICES = f'[video."{MINI}".prices]\nsource = "invoice"\ndate = 2027-01-01\n'
NEW_IMAGE_MODEL = """
[image_sizes.house]
2K = { "1:1" = [2000, 2000], "5:4" = [2500, 2000] }

[image."seedream-4-0-990101"]
names = ["seedream-4.0"]
classes = ["2K"]
sizes = "house"
source = "console"
date = 2027-01-01
"""


def own(tmp_path, text):
    file = tmp_path / "models.toml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("seedance-1-0-pro-fast-251015", "seedance-1-0-pro-fast-251015"),
        ("Seedance-1-0-Pro-Fast-251015", "seedance-1-0-pro-fast-251015"),
        ("seedance-2.5", "dreamina-seedance-2-5-260628"),
        ("seedance-2.0", "dreamina-seedance-2-0-260128"),
        ("seedance-2.0-fast", "dreamina-seedance-2-0-fast-260128"),
        ("seedance-2.0-mini", MINI),
        ("seedance-1.0-pro", "seedance-1-0-pro-250528"),
        ("SEEDANCE-1.0-PRO-FAST", "seedance-1-0-pro-fast-251015"),
        ("seedance-1-0-pro", "seedance-1-0-pro-250528"),
        ("dreamina-seedance-2-0", "dreamina-seedance-2-0-260128"),
    ],
)
def test_a_name_stands_for_the_dated_id_of_a_current_model(name, id):
    found = CATALOGUE.video(name)
    assert (found.id, found.model.id, found.notice) == (id, id, None)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("seedance-1.5-pro", ["seedance-1-5-pro-251215", "2026-11-11", MINI]),
        ("seedance-1.0-lite-t2v", ["2026-05-13", "byteplus models list"]),
        ("seedance-1.0-lite-i2v", ["2026-05-13"]),
    ],
)
def test_a_retired_model_is_found_with_its_date_and_what_to_use_instead(name, words):
    found = CATALOGUE.video(name)
    assert found.model.state is State.RETIRED
    assert all(word in found.notice for word in words)


@pytest.mark.parametrize("name", ["ep-20261120-abcde", "EP-1", "seedance-3-0-pro-270101"])
def test_an_endpoint_or_an_unknown_dated_id_is_passed_as_it_is_and_said_to_be_unknown(name):
    found = CATALOGUE.video(name)
    assert (found.id, found.model) == (name, None)
    assert name in found.notice


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("seedance-1.0-por", "seedance-1.0-pro"),
        ("seedance1.0pro", "seedance-1.0-pro"),
        ("seedance-2-5", "seedance-2.5"),
        ("", "byteplus models list"),
        ("zzz", "byteplus models list"),
        ("ep-", "byteplus models list"),
        ("../x-250101", "byteplus models list"),
    ],
)
def test_any_other_name_is_refused_with_the_nearest_known_ones(name, near):
    with pytest.raises(InvalidRequest) as refused:
        CATALOGUE.video(name)
    assert near in refused.value.hint
    assert (name or "(empty)") in refused.value.message


@pytest.mark.parametrize(
    ("name", "resolution", "ratio", "size"),
    [
        ("seedance-1.0-pro-fast", "480p", "16:9", (864, 480)),
        ("seedance-1.0-pro-fast", "720p", "16:9", (1248, 704)),
        ("seedance-1.0-pro-fast", "1080p", "9:16", (1088, 1920)),
        ("seedance-1.0-pro-fast", "720p", "3:4", (832, 1120)),
        ("seedance-2.5", "480p", "9:16", (480, 854)),
        ("seedance-2.5", "1080p", "21:9", (2206, 946)),
        ("seedance-2.0", "480p", "16:9", (864, 496)),
        ("seedance-2.0", "4k", "1:1", (2880, 2880)),
        ("seedance-2.0-fast", "1080p", "16:9", None),
        ("seedance-2.5", "4k", "16:9", None),
        ("seedance-2.5", "720p", "adaptive", None),
        ("seedance-2.5", "720p", "5:4", None),
    ],
)
def test_sizes_follow_resolution_and_ratio(name, resolution, ratio, size):
    assert CATALOGUE.video(name).model.size(resolution, ratio) == size


@pytest.mark.parametrize("model", CATALOGUE.videos.values(), ids=lambda model: model.id)
def test_every_model_is_dated_whole_and_agrees_with_itself(model):
    assert model.source
    assert model.date.year == 2026
    assert model.resolution in model.resolutions
    assert model.ratio in model.ratios
    assert model.frame_ratio is None or model.frame_ratio in model.frame_ratios
    assert bool(model.frame_ratios) == ("first_frame" in model.can)
    assert (model.duration == -1 and model.open_duration) or (
        model.durations[0] <= model.duration <= model.durations[1]
    )
    assert (model.state is State.RETIRED) == (model.retired_on is not None)
    assert model.replacement is None or model.replacement in CATALOGUE.videos
    named = {*model.ratios, *model.frame_ratios} - {"adaptive"}
    assert all(model.size(lines, ratio) for lines in model.resolutions for ratio in named)
    if model.state is State.CURRENT:
        assert model.prices.source
        assert all(
            any(row.fits(lines, video, True) for row in model.prices.rows)
            for lines in model.resolutions
            for video in (False, bool(model.reference_videos))
        )


def test_usual_times_are_known_where_they_were_measured():
    assert CATALOGUE.known_video("seedance-1-0-pro-250528").usual_seconds == 32.5
    assert CATALOGUE.known_video("seedance-1-5-pro-251215").usual_seconds is None
    assert CATALOGUE.known_video("seedance-1.0-pro") is None


def test_a_file_of_the_users_own_adds_a_model_that_takes_over_its_name(tmp_path):
    catalogue = Catalogue.load(own(tmp_path, NEW_MODEL))
    found = catalogue.video("seedance-1.0-pro")
    assert found.id == catalogue.video("seedance-1-0-pro").id == "seedance-1-0-pro-990101"
    assert found.model.size("480p", "16:9") is None
    assert found.model.prices is None
    assert catalogue.video("seedance-1-0-pro-250528").id == "seedance-1-0-pro-250528"


def test_a_file_of_the_users_own_replaces_single_keys_of_a_known_model(tmp_path):
    text = f"""
        [video."{MINI}"]
        state = "retiring"
        replacement = "seedance-9"
        [video."{MINI}".prices]
        rows = [{{ usd = 1 }}]
        source = "invoice"
        date = 2027-01-01
    """
    found = Catalogue.load(own(tmp_path, text)).video(MINI)
    assert found.notice == f"{MINI} is being retired: use seedance-9"
    assert found.model.prices.rows[0].usd == Decimal(1)
    assert found.model.durations == CATALOGUE.video(MINI).model.durations


def test_a_missing_file_of_the_users_own_changes_nothing(tmp_path):
    assert Catalogue.load(tmp_path / "models.toml").document == CATALOGUE.document


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[video", "end of document"),
        ("\udcff", "utf-8"),
        ("[vidoe.x]", "unknown table vidoe"),
        ("video = 1", "video must be a table"),
        ("[video]\nx = 1", "video.x must be a table"),
        ('[video."a-1"]', "source is missing"),
        (f'[video."{MINI}"]\nprice = 1', "unknown key price"),
        (f'[video."{MINI}"]\ncan = ["fly"]', "unknown word fly"),
        (f'[video."{MINI}"]\ncan = "text"', "can must be a list of words"),
        (f'[video."{MINI}"]\ndurations = [1]', "durations must be 2 whole numbers"),
        (f'[video."{MINI}"]\ndurations = "1-2"', "durations must be 2 whole numbers"),
        (f'[video."{MINI}"]\nduration = true', "duration must be of type int"),
        (f'[video."{MINI}"]\nstate = "gone"', "state must be current, retiring, retired"),
        (f'[video."{MINI}"]\nsizes = "seedance-9"', "no sizes seedance-9"),
        (f'[video."{MINI}"]\nsizes = []', "no sizes []"),
        (f"{PRICES}rows = [{{ usd = nan }}]", "usd must be a number"),
        (f'{PRICES}rows = [{{ usd = "1" }}]', "usd must be a number"),
        (f"{PRICES}rows = 1", "rows must be a list"),
        ("[sizes.x]\n480p = 1", "sizes.x.480p must be a table"),
        ('[image."a-1"]', "image.a-1: source is missing"),
        (f'[image."{LITE}"]\nresolution = "2K"', "unknown key resolution"),
        (f'[image."{LITE}"]\ncan = ["sound"]', "unknown word sound"),
        (f'[image."{LITE}"]\npixels = [1]', "pixels must be 2 whole numbers"),
        (f'[image."{LITE}"]\nsizes = "seedance-2.5"', "no sizes seedance-2.5"),
        (f'[image."{LITE}"]\nprices = 1', "prices must be a table"),
        (f'[image."{LITE}".prices]\nrows = [{{ usd = 1 }}]', "source is missing"),
        ("[image_sizes.x]\n2K = 1", "image_sizes.x.2K must be a table"),
    ],
)
def test_a_broken_file_of_the_users_own_is_named_with_what_is_wrong_in_it(tmp_path, text, words):
    file = tmp_path / "models.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InvalidConfig) as refused:
        Catalogue.load(file)
    assert str(file) in refused.value.message
    assert words in refused.value.message


# --- Image models ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("seedream-5.0-pro", PRO),
        ("seedream-5.0-flash", "dola-seedream-5-0-flash-260915"),
        ("seedream-5.0-lite", LITE),
        ("seedream-4.5", "seedream-4-5-251128"),
        ("seedream-4.0", "seedream-4-0-250828"),
        ("SeeDream-4.0", "seedream-4-0-250828"),
        ("seedream-4-0-250828", "seedream-4-0-250828"),
        ("Dola-Seedream-5-0-Pro-260628", PRO),
        ("dola-seedream-5-0-pro", PRO),
        ("seedream-4-5", "seedream-4-5-251128"),
        ("seedream-5-0", LITE),
        ("seedream-5-0-lite-260128", LITE),
        ("seedream-5-0-lite", LITE),
    ],
)
def test_an_image_name_stands_for_the_dated_id_of_a_current_model(name, id):
    found = CATALOGUE.image(name)
    assert (found.id, found.model.id, found.notice) == (id, id, None)


@pytest.mark.parametrize(
    ("name", "notice"),
    [
        (
            "seedream-3.0",
            "seedream-3-0-t2i-250415 was retired on 2026-05-13: see byteplus models list",
        ),
        ("seededit-3.0", "seededit-3-0-i2i-250628 was retired: see byteplus models list"),
    ],
)
def test_a_retired_image_model_is_found_with_what_is_known_of_its_end(name, notice):
    found = CATALOGUE.image(name)
    assert found.model.state is State.RETIRED
    assert found.notice == notice


@pytest.mark.parametrize(
    "name", ["ep-20261120-abcde", "seedream-6-0-270101", "seedream-4-0-20260415"]
)
def test_an_endpoint_or_an_unknown_image_id_is_passed_as_it_is_and_said_to_be_unknown(name):
    found = CATALOGUE.image(name)
    assert (found.id, found.model) == (name, None)
    assert name in found.notice


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("seedream-4.1", "seedream-4.0"),
        ("seedream5.0pro", "seedream-5.0-pro"),
        ("", "byteplus models list"),
        ("zzz", "byteplus models list"),
    ],
)
def test_any_other_image_name_is_refused_with_the_nearest_known_ones(name, near):
    with pytest.raises(InvalidRequest) as refused:
        CATALOGUE.image(name)
    assert near in refused.value.hint
    assert refused.value.message == f"unknown image model: {name or '(empty)'}"


@pytest.mark.parametrize(
    ("find", "name", "message", "hint"),
    [
        (
            CATALOGUE.video,
            "Seedream-4.0",
            "Seedream-4.0 makes pictures, not clips",
            "byteplus image gen --model Seedream-4.0",
        ),
        (
            CATALOGUE.video,
            "seedream-5-0-lite-260128",
            "seedream-5-0-lite-260128 makes pictures, not clips",
            "byteplus image gen --model seedream-5-0-lite-260128",
        ),
        (
            CATALOGUE.image,
            "seedance-1-0-pro-250528",
            "seedance-1-0-pro-250528 makes clips, not pictures",
            "byteplus video create --model seedance-1-0-pro-250528",
        ),
    ],
)
def test_a_model_of_the_other_kind_is_refused_with_the_command_that_takes_it(
    find, name, message, hint
):
    with pytest.raises(InvalidRequest) as refused:
        find(name)
    assert (refused.value.message, refused.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("name", "size_class", "ratio", "size"),
    [
        ("seedream-5.0-pro", "1K", "16:9", (1424, 800)),
        ("seedream-5.0-pro", "1.5K", "4:3", (1792, 1344)),
        ("seedream-5.0-pro", "2K", "16:9", (2816, 1584)),
        ("seedream-5.0-flash", "1K", "9:21", (672, 1568)),
        ("seedream-5.0-lite", "2K", "16:9", (2848, 1600)),
        ("seedream-5.0-lite", "3K", "2:3", (2496, 3744)),
        ("seedream-5.0-lite", "4K", "1:1", (4096, 4096)),
        ("seedream-4.5", "4K", "3:4", (3520, 4704)),
        ("seedream-4.0", "1K", "16:9", (1280, 720)),
        ("seedream-4.0", "1K", "9:16", (720, 1280)),
        ("seedream-4.0", "1K", "21:9", (1512, 648)),
        ("seedream-5.0-pro", "4K", "1:1", None),
        ("seedream-5.0-lite", "1K", "1:1", None),
        ("seedream-4.5", "3K", "1:1", None),
        ("seedream-4.0", "2K", "5:4", None),
        ("seedream-3.0", "1K", "1:1", None),
    ],
)
def test_picture_sizes_follow_size_class_and_ratio(name, size_class, ratio, size):
    assert CATALOGUE.image(name).model.dimensions(size_class, ratio) == size


def test_ratios_are_those_of_the_size_table_and_the_same_turned():
    ratios = ("1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9", "9:21")
    assert CATALOGUE.image("seedream-4.0").model.ratios == ratios
    assert CATALOGUE.image("seedream-3.0").model.ratios == ()


@pytest.mark.parametrize(
    ("name", "pixels", "usd"),
    [
        ("seedream-5.0-pro", 2352 * 1008, "0.045"),
        ("seedream-5.0-pro", 2_610_000, "0.045"),
        ("seedream-5.0-pro", 2_610_001, "0.09"),
        ("seedream-5.0-pro", 2048 * 2048, "0.09"),
        ("seedream-5.0-flash", 2048 * 2048, "0.018"),
        ("seedream-5.0-lite", 4096 * 4096, "0.035"),
        ("seedream-4.5", 4096 * 4096, "0.04"),
        ("seedream-4.0", 1024 * 1024, "0.03"),
    ],
)
def test_what_one_picture_costs_follows_its_pixels(name, pixels, usd):
    assert CATALOGUE.image(name).model.prices.picture(pixels) == Decimal(usd)


def test_only_pro_charges_for_pictures_that_go_in_and_after_the_first():
    charged = {
        name: (model.prices.free_inputs, model.prices.input_usd)
        for name, model in CATALOGUE.images.items()
        if model.prices and model.prices.input_usd
    }
    assert charged == {PRO: (1, Decimal("0.003"))}


@pytest.mark.parametrize(
    ("ability", "names"),
    [
        ("set", {"seedream-5.0-lite", "seedream-4.5", "seedream-4.0"}),
        ("stream", {"seedream-5.0-lite", "seedream-4.5", "seedream-4.0"}),
        ("transparent", {"seedream-5.0-pro", "seedream-5.0-flash"}),
        ("layers", {"seedream-5.0-pro", "seedream-5.0-flash"}),
        ("fast", {"seedream-5.0-pro", "seedream-4.0"}),
        (
            "optimize_prompt",
            {
                "seedream-5.0-pro",
                "seedream-5.0-flash",
                "seedream-5.0-lite",
                "seedream-4.5",
                "seedream-4.0",
            },
        ),
        ("web_search", {"seedream-5.0-lite"}),
        ("seed", {"seedream-5.0-flash"}),
        ("guidance_scale", {"seedream-3.0", "seededit-3.0"}),
    ],
)
def test_image_models_differ_in_what_they_can(ability, names):
    able = {model.names[0] for model in CATALOGUE.images.values() if ability in model.can}
    assert able == names


@pytest.mark.parametrize("model", CATALOGUE.images.values(), ids=lambda model: model.id)
def test_every_image_model_is_dated_whole_and_agrees_with_itself(model):
    assert model.source
    assert model.date.year == 2026
    assert model.retired_on is None or model.state is State.RETIRED
    least, most = model.pixels
    for name in model.classes:
        sizes = model.size_table[name]
        assert set(sizes) == set(model.ratios)
        assert all(least <= width * height <= most for width, height in sizes.values())
        for ratio, (width, height) in sizes.items():
            across, down = map(int, ratio.split(":"))
            assert width / height == pytest.approx(across / down, rel=0.03)
    if model.state is State.CURRENT:
        assert model.size in model.classes
        assert model.prices.source
        assert model.prices.picture(most)
        assert model.images_per_minute == 500
        assert (model.set_total == 15) == ("set" in model.can)
        assert model.inputs == (14 if "set" in model.can else 10)


def test_a_limit_that_no_source_names_lets_every_size_pass():
    least, most = CATALOGUE.image("seededit-3.0").model.pixels
    assert least == 1
    assert most > 10**12


def test_an_image_model_of_the_users_own_takes_over_its_name(tmp_path):
    catalogue = Catalogue.load(own(tmp_path, NEW_IMAGE_MODEL))
    found = catalogue.image("seedream-4.0")
    assert found.id == catalogue.image("seedream-4-0").id == "seedream-4-0-990101"
    assert found.model.ratios == ("1:1", "5:4", "4:5")
    assert found.model.dimensions("2K", "4:5") == (2000, 2500)
    assert found.model.prices is None
    assert catalogue.image("seedream-4-0-250828").id == "seedream-4-0-250828"


def test_a_file_of_the_users_own_replaces_single_keys_of_a_known_image_model(tmp_path):
    text = f"""
        [image."{PRO}"]
        state = "retiring"
        replacement = "{LITE}"
        prices = {{ rows = [{{ usd = 1, most_pixels = 9 }}], source = "x", date = 2027-01-01 }}
    """
    found = Catalogue.load(own(tmp_path, text)).image(PRO)
    assert found.notice == f"{PRO} is being retired: use {LITE}"
    assert found.model.prices.picture(9) == Decimal(1)
    assert found.model.prices.picture(10) is None
    assert found.model.dimensions("2K", "1:1") == (2048, 2048)
