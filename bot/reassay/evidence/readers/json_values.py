"""Values of parsed JSON, taken out one by one: a file is untrusted, and any of them may be missing or of another type."""

from typing import TypeAlias

from reassay.evidence.readers.names import name_of, written

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def at(value: Json, *keys: str) -> Json:
    """The value below keys; None if one of them is missing, or stands in something that is not an object."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def object_at(value: Json, *keys: str) -> dict[str, Json]:
    """The object below keys; empty if there is none."""
    inner = at(value, *keys)
    return inner if isinstance(inner, dict) else {}


def list_at(value: Json, *keys: str) -> list[Json]:
    """The list below keys; empty if there is none."""
    inner = at(value, *keys)
    return inner if isinstance(inner, list) else []


def text_at(value: Json, *keys: str) -> str | None:
    """The text below keys, as it is; None if there is none."""
    inner = at(value, *keys)
    return inner if isinstance(inner, str) else None


def count_at(value: Json, *keys: str) -> int | None:
    """The whole number that is not negative below keys; None if there is none (`true` and `12.0` are none)."""
    return whole_number(at(value, *keys))


def whole_number(value: Json) -> int | None:
    """A value that is a count: a whole number that is not negative (`true` and `12.0` are none)."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def outcome_of(value: Json) -> str | None:
    """A score as its outcome: the text, number or truth value as it is written; None for null, empty text, list and object."""
    return (
        name_of(value if isinstance(value, str) else written(value)) if isinstance(value, str | int | float) else None
    )
