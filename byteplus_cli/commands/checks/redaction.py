"""Keeps secrets out of what is shown, wherever a library's or a server's words repeat them."""

from __future__ import annotations

import re
from functools import cached_property

from byteplus_cli.config import mask
from byteplus_cli.errors import ByteplusError
from byteplus_cli.session import Session

_LOGIN = re.compile(r"(?<=://)[^/@\s]+(?=@)")
# Where the profile has no keys for storage.
OF_STORAGE = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
# A shorter one may be part of any word.
SHORTEST = 8


class Redaction:
    """What stands in place of the secrets of a run."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, text: str) -> str:
        """The text without keys, and without the login of an address."""
        for secret in self._secrets:
            text = text.replace(secret, mask(secret))
        return _LOGIN.sub("****", text)

    @cached_property
    def _secrets(self) -> list[str]:
        try:
            values = list(self._session.profile.values())
        except ByteplusError:
            return []  # what cannot be read is sent nowhere
        env = self._session.around.env
        secrets = [str(found.value) for found in values if found.setting.secret]
        secrets += [env.get(name, "") for name in OF_STORAGE]
        return sorted((each for each in secrets if len(each) >= SHORTEST), key=len, reverse=True)
