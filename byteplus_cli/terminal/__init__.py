"""Everything that is said: results on stdout, all else on stderr."""

from byteplus_cli.terminal.sink import Terminal

__all__ = ["Terminal"]
