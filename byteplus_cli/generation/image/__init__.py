"""Pictures: what may be asked for and what it costs, how they are made, and how they are saved."""
