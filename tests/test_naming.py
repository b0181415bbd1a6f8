"""File names from templates, prompts and whatever a server says."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byteplus_cli.errors import InvalidRequest
from byteplus_cli.generation.naming import Template, beside, id8, numbered, slug

FIELDS = {
    "id": "cgt-20261120101530-ab12c",
    "slug": "a-red-fox",
    "model": "seedance-1-0-pro",
    "ratio": "16:9",
    "resolution": "720p",
    "duration": 5,
    "seed": 11,
    "index": 1,
    "date": "2026-11-20",
    "profile": "work",
    "ext": "mp4",
}


def name(text: str | None, home: Path = Path("/nowhere"), **fields: object) -> str:
    return Template.parse(text, home=home).name({**FIELDS, **fields}).as_posix()


def hint(text: str) -> str:
    with pytest.raises(InvalidRequest) as caught:
        Template.parse(text, home=Path("/nowhere"), columns=["title"])
    assert caught.value.exit_code == 2
    return f"{caught.value.message}; {caught.value.hint}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "a-red-fox-530ab12c.mp4"),
        ("fox.mp4", "fox.mp4"),
        ("fox", "fox"),
        ("out/", "out/a-red-fox-530ab12c.mp4"),
        ("/films/", "/films/a-red-fox-530ab12c.mp4"),
        ("../fox.mp4", "../fox.mp4"),
        ("out/{date}/{slug}.{ext}", "out/2026-11-20/a-red-fox.mp4"),
        ("{profile}/", "work/a-red-fox-530ab12c.mp4"),
        ("{model}_{ratio}_{resolution}_{duration}_{seed}", "seedance-1-0-pro_16-9_720p_5_11"),
        ("{{x}}.mp4", "{x}.mp4"),
        ("con.mp4", "con.mp4"),
    ],
)
def test_a_name_is_what_the_user_typed_with_its_fields_filled_in(
    text: str | None, expected: str
) -> None:
    assert name(text) == expected


def test_an_existing_folder_needs_no_slash(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert name("out", tmp_path) == "out/a-red-fox-530ab12c.mp4"
    assert name(".", tmp_path) == "a-red-fox-530ab12c.mp4"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{nope}.mp4", "unknown field {nope}"),
        ("{slugg}.mp4", "did you mean {slug}?"),
        ("{id.__class__}", "did you mean {id}?"),
        ("{id[0]}", "did you mean {id}?"),
        ("{id!r}", "a field takes no format"),
        ("{index:03}", "use {index} alone"),
        ("{id:{seed}}", "a field takes no format"),
        ("{}", "fields: "),
        ("{0}", "fields: "),
        ("{row.nope}", "unknown field {row.nope}"),
        ("fox}.mp4", "braces do not match"),
        ("{slug", "braces do not match"),
        ("", "empty"),
        ("a\nb", "control characters"),
        ("a\0b", "control characters"),
        ("x" * 300, "more than 200 bytes"),
    ],
)
def test_a_bad_template_is_refused_before_anything_is_sent(text: str, words: str) -> None:
    assert words in hint(text)


def test_a_batch_has_fields_of_its_own() -> None:
    template = Template.parse("{row.title}.mp4", home=Path("/nowhere"), columns=["title"])
    assert template.name({**FIELDS, "row.title": "My Fox"}) == Path("My-Fox.mp4")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("../../etc/passwd", "etc-passwd.mp4"),
        ("/abs", "abs.mp4"),
        ("a\\b:c*d", "a-b-c-d.mp4"),
        ("..", "unknown.mp4"),
        ("", "unknown.mp4"),
        (None, "unknown.mp4"),
        ("CON", "_CON.mp4"),
        ("nul.x", "_nul.x.mp4"),
        ("com1", "_com1.mp4"),
        ("-rf", "rf.mp4"),
        (".hidden", "hidden.mp4"),
        ("a\0b\x1b[31m", "ab[31m.mp4"),
        ("gpj\u202e4pm", "gpj4pm.mp4"),
        ("line\u2028break", "line-break.mp4"),
        ("dot. .", "dot.mp4"),
    ],
)
def test_a_value_can_only_ever_be_part_of_a_name(value: str | None, expected: str) -> None:
    template = Template.parse("{row.title}.mp4", home=Path("/nowhere"), columns=["title"])
    assert template.name({"row.title": value}).as_posix() == expected


def test_a_value_at_the_end_leaves_no_dot() -> None:
    assert name("x.{ext}", ext="..") == "x.unknown"
    assert name("{model}", model="v1. ") == "v1"


def test_a_long_name_loses_words_and_never_its_id() -> None:
    text = "{slug}-{id}-" + "x" * 150
    result = name(text, slug="狐" * 40)
    assert len(result.encode()) <= 200
    assert FIELDS["id"] in result


def test_many_long_values_still_make_a_name() -> None:
    template = Template.parse("{row.a}-{row.b}-{id}.{ext}", home=Path("/"), columns=["a", "b"])
    result = template.name({**FIELDS, "row.a": "a" * 300, "row.b": "狐" * 300}).name
    assert len(result.encode()) <= 200
    assert result.endswith(f"{FIELDS['id']}.mp4")


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("A Red fox, jumping!", "a-red-fox-jumping"),
        ("The fox's den", "the-foxs-den"),
        ("", "clip"),
        (None, "clip"),
        ("!!! ???", "clip"),
        ("一只狐狸在雪地里奔跑", "一只狐狸在雪地里奔跑"),
        ("हिन्दी में", "हिन्दी-में"),
        ("../../etc", "etc"),
        ("word " * 20, "word-word-word-word-word-word-word-word"),
        ("x" * 60, "x" * 40),
        ("\x1b]0;title\x07 fox", "0-title-fox"),
    ],
)
def test_a_slug_is_the_first_words_of_the_prompt(prompt: str | None, expected: str) -> None:
    assert slug(prompt) == expected


def test_id8_is_the_end_of_the_id() -> None:
    assert id8("cgt-20261120101530-ab12c") == "530ab12c"
    assert id8("ab") == "ab"


def test_the_last_frame_lies_beside_its_clip() -> None:
    assert beside(Path("out/fox-1a2b.mp4"), "last", "jpg") == Path("out/fox-1a2b-last.jpg")
    assert beside(Path("fox"), "last", "png") == Path("fox-last.png")


def test_a_taken_name_is_followed_by_the_next_number() -> None:
    names = numbered(Path("out/fox.mp4"))
    assert [next(names).name for _ in range(3)] == ["fox.mp4", "fox-2.mp4", "fox-3.mp4"]


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_leaves_the_folder_or_hides_the_file(one: str, other: str) -> None:
    template = Template.parse("out/{slug}{row.x}.{ext}", home=Path("/nowhere"), columns=["x"])
    path = template.name({"slug": slug(one), "row.x": other, "ext": other})
    assert path.parent == Path("out")
    assert not path.name.startswith((".", "-"))
    assert not path.name.endswith((".", " "))
    assert len(path.name.encode()) <= 200
    assert not any(unicodedata.category(c)[0] == "C" for c in path.name)
