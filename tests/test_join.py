"""Clips become one film: every frame, a steady pace, and the sound beside its picture."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest

import clips
from byteplus_cli.generation.join import CannotJoin, Joined, join

B_FRAMES = {"preset": "medium"}
HEVC = {"encoder": "libx265", "pixels": "yuv420p10le"}
FRAME = 1 / 24
HALF_A_PACKET = 512 / 48000


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., Path]:
    """Writes a clip, and gives its path; the first is a.mp4, the second b.mp4."""

    def write(*content: bytes, **made: object) -> Path:
        path = tmp_path / f"{chr(97 + len(list(tmp_path.glob('?.mp4'))))}.mp4"
        path.write_bytes(content[0] if content else clips.clip(**made))
        return path

    return write


def moved(content: bytes, frames: Callable[[int], int]) -> bytes:
    """The clip with its frames at other times, counted in frames."""
    moved = io.BytesIO()
    with av.open(io.BytesIO(content)) as source, av.open(moved, "w", format="mp4") as copy:
        stream = copy.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.size:
                at = round(packet.pts * packet.time_base * 24)
                packet.time_base, packet.duration = Fraction(1, 24), 1
                packet.pts = packet.dts = frames(at)
                packet.stream = stream
                copy.mux(packet)
    return moved.getvalue()


def colours(film: Path) -> list[int]:
    """The colour of each frame, of 8 bits."""
    seen = []
    with av.open(film) as container:
        for frame in container.decode(video=0):
            sample = bytes(frame.planes[0])[:2]
            deep = frame.format.components[0].bits > 8
            seen.append(int.from_bytes(sample, "little") // 4 if deep else sample[0])
    return seen


def close(seen: list[int], made: list[int]) -> bool:
    return len(seen) == len(made) and all(abs(a - b) <= 2 for a, b in zip(seen, made, strict=True))


def fade(first: int, frames: int) -> list[int]:
    return [first + 3 * number for number in range(frames)]


def loud(film: Path) -> tuple[list[float], float]:
    """When the film's beeps begin, and when its sound ends, in seconds."""
    beeps: list[float] = []
    last = -1.0
    with av.open(film) as container:
        for frame in container.decode(audio=0):
            samples = struct.unpack(
                f"<{frame.samples}f", bytes(frame.planes[0])[: frame.samples * 4]
            )
            for number, sample in enumerate(samples):
                if abs(sample) > 0.15:
                    now = frame.time + number / frame.sample_rate
                    if now - last > 0.1:
                        beeps.append(now)
                    last = now
            end = frame.time + frame.samples / frame.sample_rate
    return beeps, end


@pytest.mark.parametrize("target", ["film.mp4", ".film.mov.part"])
@pytest.mark.parametrize("made", [{}, B_FRAMES, HEVC], ids=["plain", "B-frames", "HEVC"])
def test_a_film_has_every_frame_of_its_clips_at_a_steady_pace(
    made: dict[str, str], target: str, clip: Callable[..., Path], tmp_path: Path
) -> None:
    paths = [clip(first=first, sound=True, **made) for first in (20, 60, 100)]
    film = tmp_path / target
    assert join(paths, film) == Joined(72, 3.0)
    assert close(colours(film), fade(20, 24) + fade(60, 24) + fade(100, 24))
    with av.open(film) as container:
        times = [frame.pts * frame.time_base for frame in container.decode(video=0)]
        stream = container.streams.video[0]
        assert stream.frames == 72
        assert stream.duration * stream.time_base == 3
    assert times == [Fraction(number, 24) for number in range(72)]


def test_packets_are_in_order_and_in_front_of_them_is_the_index(
    clip: Callable[..., Path], tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    join([clip(sound=True, **B_FRAMES), clip(sound=True, **B_FRAMES)], film)
    with av.open(film) as container:
        for stream in container.streams:
            container.seek(-1_000_000)
            order = [(packet.dts, packet.pts) for packet in container.demux(stream) if packet.size]
            assert all(decoded <= shown for decoded, shown in order)
            assert all(a[0] < b[0] for a, b in pairwise(order))
    content = film.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_a_mov_is_made_for_a_name_of_a_mov(clip: Callable[..., Path], tmp_path: Path) -> None:
    path = clip(**HEVC)
    for name, brand in (("film.MOV", b"qt  "), ("film.mp4", b"isom"), (".film.part", b"isom")):
        join([path], tmp_path / name)
        assert (tmp_path / name).read_bytes()[8:12] == brand


@pytest.mark.parametrize("frames", [24, 22, 37])
@pytest.mark.parametrize("sound_seconds", [0.7, 1.0, 2.0])
def test_sound_begins_with_its_picture_however_long_it_is(
    frames: int, sound_seconds: float, clip: Callable[..., Path], tmp_path: Path
) -> None:
    path = clip(
        seconds=frames / 24, sound=True, sound_rate=48000, sound_seconds=sound_seconds, **B_FRAMES
    )
    film = tmp_path / "film.mp4"
    seconds = join([path] * 12, film).seconds
    beeps, end = loud(film)
    wanted = [number * frames / 24 for number in range(12)]
    assert len(beeps) == 12
    assert all(abs(a - b) < HALF_A_PACKET + 0.002 for a, b in zip(beeps, wanted, strict=True))
    if sound_seconds >= frames / 24:
        assert abs(end - seconds) <= FRAME / 2


def test_sound_has_no_gaps_where_there_is_enough(clip: Callable[..., Path], tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    join([clip(sound=True, sound_rate=48000, sound_seconds=1.3)] * 10, film)
    with av.open(film) as container:
        times = [packet.pts for packet in container.demux(audio=0) if packet.size]
    assert {b - a for a, b in pairwise(times)} == {1024}


def test_a_film_can_be_joined_again(clip: Callable[..., Path], tmp_path: Path) -> None:
    film, again = tmp_path / "film.mp4", tmp_path / "again.mp4"
    join([clip(sound=True, sound_rate=48000, **B_FRAMES)] * 3, film)
    assert join([film, film], again).frames == 144
    assert close(colours(again), fade(16, 24) * 6)
    assert len(loud(again)[0]) == 6


@pytest.mark.parametrize("options", [{"video_track_timescale": "1000"}, {"use_editlist": "0"}])
def test_clips_may_keep_time_in_another_way(
    options: dict[str, str], clip: Callable[..., Path], tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    one, other = clip(first=20, seconds=23 / 24, **B_FRAMES), clip(seconds=1, **B_FRAMES, **options)
    assert join([one, other, one], film).frames == 70
    assert close(colours(film), fade(20, 23) + fade(16, 24) + fade(20, 23))


def test_the_frame_before_a_seam_can_be_left_out(clip: Callable[..., Path], tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    made = ((20, 1.0), (89, 0.5), (122, 0.5))
    paths = [
        clip(first=first, seconds=seconds, sound=True, sound_rate=48000) for first, seconds in made
    ]
    assert join(paths, film, drop_seam=True) == Joined(23 + 11 + 12, 46 / 24)
    assert close(colours(film), fade(20, 46))
    beeps, end = loud(film)
    wanted = [0, 23 / 24, 34 / 24]
    assert all(abs(a - b) < HALF_A_PACKET + 0.002 for a, b in zip(beeps, wanted, strict=True))
    assert abs(end - 46 / 24) <= FRAME / 2


def test_a_last_frame_after_b_frames_can_be_left_out_if_it_is_stored_last(
    clip: Callable[..., Path], tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    one, other = (clip(first=first, seconds=22 / 24, **B_FRAMES) for first in (20, 83))
    assert join([one, other], film, drop_seam=True).frames == 43
    assert close(colours(film), fade(20, 43))


def test_a_last_frame_that_others_need_stays_and_nothing_is_written(
    clip: Callable[..., Path], tmp_path: Path
) -> None:
    path = clip(**B_FRAMES)
    with pytest.raises(CannotJoin, match=r"the last frame of .*a\.mp4 cannot go"):
        join([path, path], tmp_path / "film.mp4", drop_seam=True)
    assert not (tmp_path / "film.mp4").exists()


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"width": 128}, "frame size is 128x64, not 96x64"),
        ({"fps": 25}, "frame rate is 25, not 24"),
        ({"encoder": "libx265"}, "codec is hevc, not h264"),
        ({"pixels": "yuv422p"}, "pixel format is yuv422p, not yuv420p"),
        ({"sound": False}, "sound is none, not aac 16000 Hz mono"),
        ({"sound_rate": 48000}, "sound is aac 48000 Hz mono, not aac 16000 Hz mono"),
        ({"preset": "medium"}, "was encoded with other settings"),
    ],
)
def test_clips_that_differ_are_refused_by_name_and_nothing_is_written(
    other: dict[str, object], words: str, clip: Callable[..., Path], tmp_path: Path
) -> None:
    paths = [clip(sound=True), clip(**{"sound": True, **other})]
    with pytest.raises(CannotJoin) as refused:
        join(paths, tmp_path / "film.mp4")
    assert str(refused.value).startswith(f"{paths[1]} cannot follow {paths[0]}: it")
    assert str(refused.value).endswith(words)
    assert not (tmp_path / "film.mp4").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (clips.clip()[:-500], "(broken or cut off|codec is not known)"),
        (b"", "not an MP4 or MOV"),
        (b"<html>", "not an MP4 or MOV"),
        (moved(clips.clip(), lambda at: at + (at > 9)), "not come at a steady 24 a second"),
        (moved(clips.clip(), lambda at: at - 6), "hides what was cut off"),
    ],
    ids=["cut", "empty", "a page", "unsteady", "trimmed"],
)
def test_a_clip_that_is_not_whole_is_refused_by_name(
    content: bytes, words: str, clip: Callable[..., Path], tmp_path: Path
) -> None:
    paths = [clip(), clip(content)]
    with pytest.raises(CannotJoin, match=rf"b\.mp4 cannot be joined: .*({words})"):
        join(paths, tmp_path / "film.mp4")
    assert not (tmp_path / "film.mp4").exists()


def test_a_clip_that_lost_its_end_is_refused(clip: Callable[..., Path], tmp_path: Path) -> None:
    whole = tmp_path / "whole.mp4"
    join([clip(sound=True, **B_FRAMES)], whole)  # with its index in front, as services send it
    content = whole.read_bytes()
    for lost in range(1, len(content) - content.index(b"mdat") - 4, 7):
        cut = tmp_path / "cut.mp4"
        cut.write_bytes(content[:-lost])
        with pytest.raises(CannotJoin, match=r"cut\.mp4 cannot be joined: "):
            join([whole, cut], tmp_path / "film.mp4")


def test_a_clip_is_never_written_over(clip: Callable[..., Path]) -> None:
    paths = [clip(), clip()]
    with pytest.raises(CannotJoin, match="one of the clips"):
        join(paths, paths[1])
    assert paths[1].read_bytes() == clips.clip()


def test_no_clips_make_no_film(tmp_path: Path) -> None:
    with pytest.raises(CannotJoin, match="no clips"):
        join([], tmp_path / "film.mp4")
