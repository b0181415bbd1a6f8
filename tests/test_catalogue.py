"""What model names stand for, and what the catalogue says of each."""

from __future__ import annotations

from decimal import Decimal

import pytest

from byteplus_cli.errors import InvalidConfig, InvalidRequest
from byteplus_cli.generation.catalogue import Catalogue, State

CATALOGUE = Catalogue.load()
MINI = "dreamina-seedance-2-0-mini-260615"

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
    assert Catalogue.load(tmp_path / "models.toml") == CATALOGUE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[video", "end of document"),
        ("\udcff", "utf-8"),
        ("[vidoe.x]", "unknown table vidoe"),
        ("video = 1", "video must be a table"),
        ("[video]\nx = 1", "video.x must be a table"),
        ('[video."a-1"]', "resolutions is missing"),
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
    ],
)
def test_a_broken_file_of_the_users_own_is_named_with_what_is_wrong_in_it(tmp_path, text, words):
    file = tmp_path / "models.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InvalidConfig) as refused:
        Catalogue.load(file)
    assert str(file) in refused.value.message
    assert words in refused.value.message
