"""The prompt: where it is read from, and what may not work in it as it was meant."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TextIO

from byteplus_cli.errors import InvalidRequest

PROMPT_CHARACTERS = 1_000_000
# Above these the model may lose details: advice, not limits (REV265, 2026-10-08).
ADVISED_WORDS, ADVISED_CHINESE = 1000, 500
# Words that the service once read out of the prompt as options, and ours for each. It checks
# body fields, but takes and bills most nonsense in these (LIVE-A, 2026-09-02).
LEGACY_FLAGS: dict[str | None, tuple[str, ...]] = {
    "--resolution": ("resolution", "rs"),
    "--ratio": ("ratio", "rt"),
    "--duration": ("duration", "dur"),
    "--frames": ("frames",),
    "--seed": ("seed",),
    "--camera-fixed": ("camerafixed", "cf"),
    "--watermark": ("watermark", "wm"),
    None: ("fps",),  # always 24
}

_FLAG = r"(?<!\S)--([a-z]+)(?:\s+|=)(\S+)"
# Lone surrogates are bytes of the command line that were not UTF-8.
_UNSENDABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"


def prompt_text(text: str, stdin: TextIO | None) -> str:
    """The prompt itself: `@file` and `-` are read, `@@x` is `@x`, all else is the prompt."""
    if text.startswith("@@"):
        return text[1:]
    if text.startswith("@"):
        return _prompt_file(text[1:])
    if text != "-":
        return text
    if stdin is None:
        raise InvalidRequest(
            "there is no standard input to read the prompt from", hint="@FILE reads a file"
        )
    try:
        return _prompt(stdin.read(PROMPT_CHARACTERS + 1), "standard input")
    except UnicodeDecodeError:
        raise InvalidRequest("the prompt on standard input is not UTF-8 text") from None


def _prompt_file(name: str) -> str:
    if not name:
        raise InvalidRequest("@ needs a file name", hint="@prompt.txt, or @@ for a prompt with @")
    try:
        with Path(name).open(encoding="utf-8-sig") as file:
            return _prompt(file.read(PROMPT_CHARACTERS + 1), f"@{name}")
    except FileNotFoundError:
        raise InvalidRequest(
            f"@{name}: no such file", hint=f"@@{name} for a prompt that starts with @"
        ) from None
    except UnicodeDecodeError:
        raise InvalidRequest(f"@{name} is not UTF-8 text") from None
    except OSError as error:
        raise InvalidRequest(f"@{name} cannot be read: {error.strerror}") from error
    except ValueError:
        raise InvalidRequest(f"@{name} cannot be the name of a file") from None


def _prompt(text: str, what: str) -> str:
    if len(text) > PROMPT_CHARACTERS:
        raise InvalidRequest(f"{what} is over {PROMPT_CHARACTERS:,} characters long")
    # The line end that closes a file or an echo is not part of what was written.
    return text.removeprefix("\ufeff").rstrip("\r\n")


def check_prompt(prompt: str) -> None:
    """Raises InvalidRequest for characters that no prompt can be meant to hold."""
    if not prompt.isprintable() and (found := re.search(_UNSENDABLE, prompt)):
        raise InvalidRequest(
            f"character {found.start() + 1} of the prompt is U+{ord(found[0]):04X},"
            " a control character or a broken one",
            hint="take it out; line breaks and tabs may stay",
        )


def legacy_flags(prompt: str) -> list[tuple[str, str | None]]:
    """Options written inside a prompt, such as `--dur 5`, each with ours for it if there is one."""
    ours = {name: option for option, names in LEGACY_FLAGS.items() for name in names}
    found = re.finditer(_FLAG, prompt) if "--" in prompt else ()
    return [(flag[0], ours[flag[1]]) for flag in found if flag[1] in ours]


def prompt_warnings(prompt: str) -> list[str]:
    """What may not work as it was meant in a prompt for a clip, without being wrong."""
    return [
        f'"{flag}" inside the prompt is not checked, but may change what you get and pay:'
        f" {f'use {option} instead' if option else 'leave it out'}"
        for flag, option in legacy_flags(prompt)
    ] + length_warnings(prompt, ADVISED_WORDS, ADVISED_CHINESE)


def length_warnings(prompt: str, words: int, characters: int) -> list[str]:
    """Whether a prompt holds more words, or Chinese characters, than the service advises."""
    chinese = sum("\u3400" <= character <= "\u9fff" for character in prompt)
    if len(prompt.split()) <= words and chinese <= characters:
        return []
    return [
        f"the prompt is longer than the {words} words"
        f" (or {characters} Chinese characters) that the service advises"
    ]
