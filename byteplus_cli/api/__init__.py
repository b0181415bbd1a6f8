"""The services, and the only code that imports the official SDKs."""

import sys

# httpx brings a command line of its own, with Rich and Pygments: 50 ms of every start. Where that
# part cannot be imported, httpx takes it as not installed (httpx 0.28.1, 2026-11-26).
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
