"""The services, and the only code that imports the official SDKs."""
