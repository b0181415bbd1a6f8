"""`byteplus config`: keys, profiles and defaults."""

from typing import Annotated

import typer

from byteplus_cli import config as settings
from byteplus_cli.commands.leaf import Leaf, words
from byteplus_cli.errors import InvalidConfig
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import table

app = words(
    """Keys, profiles and defaults.

    \b
    Examples:
      byteplus config init
      byteplus config set video.model seedance-2.0
      byteplus config list
    """
)

Key = Annotated[str, typer.Argument(metavar="KEY", help="A setting, such as video.model.")]
NewValue = Annotated[
    str | None, typer.Argument(metavar="[VALUE]", help="Left out for a secret: it is asked for.")
]
ProfileName = Annotated[str, typer.Argument(metavar="PROFILE", help="The profile's name.")]


@app.command(cls=Leaf)
def init(ctx: typer.Context) -> None:
    """Store an API key, the first step with the real service.

    \b
    Example:
      byteplus config init
    """
    session: Session = ctx.obj
    session.terminal.note(
        "An API key is made in the ModelArk console. It is stored, for you alone, in"
    )
    session.terminal.note(f"  {session.config.path}")
    _store(session, settings.setting("api_key"), None)
    session.terminal.note('next: byteplus video create "a red fox in the snow"')


@app.command("list", cls=Leaf)
def list_(ctx: typer.Context) -> None:
    """Every setting of the profile, with where it comes from.

    \b
    Examples:
      byteplus config list
      byteplus config list -p work --json
    """
    session: Session = ctx.obj
    values = list(session.profile.values())
    rows = [(found.setting.key, found.origin, found.shown) for found in values]
    lines = table(("SETTING", "FROM", "VALUE"), rows, width=None)
    items = [
        {"key": found.setting.key, "value": _plain(found), "origin": found.origin}
        for found in values
    ]
    name = session.profile.name
    session.terminal.note(f"profile {name} in {session.config.path}")
    session.terminal.result(lines, {"schema": "byteplus.config/1", "profile": name, "items": items})


@app.command(cls=Leaf)
def get(ctx: typer.Context, key: Key) -> None:
    """One setting of the profile.

    \b
    Examples:
      byteplus config get video.model
      byteplus config get output -p work
    """
    session: Session = ctx.obj
    found = session.profile.find(settings.setting(key).key)
    if found is None:
        raise InvalidConfig(
            f"{key} is not set in profile {session.profile.name}",
            hint=f"byteplus config set {key}",
        )
    document = {"key": key, "value": _plain(found), "origin": found.origin}
    session.terminal.result([found.shown], {"schema": "byteplus.setting/1", **document})


@app.command("set", cls=Leaf)
def set_(ctx: typer.Context, key: Key, value: NewValue = None) -> None:
    """Set a value in the profile. A secret is asked for, or read from standard input.

    \b
    Examples:
      byteplus config set video.model seedance-2.0
      byteplus config set api_key -p work
      pass show byteplus | byteplus config set api_key
    """
    _store(ctx.obj, settings.setting(key), value)


@app.command(cls=Leaf)
def unset(ctx: typer.Context, key: Key) -> None:
    """Remove a value from the profile.

    \b
    Example:
      byteplus config unset video.model
    """
    session: Session = ctx.obj
    profile, known = session.profile.name, settings.setting(key).key
    settings.change(session.config, profile, known, None)
    _tell(session, f"{known} is not set in profile {profile} any more", profile, known)


@app.command(cls=Leaf)
def use(ctx: typer.Context, profile: ProfileName) -> None:
    """Make a profile the default one.

    \b
    Example:
      byteplus config use work
    """
    session: Session = ctx.obj
    chosen = session.config.profile(profile).name
    settings.change_default(session.config, chosen)
    _tell(session, f"{chosen} is the default profile", chosen, "default_profile")


@app.command(cls=Leaf)
def path(ctx: typer.Context) -> None:
    """Where config.toml is.

    \b
    Example:
      byteplus config path
    """
    session: Session = ctx.obj
    # Not read: a file that is broken is looked for most of all.
    location = str(settings.config_file(session.around.env))
    session.terminal.result([location], {"schema": "byteplus.path/1", "path": location})


def _store(session: Session, setting: settings.Setting, text: str | None) -> None:
    if setting.secret and text is not None:
        raise InvalidConfig(
            "a secret is never a command-line argument, where other users could see it",
            hint=f"byteplus config set {setting.key}   (asks for it, or reads standard input)",
        )
    if text is None and not setting.secret:
        raise InvalidConfig(
            f"no value for {setting.key}", hint=f"byteplus config set {setting.key} VALUE"
        )
    source = "standard input" if text is None else "config set"
    if text is None:
        text = session.terminal.secret(f"{setting.key} (not shown): ")
    value = settings.parse(setting, text, source)
    if not setting.secret:
        from byteplus_cli.commands.setting_checks import check

        check(session, setting.key, value)
    name = session.target_profile
    settings.change(session.config, name, setting.key, value)
    _tell(session, f"{setting.key} is set in profile {name}", name, setting.key)


def _tell(session: Session, words: str, profile: str, key: str) -> None:
    """A change is a document too, with no value in it that might be a secret."""
    session.terminal.note(words)
    session.terminal.result([], {"schema": "byteplus.changed/1", "profile": profile, "key": key})


def _plain(found: settings.Value) -> settings.Scalar:
    return found.shown if found.setting.secret else found.value
