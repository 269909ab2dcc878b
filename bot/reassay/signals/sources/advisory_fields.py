"""The fields of an advisory of a public data base: what is odd is a problem, and the advisory is still taken."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from reassay.register.incident import Severity
from reassay.signals.sources import field_values as values

T = TypeVar("T")


class AdvisoryFields:
    """The fields of one advisory, read one by one; problems are added to a list."""

    def __init__(self, key: str, fields: Mapping[str, object], now: datetime, problems: list[str]) -> None:
        self.key, self._fields, self._now, self._problems = key, fields, now, problems

    def title(self, *names: str) -> str:
        """The first of some fields that has a text; else the id."""
        texts = (self._read(name, values.line_of) for name in names)
        return next((text for text in texts if text), self.key)

    def instant(self, name: str) -> datetime | None:
        """An instant; None if there is none, or if it cannot be understood."""
        return self._read(name, lambda value: values.instant_of(value, self._now))

    def severity(self, name: str) -> Severity | None:
        """The severity; None if it states none or `unknown`. What is not understood is critical, and a problem."""
        value = self._fields.get(name)
        if isinstance(value, str) and value.strip().lower() == "unknown":
            return None
        return self._read(name, values.severity_of, Severity.CRITICAL, "; it counts as critical")

    def cause(self, name: str) -> str:
        """The id of the same vulnerability in CVE; its own if there is none."""
        value = self._fields.get(name)
        return value if isinstance(value, str) and values.is_word(value) else self.key

    def url(self, name: str) -> str | None:
        """An address of the web; None if there is none."""
        return values.url_of(self._fields.get(name))

    def has_date(self, name: str) -> bool:
        """Whether a date is stated, whatever it is."""
        value = self._fields.get(name)
        return isinstance(value, str) and not values.is_empty(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list; none if it is not a list."""
        value = self._fields.get(name)
        return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else ()

    def inner(self, name: str) -> "AdvisoryFields":
        """The fields of an object inside; none if it is not an object."""
        value = self._fields.get(name)
        return AdvisoryFields(self.key, value if isinstance(value, dict) else {}, self._now, self._problems)

    def _read(self, name: str, read: Callable[[object], T], worst: T | None = None, remark: str = "") -> T | None:
        value = self._fields.get(name)
        if values.is_empty(value):
            return None
        try:
            return read(value)
        except values.OddValueError as error:
            self._problems.append(f"{self.key}: '{name}' {error}{remark}.")
            return worst


def advisory_fields(fields: Mapping[str, object], id_field: str, now: datetime, problems: list[str]) -> AdvisoryFields:
    """The fields of an advisory. Raises OddValueError if it has no id."""
    return AdvisoryFields(values.word_of(fields.get(id_field), id_field), fields, now, problems)
