"""What `byteplus doctor` looks at, one file for each part of it."""
