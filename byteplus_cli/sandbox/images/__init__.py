"""Seedream: pictures, made while the caller waits for the answer."""
