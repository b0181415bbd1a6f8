"""The portrait and the sound of an avatar: links, or files that are put into storage first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from byteplus_cli.generation.media import MEGABYTE, Kind, Source, image_of, sound_of

# VIS-GUIDE, S001 (2026-10-08): jpg, png and jfif, which is jpeg too; under 5 MB and 4096 pixels.
# No size is known for the sound, of which 60 s are the most: chosen far above that.
PORTRAIT = Kind(
    "image", ("jpeg", "png"), 5 * MEGABYTE - 1, assets=False, inline=False, sides=(1, 4095)
)
SPEECH = Kind("audio", ("mp3", "wav"), 30 * MEGABYTE, assets=False, inline=False)


def portrait_source(text: str, option: str) -> Source:
    """The picture that `text` names; raises InvalidRequest that names `option`."""
    return _to_upload(image_of(text, option, PORTRAIT))


def speech_source(text: str, option: str) -> Source:
    """The sound that `text` names, with its length where it is a file."""
    return _to_upload(sound_of(text, option, SPEECH))


def _to_upload(source: Source) -> Source:
    """A file is sent as a link to where it is put; a link is sent as it is."""
    if source.path is None:
        return source
    return replace(source, url=f"(upload of {Path(source.path).name})", to_upload=True)
