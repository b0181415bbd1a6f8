"""What is answered before Typer is loaded, for shells and readers that will not wait for it."""
