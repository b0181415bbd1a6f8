"""Avatars: what may be asked for and what it costs, and how one is made and saved."""
