"""How fast each model of a batch may be asked, and how many of its rows may be open at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from byteplus_cli.commands.batches.rows import Planned
from byteplus_cli.generation.avatar.request import AvatarRequest
from byteplus_cli.generation.batch.lane import AHEAD, Lane
from byteplus_cli.generation.batch.pace import Pace
from byteplus_cli.generation.batch.shard import Shard
from byteplus_cli.generation.image.request import ImageRequest
from byteplus_cli.generation.video import VideoRequest
from byteplus_cli.generation.video_model import Limit, VideoModel
from byteplus_cli.generation.watch import Clocks
from byteplus_cli.session import Session

# What a model whose limits are not known is taken to allow: as the slowest of the known ones.
UNKNOWN = Limit(requests_per_minute=180, concurrency=10)
# Offline inference runs when there is room, so the more of it waits the better.
FLEX_WINDOW = 150
# A request for pictures is answered while the connection is open. Not documented; chosen.
PICTURES_AT_ONCE = 8
PICTURES_A_MINUTE = 60
# The Vision API makes one at a time (VIS-GUIDE).
AVATARS_A_MINUTE = 60


@dataclass
class Lanes:
    """The lanes of one run, made as its rows ask for them."""

    session: Session
    jobs: int | None
    shard: Shard
    clocks: Clocks
    _lanes: dict[str, Lane] = field(default_factory=dict)

    def all(self) -> list[Lane]:
        return list(self._lanes.values())

    def name_of(self, planned: Planned) -> str:
        """The lane of a row that is checked, which exists from now on."""
        request = planned.request
        if isinstance(request, AvatarRequest):
            return self._known("avatars", self._avatars)
        asked = request.request
        if isinstance(asked, ImageRequest):
            return self._known(asked.model, lambda name: self._pictures(name, asked))
        return self._clips(asked)

    def named(self, name: str) -> Lane:
        return self._lanes[name]

    def _known(self, name: str, make: Callable[[str], Lane]) -> str:
        if name not in self._lanes:
            self._lanes[name] = make(name)
        return name

    def _avatars(self, name: str) -> Lane:
        window = self.jobs or 1
        return Lane(name, window, self._pace(AVATARS_A_MINUTE), listed=False)

    def _pictures(self, name: str, request: ImageRequest) -> Lane:
        model = self.session.catalogue.known_image(request.model)
        a_minute = (model and model.images_per_minute) or PICTURES_A_MINUTE
        window = self.shard.share(self.jobs or PICTURES_AT_ONCE)
        return Lane(name, window, self._pace(a_minute / request.count), tracked=False)

    def _clips(self, request: VideoRequest) -> str:
        limit, own = _limit(self.session.catalogue.known_video(request.model), request.resolution)
        flex = request.service_tier == "flex"
        name = " ".join(
            part
            for part in (request.model, request.resolution if own else None, "flex" * flex)
            if part
        )

        def make(name: str) -> Lane:
            ahead = FLEX_WINDOW if flex else limit.concurrency + AHEAD
            window = self.shard.share(self.jobs or ahead)
            return Lane(name, window, self._pace(limit.requests_per_minute), flex=flex)

        return self._known(name, make)

    def _pace(self, per_minute: float) -> Pace:
        share = per_minute / self.shard.total
        return Pace(share, self.clocks.monotonic, self.clocks.sleep)


def _limit(model: VideoModel | None, resolution: str | None) -> tuple[Limit, bool]:
    """What a model allows, and whether that is for this resolution alone.

    Accounts differ, and the service does not say which this one is: so requests go at the pace
    of the slower, and as many wait as keep the places of the larger filled.
    """
    limits = model.limits if model else ()
    size = resolution or (model.resolution if model else None)
    own = [limit for limit in limits if size in limit.resolutions]
    fitting = own or [limit for limit in limits if not limit.resolutions] or [UNKNOWN]
    return Limit(
        requests_per_minute=min(limit.requests_per_minute for limit in fitting),
        concurrency=max(limit.concurrency for limit in fitting),
    ), bool(own)
