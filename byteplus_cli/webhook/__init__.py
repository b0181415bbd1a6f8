"""Callbacks of the service: taken, looked up, saved and passed on; and a test one to send."""
