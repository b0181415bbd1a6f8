"""What this machine has made: found again, added up, and told how to make once more."""
