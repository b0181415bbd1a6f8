"""Several clips made one film, without encoding anything again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from byteplus_cli.generation.clip import HEAD, Unreadable, bearing_any_tags, sniff

if TYPE_CHECKING:  # PyAV takes longer to load than most commands take to run
    from av import AudioStream, Packet, VideoStream
    from av.container import InputContainer, OutputContainer
    from av.stream import Stream


class CannotJoin(ValueError):
    """The clips do not make one film; the text names the clip and says why."""


@dataclass(frozen=True)
class Joined:
    """A film on disk: every frame of its clips, less one a seam if that was asked for."""

    frames: int
    seconds: float


@dataclass(frozen=True)
class _Form:
    """What all clips of a film must have in common."""

    codec: str
    size: str
    pixels: str
    rate: Fraction
    sound: str
    samples: int  # of sound in a second; 0 without any
    settings: tuple[bytes | None, ...]


_WORDS = {
    "codec": "codec",
    "size": "frame size",
    "pixels": "pixel format",
    "rate": "frame rate",
    "sound": "sound",
}


@dataclass(frozen=True)
class _Take:
    """One clip, and where each of its packets belongs, in the order of the file."""

    path: Path
    clip: InputContainer
    form: _Form
    frames: tuple[int, ...]  # each frame's place among the frames as they are shown
    sounds: tuple[int, ...]  # samples from the first frame to each packet of sound
    grain: int  # samples in a packet of sound

    @property
    def delay(self) -> int:
        """How many frames later than its place a frame may be stored."""
        return max(stored - shown for stored, shown in enumerate(self.frames))

    @property
    def lead(self) -> int:
        """Samples from the first frame to the first packet of sound that is of use.

        Mostly below zero: a packet of AAC is decoded with the help of the one before it.
        """
        return next((sound for sound in self.sounds if sound + 2 * self.grain > 0), 0)


@dataclass(frozen=True)
class _Scene:
    """A clip with its places in the film."""

    take: _Take
    start: int  # its first frame
    sounds: tuple[int | None, ...]  # the sample where each packet starts; None is left out


def join(clips: Sequence[Path], target: Path, *, drop_seam: bool = False) -> Joined:
    """Write the clips to `target`, each starting on the frame after the last of the one before.

    Sound that runs on past its picture is cut, to the nearest packet; where it ends early there
    is a gap. So sound is at most half a packet beside its picture (11 ms in AAC of 48 kHz), and
    that does not add up from clip to clip.

    `drop_seam` is for clips that begin on the frame that the one before ended on, to show it
    once: the last frame of every clip but the last is left out, which makes as many frames fewer
    as there are seams. The repeated frame has to stay, as the rest of its clip is decoded from
    it. The last frame has to stay too if a frame shown before it is decoded from it.

    The film is a MOV if `.mov` is among the suffixes of `target`, else an MP4. Nothing is written
    before every clip was read and found to fit. Raises CannotJoin and OSError, and may leave a
    broken `target` behind.
    """
    if not clips:
        raise CannotJoin("there are no clips to join")
    if target.exists() and any(target.samefile(path) for path in clips):
        raise CannotJoin(f"{target} is one of the clips to join")
    with ExitStack() as opened:
        takes = [_take(path, opened) for path in clips]
        for take in takes[1:]:
            _check_alike(take, takes[0])
        if drop_seam:
            takes = [*map(_without_last, takes[:-1]), takes[-1]]
        _write(list(_scenes(takes)), target)
    frames = sum(len(take.frames) for take in takes)
    return Joined(frames, float(frames / takes[0].form.rate))


def _take(path: Path, opened: ExitStack) -> _Take:
    """What there is to know of a clip, which stays open: to open one takes long."""
    import av

    file = opened.enter_context(path.open("rb"))
    try:
        if sniff(file.read(HEAD)) not in ("mp4", "mov"):
            raise Unreadable("it is not an MP4 or MOV")
        file.seek(0)
        # An open file and a format, so that no file name can mean a protocol or a pattern.
        clip = av.open(file, "r", format="mov", **bearing_any_tags())
        return _read(path, opened.enter_context(clip))
    except Unreadable as error:
        raise CannotJoin(f"{path} cannot be joined: {error}") from error
    except av.InvalidDataError as error:
        raise CannotJoin(f"{path} cannot be joined: its contents are broken or cut off") from error


def _read(path: Path, clip: InputContainer) -> _Take:
    video, audio = _streams(clip)
    shown: list[int] = []
    heard: list[int] = []
    grain = 0
    for packet in _packets(clip):
        if packet.is_corrupt:
            raise Unreadable("its contents are broken or cut off")
        if packet.stream is audio:
            heard.append(packet.pts or 0)
            grain = max(grain, packet.duration or 0)
        else:
            _check_frame(packet, first=not shown)
            shown.append(packet.pts or 0)
    listed = sum(len(stream.index_entries) for stream in (video, audio) if stream)
    if not shown or len(shown) + len(heard) < listed:
        raise Unreadable("frames or sound are missing at its end")
    form = _form(video, audio)
    begin = min(shown) * _tick(video)
    frames = _in_steps(shown, begin, _tick(video), form.rate)
    if frames[0] != 0:
        raise Unreadable("its first frame does not stand alone")
    if sorted(frames) != list(range(len(frames))):
        raise Unreadable(f"its frames do not come at a steady {form.rate} a second")
    if audio is None:
        return _Take(path, clip, form, frames, (), 0)
    sounds = _in_steps(heard, begin, _tick(audio), form.samples)
    return _Take(path, clip, form, frames, sounds, round(grain * _tick(audio) * form.samples))


def _in_steps(
    times: list[int], begin: Fraction, tick: Fraction, rate: Fraction | int
) -> tuple[int, ...]:
    """Times in ticks, as steps of 1/rate s since `begin` (in seconds)."""
    scale, shift = float(tick * rate), float(begin * rate)
    return tuple(round(time * scale - shift) for time in times)


def _fraction(rate: Any) -> Fraction:
    """A rate as an exact number, whatever class this release of PyAV has for it."""
    return Fraction(rate.numerator, rate.denominator) if rate else Fraction(0)


def _streams(clip: InputContainer) -> tuple[VideoStream, AudioStream | None]:
    """The picture and the sound, the first of each."""
    if not clip.streams.video:
        raise Unreadable("there is no picture in it")
    video, audio = clip.streams.video[0], next(iter(clip.streams.audio), None)
    # A codec that PyAV does not know leaves its stream without a context.
    if video.codec_context is None or (audio and audio.codec_context is None):
        raise Unreadable("its codec is not known")
    return video, audio


def _packets(clip: InputContainer) -> Iterator[Packet[Stream]]:
    video, audio = _streams(clip)
    for packet in clip.demux(*filter(None, (video, audio))):
        if packet.size:  # demuxing ends on an empty packet for each stream
            yield packet


def _rewind(clip: InputContainer) -> None:
    """Go back to before the first packet.

    All streams are put to where the one that is sought in begins, so it is to be the earliest.
    """
    streams = [stream for stream in _streams(clip) if stream and len(stream.index_entries)]
    earliest = min(streams, key=lambda stream: _begin(stream) * _tick(stream))
    clip.seek(_begin(earliest) - 1, stream=earliest)


def _begin(stream: VideoStream | AudioStream) -> int:
    return stream.index_entries[0].timestamp


def _tick(stream: VideoStream | AudioStream) -> Fraction:
    """Seconds in a step of the stream's own clock."""
    return _fraction(stream.time_base) or Fraction(1)


def _form(video: VideoStream, audio: AudioStream | None) -> _Form:
    picture, sound = video.codec_context, audio.codec_context if audio else None
    return _Form(
        codec=picture.name,
        size=f"{picture.width}x{picture.height}",
        pixels=picture.pix_fmt or "unknown",
        # The rate that the header gives is off where its clock cannot count it.
        rate=_fraction(video.guessed_rate),
        sound=f"{sound.name} {sound.rate} Hz {sound.layout.name}" if sound else "none",
        samples=sound.rate if sound else 0,
        settings=(picture.extradata, sound.extradata if sound else None),
    )


def _check_frame(packet: Packet[Stream], *, first: bool) -> None:
    if packet.is_discard:
        raise Unreadable("it was cut without being encoded again, and hides what was cut off")
    if first and not packet.is_keyframe:
        raise Unreadable("its first frame does not stand alone")


def _check_alike(take: _Take, first: _Take) -> None:
    for field, words in _WORDS.items():
        mine, theirs = getattr(take.form, field), getattr(first.form, field)
        if mine != theirs:
            raise CannotJoin(
                f"{take.path} cannot follow {first.path}: its {words} is {mine}, not {theirs}"
            )
    if take.form.settings != first.form.settings:
        raise CannotJoin(
            f"{take.path} cannot follow {first.path}: it was encoded with other settings"
        )


def _without_last(take: _Take) -> _Take:
    # Frames that are stored after another one may be decoded from it, those before it are not.
    if take.frames[-1] != len(take.frames) - 1 or len(take.frames) == 1:
        raise CannotJoin(f"the last frame of {take.path} cannot go: others are decoded from it")
    return replace(take, frames=take.frames[:-1])


def _scenes(takes: list[_Take]) -> Iterator[_Scene]:
    """Each clip with its places, the picture without a gap and the sound beside it."""
    rate, samples = takes[0].form.rate, takes[0].form.samples
    start, heard = 0, takes[0].lead
    for take, following in zip(takes, [*takes[1:], None], strict=True):
        end = start + len(take.frames)
        until = round(end / rate * samples) + min(following.lead if following else 0, 0)
        sounds = _sounds(take, round(start / rate * samples), heard, until)
        heard = max((sound + take.grain for sound in sounds if sound is not None), default=heard)
        yield _Scene(take, start, sounds)
        start = end


def _sounds(take: _Take, start: int, heard: int, until: int) -> tuple[int | None, ...]:
    """Where the packets of sound go: at `start`, after all that was `heard`, but only `until`.

    They follow on what was heard if that is less than half a packet off, as decoders do not
    tell a smaller gap from none, and would add one up with the next.
    """
    half = take.grain // 2
    wanted = start + take.lead
    shift = (wanted if wanted > heard + half else heard) - take.lead
    return tuple(
        sound + shift if sound >= take.lead and sound + shift + half <= until else None
        for sound in take.sounds
    )


def _write(scenes: list[_Scene], target: Path) -> None:
    import av

    format = "mov" if ".mov" in map(str.lower, target.suffixes) else "mp4"
    delay = max(scene.take.delay for scene in scenes)
    options = {"movflags": "faststart"}
    with av.open(str(target.absolute()), "w", format=format, options=options) as film:
        _add_streams(film, scenes[0].take)
        for scene in scenes:
            _copy(scene, film, delay)


def _add_streams(film: OutputContainer, take: _Take) -> None:
    video, audio = _streams(take.clip)
    try:
        picture = film.add_stream_from_template(video, opaque=True)
        if take.form.codec == "hevc":
            # Apple's players take it as hvc1 only, which is not what it would be called here.
            picture.codec_tag = video.codec_tag
        picture.time_base = 1 / take.form.rate
        if audio:
            film.add_stream_from_template(audio)
    except ValueError as error:
        raise CannotJoin(f"{take.path} cannot be joined: {error}") from error


def _copy(scene: _Scene, film: OutputContainer, delay: int) -> None:
    take = scene.take
    video, _ = _streams(take.clip)
    per_frame, per_sample = 1 / take.form.rate, Fraction(1, take.form.samples or 1)
    frames, sounds = iter(enumerate(take.frames)), iter(scene.sounds)
    _rewind(take.clip)
    for packet in _packets(take.clip):
        if packet.stream is not video:
            if (place := next(sounds, None)) is not None:
                packet.pts = packet.dts = place
                packet.duration, packet.time_base = take.grain, per_sample
                packet.stream = film.streams.audio[0]
                film.mux(packet)
        elif frame := next(frames, None):
            stored, shown = frame
            packet.pts, packet.dts = scene.start + shown, scene.start + stored - delay
            packet.duration, packet.time_base = 1, per_frame
            packet.stream = film.streams.video[0]
            film.mux(packet)
    if [*frames, *sounds]:
        raise CannotJoin(f"{take.path} cannot be joined: it changed while it was read")
