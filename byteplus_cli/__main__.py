"""The way in; what can be answered without loading anything is answered here."""

import os
import sys


def main() -> int:
    """Run the command line in `sys.argv`; gives the exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from byteplus_cli import __version__

        sys.stdout.write(f"byteplus {__version__}\n")
        return 0
    return _start()


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
