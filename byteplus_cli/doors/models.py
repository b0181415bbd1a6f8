"""What completion knows of the models: the ready made table, or one with the user's own in it."""

from __future__ import annotations

import os

PACKAGE = os.path.dirname(os.path.dirname(__file__))
TABLE = os.path.join(PACKAGE, "generation", "model_words.tsv")
# The columns.
KIND, STATE, ID, NAMES, EVERY_NAME, SHAPES, RATIOS, SAID = range(8)

Row = list[str]


def rows(config_folder: str, kind: str) -> list[Row]:
    """A row for each model of a kind, or of all with `any`."""
    own = os.path.join(config_folder, "models.toml")
    if os.path.exists(own):
        from pathlib import Path

        from byteplus_cli.generation.model_words import table

        text = table(Path(own))
    else:
        with open(TABLE, encoding="utf-8") as file:
            text = file.read()
    found = [line.split("\t") for line in text.splitlines()]
    return [row for row in found if kind in ("any", row[KIND])]


def names(found: list[Row], start: str) -> list[tuple[str, str]]:
    """Short names, or full ids where what was typed begins no short name."""
    short = [(row[NAMES].split(" ")[0] or row[ID], row[SAID]) for row in found]
    if any(name.startswith(start) for name, _ in short):
        return short
    return [(row[ID], row[SAID]) for row in found]


def allowed(found: list[Row], model: str, column: int) -> list[str]:
    """What a model's row has in a column; of a model that is not known, what any has."""
    chosen = [row for row in found if model.lower() in row[EVERY_NAME].split(" ")]
    return list(dict.fromkeys(word for row in chosen or found for word in row[column].split()))
