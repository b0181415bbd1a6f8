"""The way to the service, one part after another: proxy, name, certificate, clock."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from byteplus_cli.commands.checks.finding import Found, State
from byteplus_cli.commands.checks.words import export, set_clock, show_time, unset
from byteplus_cli.errors import ByteplusError, InvalidConfig
from byteplus_cli.session import Session
from byteplus_cli.terminal.layout import span

# Half of what signatures allow, and far more than clocks that are set by the network differ.
MOST_SKEW = 60
PROXY_HELP = "byteplus help environment"


def proxy(session: Session) -> Found:
    """Which proxy leads to which host."""
    from byteplus_cli.api.line import can_look_through, proxy_of, shown_proxy

    ways = {_host(url): proxy_of(url) for url in _addresses(session)}
    if not any(ways.values()):
        return Found(f"none, for {', '.join(ways)}")
    shown = {host: shown_proxy(way) if way else "none" for host, way in ways.items()}
    text = ", ".join(f"{way} for {host}" for host, way in shown.items())
    if all(can_look_through(way) for way in ways.values()):
        return Found(text)
    return Found(f"{text}; only http:// ones are looked through here", State.WARNING, PROXY_HELP)


def host(session: Session) -> Found:
    """Whether the name of the service, or of the proxy to it, is known."""
    from byteplus_cli.api.line import addresses, proxy_of, shown_proxy

    url = address(session)
    way = proxy_of(url)
    named = _host(way) if way else _host(url)
    try:
        found = addresses(url, way)
    except ByteplusError as error:
        error.hint = PROXY_HELP if way else mend(session, f"nslookup {named}")
        raise
    behind = f"; {_host(url)} is looked up by {shown_proxy(way)}" if way else ""
    return Found(f"{named} is {', '.join(found[:4])}{behind}")


def connection(session: Session) -> Found:
    """Whether the service answers, and who vouches that it is the service."""
    from byteplus_cli.api.line import Untrusted, can_look_through, certificate, proxy_of

    url = address(session)
    way = proxy_of(url)
    if not can_look_through(way):
        return Found("not looked at through this proxy")
    try:
        shown = certificate(url, way)
    except Untrusted as error:
        error.hint = show_time() if error.by_date else export("SSL_CERT_FILE", "CERTIFICATES.pem")
        raise
    except InvalidConfig as error:
        error.hint = unset("SSL_CERT_FILE" if os.environ.get("SSL_CERT_FILE") else "SSL_CERT_DIR")
        raise
    except ByteplusError as error:
        error.hint = mend(session, PROXY_HELP)
        raise
    if shown is None:
        return Found(f"{_host(url)} answers, not encrypted")
    days = span(shown.until - session.around.now())
    own = os.environ.get("SSL_CERT_FILE")
    trusted = f", trusted by {own}" if own else ""
    return Found(f"{_host(url)}, certificate from {shown.issuer}, good for {days}{trusted}")


def clock(session: Session) -> Found:
    """Whether this machine's clock is that of the service."""
    from byteplus_cli.api.line import can_look_through, proxy_of, server_time

    url = address(session)
    way = proxy_of(url)
    if not can_look_through(way):
        return Found("not looked at through this proxy", State.SKIPPED)
    before = session.around.now()
    try:
        theirs = server_time(url, way)
    except ByteplusError as error:
        error.hint = mend(session, PROXY_HELP)
        raise
    if theirs is None:
        return Found(f"{_host(url)} does not tell its time", State.SKIPPED)
    # Half the way there and back; the header knows no parts of a second.
    skew = (before + session.around.now()) / 2 - theirs - 0.5
    if abs(skew) <= MOST_SKEW:
        return Found(f"within {max(1, round(abs(skew)))} s of {_host(url)}")
    wrong = f"{span(abs(skew))} {'ahead of' if skew > 0 else 'behind'} {_host(url)}"
    what = "keys for avatars and signed links do not work then"
    return Found(f"{wrong}: {what}", State.WARNING, set_clock())


def address(session: Session) -> str:
    """Where ModelArk is for this profile."""
    if session.profile.is_sandbox:
        return session.sandbox.base_url
    return str(session.profile.get("base_url"))


def _addresses(session: Session) -> list[str]:
    """Where this profile sends something: ModelArk, and what else is set up."""
    profile = session.profile
    others = []
    if profile.find("access_key"):
        others.append(profile.get("vision_url"))
    if profile.find("storage.url"):
        others.append(profile.get("storage.endpoint"))
    return [address(session), *(str(other) for other in others if other)]


def _host(url: str) -> str:
    """Host and port, without a login that may stand before them."""
    place = urlsplit(url).netloc.rpartition("@")[2]
    return place or url


def mend(session: Session, otherwise: str) -> str:
    """What to type where the service is not found: its own address was moved by somebody."""
    found = session.profile.find("base_url")
    if found is None or session.profile.is_sandbox or found.origin == "built-in":
        return otherwise
    if found.origin in found.setting.env:
        return unset(found.origin)
    return session.resume_words("config unset base_url")
