"""How lengths of time and extra body fields are typed."""

from __future__ import annotations

import pytest

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.span import parse_extra, parse_span, span


@pytest.mark.parametrize(
    ("item", "key", "value"),
    [
        ("tier=2", "tier", 2),
        ("on=true", "on", True),
        ("off=null", "off", None),
        ('tools=[{"type": "web_search"}]', "tools", [{"type": "web_search"}]),
        ("mode=fast", "mode", "fast"),
        ("where=a/b:c d-e.f", "where", "a/b:c d-e.f"),
        ('text="a=b"', "text", "a=b"),
    ],
)
def test_extra_fields_are_json_or_a_plain_word(item, key, value):
    assert parse_extra([item]) == {key: value}


@pytest.mark.parametrize(
    "items",
    [
        ["tier"], ["=2"], [""], ["a="], ["a={"], ["a=1,"], ["a=NaN"], ["a=1e999"], ["a=True"],
        ["a=None"], ["a=-Infinity"], ["a='x'"], ["a=" + "[" * 100_000], ["a=1", "a=2"],
    ],
)  # fmt: skip
def test_broken_extra_fields_are_refused(items):
    with pytest.raises(InvalidRequest, match="--extra"):
        parse_extra(items)


@pytest.mark.parametrize(
    ("text", "seconds", "shown"),
    [
        ("90", 90, "1m30s"),
        ("90s", 90, "1m30s"),
        ("10m", 600, "10m"),
        ("48h", 172_800, "48h"),
        ("1h30m", 5400, "1h30m"),
        ("1H30M", 5400, "1h30m"),
        ("1h1m1s", 3661, "1h1m1s"),
        ("0", 0, "0"),
    ],
)
def test_lengths_of_time_are_read_and_shown(text, seconds, shown):
    assert parse_span(text) == seconds
    assert span(seconds) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1e9",
        "NaN",
        "-1",
        "1.5h",
        "ten",
        "m",
        "5m3h",
        "1h30",
        "1h 30m",
        "٣",
        "9" * 99,
        "1d",
    ],
)
def test_nonsense_is_no_length_of_time(text):
    with pytest.raises(InvalidRequest, match="not a length of time"):
        parse_span(text)
