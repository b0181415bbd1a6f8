"""The way in; what can be answered without loading anything is answered here."""

import os
import sys


def main() -> int:
    """Run the command line in `sys.argv`; gives the exit code."""
    words = sys.argv[1:]
    if words[:1] == ["__complete"]:
        from byteplus_cli.doors import completion

        os._exit(completion.main(words[1:]))
    try:
        if text := _ready_made(words):
            sys.stdout.write(text)
            sys.stdout.flush()
            os._exit(0)
    except (AttributeError, OSError, ValueError):
        pass  # whatever is wrong with stdout, what is loaded now has the words for it
    return _start()


def _ready_made(words: list[str]) -> str | None:
    """The whole answer to a command line that takes no thought."""
    if words in (["--version"], ["-V"]):
        from byteplus_cli import __version__

        return f"byteplus {__version__}\n"
    if not words or words[-1] in ("--help", "-h"):
        from byteplus_cli.doors import manual

        return manual.page(words[:-1], os.environ)
    if words[0] == "completion" and len(words) == 2:
        from byteplus_cli.doors import scripts

        return scripts.script(words[1]) if words[1] in scripts.SCRIPTS else None
    return None


def _start() -> int:
    # Nothing made at start-up is garbage, and looking for some costs a tenth of the time.
    import gc
    import signal

    # Until our own way of leaving is set up, Ctrl-C ends the process with no traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.disable()
    from byteplus_cli.cli import run

    gc.freeze()
    gc.enable()
    code = run(sys.argv[1:])
    # All is written and closed by now; taking the modules apart would only keep the user waiting.
    os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
