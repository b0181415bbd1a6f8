"""What a generation is and how it is carried out: no Typer, no Rich, no SDK."""
