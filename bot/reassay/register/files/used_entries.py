"""Entries that are valid by themselves and have an error together with others: a wrong reference, an id used twice."""

from collections.abc import Iterable, Iterator
from typing import Final

from reassay.register.finding import Finding, FindingSeverity, Origin, Position
from reassay.register.lint.criteria import NOTHING_HIDDEN
from reassay.register.placeholders import addressed
from reassay.register.register import KINDS, RegisterEntry, RegisterObject
from reassay.register.unreadable_entry import UnreadableEntry

_KINDS: Final = {model: kind for kind, model in KINDS.items()}


def entries_with_errors(
    entries: Iterable[RegisterEntry[RegisterObject]], findings: Iterable[Finding]
) -> Iterator[UnreadableEntry]:
    """The entries that errors are about, each with its first error; errors of the configuration are about none.

    Errors that hide nothing are left out: an entry of an earlier version stays watched until its criterion is corrected.
    """
    hiding = (finding for finding in findings if finding.code not in NOTHING_HIDDEN)
    errors = sorted({finding for finding in hiding if finding.severity is FindingSeverity.ERROR}, key=_order)
    paths = {error.at.path for error in errors}
    by_place: dict[Position, RegisterEntry[RegisterObject]] = {}
    for entry in entries if errors else ():
        if entry.origin.path in paths:
            by_place |= {at: entry for at in _places(entry.origin) if at not in by_place}
    seen: set[int] = set()
    for error in errors:
        flawed = by_place.get(error.at)
        if flawed is not None and id(flawed) not in seen:
            seen.add(id(flawed))
            yield _unreadable(flawed, error)


def _unreadable(entry: RegisterEntry[RegisterObject], error: Finding) -> UnreadableEntry:
    value = entry.value
    owner, formerly = getattr(value, "owner", None), getattr(value, "formerly", ())
    return UnreadableEntry(
        error, _KINDS[type(value)], value.id, addressed(owner), getattr(value, "deployments", ()), formerly
    )


def _places(origin: Origin) -> Iterator[Position]:
    """The places of an entry, of its keys and of its values."""
    yield origin.at()
    yield from (Position(origin.path, *place) for place in (*origin.marks.values(), *origin.key_marks.values()))


def _order(finding: Finding) -> tuple[Position, str, str]:
    return finding.at, finding.code, finding.message
