"""The command line for BytePlus video, pictures and talking avatars."""

__version__ = "0.1.0"
