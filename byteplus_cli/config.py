"""Settings and profiles: option > environment > profile > built-in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from byteplus_cli.errors import InvalidConfig

SANDBOX = "sandbox"
DEFAULT_PROFILE = "default"
# The Asia-Pacific data plane, the only one with video (official documentation, 2026-10-08).
BASE_URL = "https://ark.ap-southeast.bytepluses.com/api/v3"
VISION_URL = "https://cv.byteplusapi.com"

Scalar = str | int | float | bool

# These classes are loaded by every command: named tuples are made five times faster than
# dataclasses (measured with CPython 3.11).


class Setting(NamedTuple):
    """One key of a profile: where else it may come from and what it may hold."""

    key: str
    env: tuple[str, ...] = ()
    type: type = str
    default: Scalar | None = None
    secret: bool = False


class Value(NamedTuple):
    """A setting as it stands for this run, with where it came from."""

    setting: Setting
    value: Scalar
    origin: str

    @property
    def shown(self) -> str:
        """The value as it may be printed: of a secret only the last four characters."""
        if self.setting.secret:
            return mask(str(self.value))
        return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)


SETTINGS: dict[str, Setting] = {
    setting.key: setting
    for setting in (
        Setting("api_key", env=("ARK_API_KEY",), secret=True),
        Setting("access_key", env=("BYTEPLUS_ACCESS_KEY", "BYTEPLUS_ACCESSKEY"), secret=True),
        Setting("secret_key", env=("BYTEPLUS_SECRET_KEY", "BYTEPLUS_SECRETKEY"), secret=True),
        Setting("base_url", env=("ARK_BASE_URL",), default=BASE_URL),
        Setting("vision_url", env=("BYTEPLUS_VISION_URL",), default=VISION_URL),
        Setting("output", env=("BYTEPLUS_OUTPUT",)),
        Setting("max_cost", type=float),
        Setting("confirm_above", type=float, default=10.0),
        Setting("progress", env=("BYTEPLUS_PROGRESS",), default="auto"),
        Setting("notify", env=("BYTEPLUS_NOTIFY",), type=bool),
        Setting("video.model", default="seedance-1-0-pro-fast-251015"),
        Setting("video.resolution"),
        Setting("video.ratio"),
        Setting("video.duration", type=int),
        Setting("video.camera_fixed", type=bool),
        Setting("video.audio", type=bool),
        Setting("video.watermark", type=bool),
        Setting("video.save_last_frame", type=bool),
        Setting("video.priority", type=int),
        Setting("video.flex", type=bool),
        Setting("video.expires_after"),
        Setting("video.callback_url"),
        Setting("video.safety_id"),
        Setting("image.model", default="seedream-4-0-250828"),
        Setting("image.size"),
        Setting("image.ratio"),
        Setting("image.watermark", type=bool),
        Setting("image.format"),
        Setting("avatar.model", default="1.5"),
        Setting("avatar.resolution", type=int),
        Setting("storage.url"),
        Setting("storage.endpoint"),
        Setting("storage.region"),
        Setting("storage.access_key", secret=True),
        Setting("storage.secret_key", secret=True),
    )
}


def is_loopback(url: str) -> bool:
    """Whether a URL points to this machine, where no proxy and no foreign host can be meant."""
    from urllib.parse import urlsplit

    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def mask(secret: str) -> str:
    """A secret as it may be shown: dots and its last four characters."""
    return "****" + (secret[-4:] if len(secret) > 8 else "")


def setting(key: str) -> Setting:
    """The setting of that name; raises InvalidConfig that names the nearest known one."""
    if key in SETTINGS:
        return SETTINGS[key]
    raise InvalidConfig(f"unknown setting {key}", hint=nearest(key, SETTINGS))


def checked_name(name: str) -> str:
    """`name` if a profile can be called that; raises InvalidConfig."""
    if name.replace("-", "").replace("_", "").isalnum() and name.isascii():
        return name
    raise InvalidConfig(f"not a profile name: {name}", hint="letters, digits, - and _ only")


def nearest(word: str, known: Mapping[str, object] | list[str]) -> str | None:
    """A hint with the known word most like `word`, if any is close."""
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"did you mean {close[0]}?" if close else None


def parse(setting: Setting, text: str, source: str) -> Scalar:
    """The value that `text` stands for; `source` names where it was read, for the error."""
    text = text.strip()
    if setting.type is bool:
        if text.lower() in ("true", "yes", "on", "1"):
            return True
        if text.lower() in ("false", "no", "off", "0"):
            return False
        raise InvalidConfig(f"{source}: {setting.key} must be true or false, not {text}")
    if setting.type in (int, float):
        try:
            return _finite(setting.type(text))
        except ValueError:
            raise InvalidConfig(f"{source}: {setting.key} must be a number, not {text}") from None
    return _single_line(setting, text, source)


def _finite(number: Scalar) -> Scalar:
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError(number)
    return number


def _single_line(setting: Setting, text: str, source: str) -> str:
    # A line break in a key would end the HTTP header it is sent in.
    if not text:
        raise InvalidConfig(f"{source}: {setting.key} is empty")
    if not text.isprintable() or (setting.secret and not text.isascii()):
        raise InvalidConfig(f"{source}: {setting.key} holds characters that cannot be sent")
    return text


def _typed(setting: Setting, value: object, source: str) -> Scalar:
    if isinstance(value, str):
        return parse(setting, value, source)
    if setting.type is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if type(value) is setting.type:
        return value  # type: ignore[return-value]
    raise InvalidConfig(f"{source}: {setting.key} must be of type {setting.type.__name__}")


class Config(NamedTuple):
    """config.toml as read, and the environment beside it."""

    path: Path
    env: Mapping[str, str]
    default_profile: str
    profiles: Mapping[str, Mapping[str, Scalar]]

    @classmethod
    def load(cls, env: Mapping[str, str]) -> Config:
        """Read config.toml; raises InvalidConfig naming the file and what is wrong in it."""
        path = config_file(env)
        document = read_document(path)
        profiles = {
            name: dict(_flatten(table, f"{path}, profile {name}"))
            for name, table in _tables(document, path).items()
        }
        return cls(path, env, str(document.get("default_profile", DEFAULT_PROFILE)), profiles)

    def profile(self, chosen: str | None = None) -> Profile:
        """The profile of this run: `--profile`, BYTEPLUS_PROFILE, default_profile, `default`."""
        name = chosen or self.env.get("BYTEPLUS_PROFILE") or self.default_profile
        if name not in self.profiles and name not in (DEFAULT_PROFILE, SANDBOX):
            raise InvalidConfig(
                f"no profile {name} in {self.path}",
                hint=nearest(name, [*self.profiles, SANDBOX])
                or f"byteplus config set api_key -p {name}",
            )
        return Profile(self, name, explicit=chosen is not None)


class Profile(NamedTuple):
    """The settings of one run. A profile named on the command line goes before the environment."""

    config: Config
    name: str
    explicit: bool = False

    @property
    def is_sandbox(self) -> bool:
        return self.name == SANDBOX

    def find(self, key: str) -> Value | None:
        """The setting's value and origin, or None if nothing sets it."""
        wanted = SETTINGS[key]
        sources = [self._from_environment, self._from_file]
        for source in reversed(sources) if self.explicit else sources:
            if found := source(wanted):
                return found
        if wanted.default is None:
            return None
        return Value(wanted, wanted.default, "built-in")

    def get(self, key: str) -> Any:
        """The setting's value, or None."""
        found = self.find(key)
        return found.value if found else None

    @property
    def output(self) -> str | None:
        """Where to save; `~` is the home folder here, since no shell has read it."""
        place = self.get("output")
        return None if place is None else os.path.expanduser(place)  # noqa: PTH111 - keeps a final /

    def values(self) -> Iterator[Value]:
        """Everything that is set, in the order of the settings."""
        return (found for key in SETTINGS if (found := self.find(key)))

    def _from_environment(self, wanted: Setting) -> Value | None:
        # The sandbox is a place of its own: no key or host of the real service applies there.
        if self.is_sandbox and wanted.key not in ("output", "progress", "notify"):
            return None
        for name in wanted.env:
            if text := self.config.env.get(name, "").strip():
                return Value(wanted, parse(wanted, text, name), name)
        return None

    def _from_file(self, wanted: Setting) -> Value | None:
        value = self.config.profiles.get(self.name, {}).get(wanted.key)
        return None if value is None else Value(wanted, value, f"profile {self.name}")


def config_folder(env: Mapping[str, str]) -> Path:
    """Where config.toml lives; BYTEPLUS_CONFIG_DIR moves it."""
    if moved := env.get("BYTEPLUS_CONFIG_DIR"):
        return Path(moved).expanduser()
    from platformdirs import user_config_path

    return user_config_path("byteplus", appauthor=False)


def config_file(env: Mapping[str, str]) -> Path:
    """Where config.toml is, or would be."""
    return config_folder(env) / "config.toml"


def state_folder(env: Mapping[str, str]) -> Path:
    """Where the ledger and the sandbox live; BYTEPLUS_STATE_DIR moves it."""
    if moved := env.get("BYTEPLUS_STATE_DIR"):
        return Path(moved).expanduser()
    from platformdirs import user_state_path

    return user_state_path("byteplus", appauthor=False)


def read_document(path: Path) -> dict[str, Any]:
    """config.toml as a plain document; an absent file is an empty one."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfig(f"cannot read {path}: {error}") from error
    # Where no settings are needed, it would only take time.
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidConfig(f"{path}: {error}", hint="mend the file, or move it away") from error


def write_document(path: Path, document: Mapping[str, Any]) -> None:
    """Replace config.toml in one step, readable by its owner alone."""
    import tempfile

    import tomli_w

    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".config-")  # created 0600
        with os.fdopen(handle, "wb") as file:
            tomli_w.dump(document, file)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).replace(path)
    except OSError as error:
        raise InvalidConfig(f"cannot write {path}: {error.strerror}") from error


def change(config: Config, profile: str, key: str, value: Scalar | None) -> None:
    """Set one key of a profile in config.toml, or remove it with None."""
    document = read_document(config.path)
    table = document.setdefault("profiles", {}).setdefault(profile, {})
    *parents, last = key.split(".")
    for parent in parents:
        table = table.setdefault(parent, {})
    if value is None:
        table.pop(last, None)
    else:
        table[last] = value
    write_document(config.path, document)


def change_default(config: Config, profile: str) -> None:
    """Make `profile` the one that runs use when none is named."""
    document = read_document(config.path)
    write_document(config.path, {**document, "default_profile": profile})


def _tables(document: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    for key in document:
        if key not in ("default_profile", "profiles"):
            raise InvalidConfig(
                f"{path}: unknown key {key}", hint=nearest(key, ["default_profile", "profiles"])
            )
    profiles = document.get("profiles", {})
    if not isinstance(profiles, dict) or not all(isinstance(t, dict) for t in profiles.values()):
        raise InvalidConfig(f"{path}: profiles must be tables, such as [profiles.work]")
    return profiles


def _flatten(
    table: Mapping[str, Any], source: str, prefix: str = ""
) -> Iterator[tuple[str, Scalar]]:
    for name, value in table.items():
        key = prefix + name
        if isinstance(value, dict) and not prefix:
            yield from _flatten(value, source, f"{name}.")
        elif key in SETTINGS:
            yield key, _typed(SETTINGS[key], value, source)
        else:
            raise InvalidConfig(f"{source}: unknown setting {key}", hint=nearest(key, SETTINGS))
