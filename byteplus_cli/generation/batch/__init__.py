"""Many jobs from one manifest: read, told apart by content, paced, watched together and saved."""
