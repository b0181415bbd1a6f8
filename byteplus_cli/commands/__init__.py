"""One file per word after `byteplus`."""
