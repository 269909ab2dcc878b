"""Changes agreed in advance as a register states them: `FIELD: add VALUE, VALUE` for a list, `FIELD: [to] VALUE` for the rest."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache

from reassay.register.deployment import Deployment

_FORM = re.compile(r"(?P<field>[a-z_]+)\s*:\s*(?:(?P<how>add|to)\s+)?(?P<values>\S.*)", re.IGNORECASE)
FIELDS = frozenset(Deployment.model_fields) - {"id", "title", "description", "planned", "preauthorised_changes"}
_LISTS = frozenset({"access", "modalities_in", "modalities_out", "affordances", "languages", "regions", "integrations"})
_IN_WORDS = frozenset({"safeguard_exemptions"})
"""Lists of which an agreement names a member in words: `GROUP from SAFEGUARD`."""
_NUMBERS = frozenset({"context_tokens", "rollout_percent"})


@dataclass(frozen=True, slots=True)
class AgreedChange:
    """One agreed change."""

    field: str
    values: tuple[str, ...]
    """In small letters."""

    def covers(self, field: str, values: list[str]) -> bool:
        """Whether it covers all values of a field."""
        return self.field == field and bool(values) and {value.casefold() for value in values} <= set(self.values)


@lru_cache(maxsize=1024)
def read_agreed_change(text: str) -> AgreedChange | None:
    """The agreed change in a text; None if it has another form, or no deployment could have that value."""
    match = _FORM.fullmatch(text.strip())
    field = match["field"].lower() if match else ""
    if match is None or field not in FIELDS:
        return None
    is_list = field in _LISTS | _IN_WORDS
    if (match["how"] or "").lower() == ("to" if is_list else "add"):
        return None
    values = [value.strip() for value in match["values"].split(",") if value.strip()] if is_list else [match["values"]]
    if field not in _IN_WORDS:
        values = _read(field, values)
    return AgreedChange(field, tuple(value.casefold() for value in values)) if values else None


def _read(field: str, values: list[str]) -> list[str]:
    """The values as a deployment with them has them; empty if there can be none."""
    try:
        value = values if field in _LISTS else json.loads(values[0]) if field in _NUMBERS else values[0]
        stub = {"id": "x", "title": "x", "audience": "internal"} | {field: value}
        stated = getattr(Deployment.model_validate_json(json.dumps(stub)), field)
    except ValueError:
        return []
    return [str(item) for item in stated] if field in _LISTS else [str(stated)]
