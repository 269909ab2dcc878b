"""Changes that were agreed to beforehand: pre-authorised ones, and planned ones whose day has come.

`FIELD: add VALUE, VALUE` covers what is added to a list; `FIELD: VALUE` or `FIELD: to VALUE` covers a field that becomes that.
"""

import re
from collections.abc import Iterator
from datetime import date

from reassay.common.values import dataclass
from reassay.register.deployment import Deployment

_FORM = re.compile(r"(?P<field>[a-z_]+)\s*:\s*(?P<how>add|to)?\s*(?P<values>\S.*)", re.IGNORECASE)
FIELDS = frozenset(Deployment.model_fields) - {"id", "title", "description", "planned", "preauthorised_changes"}


@dataclass(frozen=True, slots=True)
class AgreedChange:
    """One such change, read."""

    field: str
    values: tuple[str, ...]

    def covers(self, field: str, values: list[str]) -> bool:
        """Whether all of these are among it."""
        return self.field == field and bool(values) and {value.casefold() for value in values} <= set(self.values)


def read_agreed_change(text: str) -> AgreedChange | None:
    """None if it is written in a way that a program cannot compare."""
    match = _FORM.fullmatch(text.strip())
    if match is None or match["field"].lower() not in FIELDS:
        return None
    values = tuple(value.strip().casefold() for value in match["values"].split(",") if value.strip())
    return AgreedChange(match["field"].lower(), values)


def agreed(before: Deployment, field: str, values: list[str], today: date) -> str | None:
    """Why a change needs nothing more: what the assessed or the base text says of it. None if it says nothing that holds."""
    return next(_agreed(before, field, values, today), None)


def _agreed(before: Deployment, field: str, values: list[str], today: date) -> Iterator[str]:
    for change in before.preauthorised_changes:
        stated = read_agreed_change(change.change)
        if stated and stated.covers(field, values) and today <= change.expires:
            yield f"pre-authorised until {change.expires}, by this protocol: {change.protocol}"
    for plan in before.planned:
        stated = read_agreed_change(plan.change)
        if stated and stated.covers(field, values) and plan.not_before <= today:
            yield f"planned for {plan.not_before} or later, and declared beforehand"


def too_early(before: Deployment, field: str, values: list[str], today: date) -> date | None:
    """The day before which a planned change may not be switched on, if that is still to come."""
    for plan in before.planned:
        stated = read_agreed_change(plan.change)
        if stated and stated.covers(field, values) and today < plan.not_before:
            return plan.not_before
    return None
