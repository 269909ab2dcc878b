"""JSON documents as text."""

import json


def to_json(document: object) -> str:
    """Indented, in the order given, ending in a line end."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
