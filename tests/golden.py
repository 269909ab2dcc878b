"""Goldens: the exact words the bot says. `REASSAY_UPDATE_GOLDENS=1` writes them anew, to be read in the diff."""

import json
import os
from pathlib import Path

FOLDER = Path(__file__).parent / "goldens"


def same_as_golden(name: str, text: str) -> None:
    """Fails with a readable difference, or writes the file when asked to."""
    file = FOLDER / name
    if os.environ.get("REASSAY_UPDATE_GOLDENS") == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.exists(), f"{file} is missing; REASSAY_UPDATE_GOLDENS=1 writes it"
    assert text == file.read_text(encoding="utf-8")


def same_as_json(file: Path, text: str) -> None:
    """As `same_as_golden`, for a JSON document at a place of its own: compared by value, kept with indents."""
    found = json.loads(text)
    if os.environ.get("REASSAY_UPDATE_GOLDENS") == "1":
        file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(file.read_text(encoding="utf-8"))
