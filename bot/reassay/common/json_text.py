"""JSON documents as text."""

import json


def to_json(document: object) -> str:
    """The document as indented JSON in the given order, with a line end."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
