"""The fields of an entry as phrases, with the texts that people wrote in the place of their digests."""

from collections.abc import Mapping, Sequence
from typing import Final

_SILENT: Final = frozenset(
    {"kind", "reassessment", "subject", "nonce", "run", "lease_until", "snapshot", "checklist", "content", "covered"}
    | {"place", "version", "mode", "deployment_decision", "paced"}
)
"""Fields for programs, and those that the line above the phrases says."""

_EVERYWHERE: Final = "*"
"""The only cell of a subject without deployments."""


def phrases(body: Mapping[str, object], objects: Mapping[str, object]) -> Sequence[str]:
    """Fields with a value as `name: words`; a digest of a text is replaced by the text."""
    return [
        f"{name.replace('_', ' ')}: {_words(value, objects)}"
        for name, value in body.items()
        if name not in _SILENT and value not in (None, "", [], False, [_EVERYWHERE])
    ]


def _words(value: object, objects: Mapping[str, object]) -> str:
    if isinstance(value, str) and value.startswith("sha256:"):
        return f"'{objects[value]}'" if isinstance(objects.get(value), str) else _object_words(value, objects)
    if isinstance(value, str) and ":sha256:" in value:
        return value.rsplit(":", 1)[-1][:12]
    if isinstance(value, list):
        return ", ".join(_words(item, objects) for item in value)
    if isinstance(value, dict):
        return _mapping_words(value, objects)
    return str(value)


def _mapping_words(value: Mapping[str, object], objects: Mapping[str, object]) -> str:
    rest = {name: item for name, item in value.items() if item not in (None, "", [], False)}
    if isinstance(rest.get("reason"), str) and "kind" in rest:
        # A trigger: its reason says what its kind names.
        return str(rest["reason"])
    if rest.keys() == {"cell", "due"}:
        return str(rest["due"]) if rest["cell"] == _EVERYWHERE else f"{rest['due']} ({rest['cell']})"
    return " ".join(f"{name.replace('_', ' ')} {_words(item, objects)}" for name, item in rest.items())


def _object_words(name: str, objects: Mapping[str, object]) -> str:
    value = objects.get(name)
    if isinstance(value, dict):
        return " ".join(f"{key} {item}" for key, item in value.items() if isinstance(item, str) and item)
    return "(redacted)" if value is None else str(name)[7:19]
