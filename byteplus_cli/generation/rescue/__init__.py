"""Whatever is finished and was never saved here: found, put in order, and saved."""
