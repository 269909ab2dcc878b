"""Changes that were agreed in advance: pre-authorised ones, and planned ones from their date on.

`FIELD: add VALUE, VALUE` covers what is added to a list; `FIELD: VALUE` or `FIELD: to VALUE` covers a field that becomes that.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reassay.register.deployment import Deployment

_FORM = re.compile(r"(?P<field>[a-z_]+)\s*:\s*(?P<how>add|to)?\s*(?P<values>\S.*)", re.IGNORECASE)
FIELDS = frozenset(Deployment.model_fields) - {"id", "title", "description", "planned", "preauthorised_changes"}


@dataclass(frozen=True, slots=True)
class AgreedChange:
    """One agreed change."""

    field: str
    values: tuple[str, ...]

    def covers(self, field: str, values: list[str]) -> bool:
        """Whether it covers all values of a field."""
        return self.field == field and bool(values) and {value.casefold() for value in values} <= set(self.values)


def read_agreed_change(text: str) -> AgreedChange | None:
    """The agreed change in a text; None if it has another form."""
    match = _FORM.fullmatch(text.strip())
    if match is None or match["field"].lower() not in FIELDS:
        return None
    values = tuple(value.strip().casefold() for value in match["values"].split(",") if value.strip())
    return AgreedChange(match["field"].lower(), values)


def agreed(before: Deployment, field: str, values: list[str], today: date) -> str | None:
    """The agreement that covers a change, in words; None if no valid one does."""
    return next(_agreed(before, field, values, today), None)


def _agreed(before: Deployment, field: str, values: list[str], today: date) -> Iterator[str]:
    for change in before.preauthorised_changes:
        stated = read_agreed_change(change.change)
        if stated and stated.covers(field, values) and today <= change.expires:
            yield f"pre-authorised until {change.expires}, under this protocol: {change.protocol}"
    for plan in before.planned:
        stated = read_agreed_change(plan.change)
        if stated and stated.covers(field, values) and plan.not_before <= today:
            yield f"planned for {plan.not_before} or later, and declared in advance"


def too_early(before: Deployment, field: str, values: list[str], today: date) -> date | None:
    """The first date on which a planned change may be made, if it is in the future; else None."""
    for plan in before.planned:
        stated = read_agreed_change(plan.change)
        if stated and stated.covers(field, values) and today < plan.not_before:
            return plan.not_before
    return None
