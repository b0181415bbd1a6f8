"""What a clip is expected to cost, and what billed tokens did cost."""

from __future__ import annotations

from decimal import Decimal

import pytest

from byteplus_cli.generation.catalogue import Catalogue
from byteplus_cli.generation.cost import Estimate, clip_tokens, estimate, price, usd
from byteplus_cli.generation.media import Source
from byteplus_cli.generation.video import Reference, VideoRequest

CATALOGUE = Catalogue.load()
LINK = Source("https://example.com/a")
VIDEO = Reference("video", LINK)


def known(seconds):
    return Reference("video", Source("(upload of a.mp4)", seconds=seconds))


def expect(name, prompt="a fox", **given):
    model = CATALOGUE.video(name).model if name else None
    return estimate(VideoRequest("x", prompt, **given), model)


@pytest.mark.parametrize(
    ("width", "height", "seconds", "billed"),
    [
        (864, 480, 5, 49_005),
        (1280, 720, 5, 108_900),
        (1248, 704, 5, 103_818),
        (1920, 1088, 5, 246_840),
        (854, 480, 4, 38_830),
        (864, 496, 5, 50_638),
        (854, 480, 5, 48_437),
        (3840, 2160, 5, 980_100),
    ],
)
def test_tokens_are_counted_as_they_are_billed(width, height, seconds, billed):
    assert clip_tokens(width, height, 24 * seconds + 1) == billed


@pytest.mark.parametrize(
    ("name", "resolution", "dollars"),
    [
        ("seedance-2.5", "480p", "0.518"),
        ("seedance-2.5", "720p", "1.165"),
        ("seedance-2.5", "1080p", "2.867"),
        ("seedance-2.0", "480p", "0.354"),
        ("seedance-2.0", "720p", "0.762"),
        ("seedance-2.0", "1080p", "1.887"),
        ("seedance-2.0", "4k", "3.920"),
        ("seedance-2.0-fast", "480p", "0.284"),
        ("seedance-2.0-fast", "720p", "0.610"),
        ("seedance-2.0-mini", "480p", "0.177"),
        ("seedance-2.0-mini", "720p", "0.381"),
        ("seedance-1.0-pro", "480p", "0.123"),
        ("seedance-1.0-pro", "720p", "0.260"),
        ("seedance-1.0-pro", "1080p", "0.617"),
        ("seedance-1.0-pro-fast", "480p", "0.049"),
        ("seedance-1.0-pro-fast", "720p", "0.104"),
        ("seedance-1.0-pro-fast", "1080p", "0.247"),
    ],
)
def test_five_seconds_of_16_9_cost_what_the_price_list_says(name, resolution, dollars):
    found = expect(name, resolution=resolution, ratio="16:9", duration=5)
    assert found.usd_text == dollars
    assert found.words == f"about ${dollars}"
    assert found.tokens_low == found.tokens_high


def test_what_is_not_given_is_what_the_model_takes_by_itself():
    assert expect("seedance-1.0-pro-fast") == expect(
        "seedance-1.0-pro-fast", resolution="1080p", ratio="16:9", duration=5
    )


@pytest.mark.parametrize(
    ("name", "given", "tokens"),
    [
        # The shape follows the picture: 16:9 has the fewest pixels, 21:9 the most.
        ("seedance-1.0-pro", {"resolution": "720p", "first_frame": LINK}, (103_818, 113_740)),
        ("seedance-2.5", {"ratio": "16:9"}, (87_300, 648_900)),
        ("seedance-2.0", {"ratio": "16:9", "duration": -1}, (87_300, 324_900)),
        ("seedance-1.0-pro", {"resolution": "480p", "frames": 57}, (23_085, 23_085)),
        # Two seconds to fifteen of a video that goes in, five that come out.
        ("seedance-2.0", {"ratio": "16:9", "references": (VIDEO,)}, (152_100, 432_900)),
        ("seedance-2.0", {"ratio": "16:9", "references": (VIDEO,) * 3}, (238_500, 432_900)),
        # A video of known length counts for that; less than four seconds may cost like four.
        ("seedance-2.0", {"ratio": "16:9", "references": (known(6.0),)}, (238_500, 238_500)),
        ("seedance-2.0", {"ratio": "16:9", "references": (known(6.2),)}, (238_500, 260_100)),
        ("seedance-2.0", {"ratio": "16:9", "references": (known(2.5),)}, (152_100, 195_300)),
        ("seedance-2.0", {"ratio": "16:9", "references": (known(5), known(4))}, (303_300, 303_300)),
        ("seedance-2.0", {"ratio": "16:9", "references": (known(5), VIDEO)}, (260_100, 432_900)),
        ("seedance-2.0", {"ratio": "16:9", "references": (known(14), VIDEO)}, (432_900, 432_900)),
    ],
)
def test_what_the_model_decides_makes_a_range(name, given, tokens):
    found = expect(name, **given)
    assert (found.tokens_low, found.tokens_high) == tokens
    assert found.usd_low <= found.usd_high


def test_a_range_is_shown_as_one_and_is_no_single_amount():
    found = expect("seedance-2.0", ratio="16:9", duration=-1)
    assert found.words == "$0.611 to $2.274"
    assert found.usd_text is None


@pytest.mark.parametrize(
    ("name", "given", "dollars"),
    [
        ("seedance-1.0-pro", {"service_tier": "flex"}, "0.309"),
        ("seedance-1.5-pro", {"resolution": "480p"}, "0.122"),
        ("seedance-1.5-pro", {"resolution": "480p", "generate_audio": False}, "0.061"),
        ("seedance-1.5-pro", {"resolution": "480p", "service_tier": "flex"}, "0.061"),
        ("seedance-1.5-pro", {"resolution": "480p", "draft": True}, "0.073"),
        ("seedance-2.5", {"resolution": "480p", "draft": True, "duration": 5}, "0.518"),
    ],
)
def test_flex_sound_and_drafts_have_their_own_price(name, given, dollars):
    assert expect(name, ratio="16:9", **given).usd_text == dollars


@pytest.mark.parametrize(
    ("name", "given"),
    [
        (None, {}),
        ("seedance-1.0-pro", {"resolution": "8k"}),
        ("seedance-1.0-pro", {"ratio": "5:4"}),
        ("seedance-1.0-pro", {"extra": {"duration": 12}}),
        ("seedance-1.0-pro", {"extra": {"framespersecond": 60}}),
        ("seedance-1.0-pro", {"prompt": "a fox --dur 12"}),
        ("seedance-1.0-pro", {"prompt": "a fox --fps 60"}),
    ],
)
def test_what_cannot_be_known_is_unknown_and_never_a_guess(name, given):
    found = expect(name, **given)
    assert found == Estimate()
    assert (found.usd_text, found.words) == (None, "cost not known")


def test_tokens_without_a_price_are_still_tokens():
    found = expect("seedance-1.0-lite-t2v", resolution="480p")
    assert (found.tokens_low, found.usd_low, found.words) == (49_005, None, "cost not known")


def test_fields_and_words_that_cost_nothing_leave_the_estimate_alone():
    plain = expect("seedance-1.0-pro")
    assert expect("seedance-1.0-pro", extra={"tier": 2}) == plain
    assert expect("seedance-1.0-pro", prompt="a fox --seed 3 --wm true") == plain


@pytest.mark.parametrize(
    ("name", "resolution", "given", "dollars"),
    [
        ("seedance-1.0-pro-fast", None, {}, "0.104"),
        ("seedance-1.0-pro-fast", "720p", {"flex": True}, "0.052"),
        ("seedance-2.0", "720p", {"video_input": True}, "0.446"),
        ("seedance-2.5", "1080p", {"video_input": True, "audio": True}, "0.727"),
        ("seedance-1.5-pro", "720p", {"audio": True}, "0.249"),
        ("seedance-1.5-pro", "720p", {}, "0.125"),
    ],
)
def test_billed_tokens_are_priced(name, resolution, given, dollars):
    facts = {"video_input": False, "audio": False, "flex": False, **given}
    amount = price(CATALOGUE.video(name).model, 103_818, resolution=resolution, **facts)
    assert usd(amount) == dollars


@pytest.mark.parametrize(
    ("name", "resolution", "flex"),
    [
        ("seedance-2.0", "8k", False),
        ("seedance-2.0", None, False),
        ("seedance-2.0", "720p", True),
        ("seedance-1.0-lite-t2v", "720p", False),
        ("ep-1", "720p", False),
    ],
)
def test_tokens_of_an_unlisted_price_have_no_price(name, resolution, flex):
    model = CATALOGUE.video(name).model
    facts = {"video_input": False, "audio": False, "flex": flex}
    assert price(model, 1000, resolution=resolution, **facts) is None


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0", "0.000"), ("0.1", "0.100"), ("0.0625", "0.063"), ("0.1035", "0.104"), ("12", "12.000")],
)
def test_dollars_have_three_decimals(amount, text):
    assert usd(Decimal(amount)) == text
