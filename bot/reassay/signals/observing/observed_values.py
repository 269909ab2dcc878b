"""Values of products as values of a deployment's field, or the reason why they cannot be taken for one."""

import json
from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue, ValidationError

from reassay.common.canonical import SAFE_INTEGER
from reassay.common.inert import plain
from reassay.register.deployment import Deployment
from reassay.register.finding import quoted
from reassay.signals.observing.product_documents import UnreadValueError

_LISTS: Final = frozenset({
    "access", "modalities_in", "modalities_out", "affordances", "languages", "regions", "integrations",
})  # fmt: skip
"""Observable fields that are lists; their order means nothing."""
_NUMBERS: Final = frozenset({"context_tokens", "rollout_percent"})
_NEEDED: Final[Mapping[str, JsonValue]] = {"id": "observed", "title": "Observed", "audience": "internal"}
_LONGEST_TEXT: Final = 300
_MOST_ITEMS: Final = 200


def field_value(field: str, data: object, words: Mapping[str, str]) -> JsonValue:
    """The value of an observable field: lists sorted, each member once. `words`: the product's words -> the register's.

    Raises UnreadValueError for a wrong type, and for a word that the field does not have.
    """
    if data is None:
        raise UnreadValueError("it is empty, so what applies is not said")
    value: JsonValue
    if field in _LISTS:
        if not isinstance(data, list):
            raise UnreadValueError(f"it is {_kind(data)}, and a list is needed")
        if len(data) > _MOST_ITEMS:
            raise UnreadValueError(f"it has {len(data)} items, and at most {_MOST_ITEMS} are read")
        value = [*sorted({_word(item, words) for item in data})]
    elif field in _NUMBERS:
        value = _number(data, words)
    else:
        value = _word(data, words)
    return _checked(field, value)


def deployment_with(deployment: Deployment, values: Mapping[str, JsonValue]) -> Deployment:
    """The deployment as it was observed: with these values in place of its own. Raises UnreadValueError for an invalid one."""
    parsed = {name: getattr(_parsed({name: value}), name) for name, value in values.items()}
    return deployment.model_copy(update=parsed)


def as_observed(deployment: Deployment | None, part: object) -> Deployment | None:
    """The deployment with the values of a snapshot's part about it, see `recorded_part`; what is invalid there is left out."""
    values = part.get("values") if isinstance(part, Mapping) else None
    if deployment is None or not isinstance(values, Mapping):
        return deployment
    for name, value in values.items():
        try:
            deployment = deployment_with(deployment, {str(name): value})
        except UnreadValueError:
            continue
    return deployment


def _checked(field: str, value: JsonValue) -> JsonValue:
    return _parsed({field: value}).model_dump(mode="json", include={field})[field]  # type: ignore[no-any-return] # JSON by its mode


def _parsed(values: Mapping[str, JsonValue]) -> Deployment:
    try:
        return Deployment.model_validate_json(json.dumps({**_NEEDED, **values}))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field, given = next(iter(values)), first["input"]
        shown = _quoted(given) if isinstance(given, str) and first["loc"] else "this value"
        if first["type"] == "enum":
            raise UnreadValueError(
                f"{shown} is not a word of the register for '{field}'; map it under 'values'"
            ) from error
        raise UnreadValueError(f"{shown} cannot be the value of '{field}'") from error


def _word(data: object, words: Mapping[str, str]) -> str:
    """A single value as a word of the register; numbers and truth values only if they are mapped, as they are written."""
    if isinstance(data, str):
        word = words.get(data.strip(), data.strip())
    elif isinstance(data, bool | int):
        written = json.dumps(data)
        if written not in words:
            raise UnreadValueError(f"{written} is {_kind(data)}, and a text is needed; map it under 'values'")
        word = words[written]
    else:
        raise UnreadValueError(f"it has {_kind(data)} where a text is needed")
    if not word or len(word) > _LONGEST_TEXT:
        raise UnreadValueError(f"a text is needed that has between 1 and {_LONGEST_TEXT} characters")
    return word


def _number(data: object, words: Mapping[str, str]) -> JsonValue:
    if isinstance(data, str) and data.strip() in words:
        try:
            return _number(json.loads(words[data.strip()]), {})
        except ValueError as error:
            raise UnreadValueError(f"{_quoted(data)} is mapped to what is not a number") from error
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise UnreadValueError(f"it is {_kind(data)}, and a number is needed")
    if not abs(data) <= SAFE_INTEGER:  # neither is NaN
        raise UnreadValueError("it is a number that cannot be kept exactly")
    return data


def _quoted(text: str) -> str:
    return quoted(plain(text))


def _kind(data: object) -> str:
    if data is None:
        return "an empty value"
    return next((words for kind, words in _KINDS if isinstance(data, kind)), "a date or time")


_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (bool, "a truth value"),
    (int, "a number"),
    (float, "a number"),
    (str, "a text"),
    (list, "a list"),
    (dict, "a mapping"),
)
"""What JSON, YAML and TOML have, in words; a truth value is a kind of number in Python."""
