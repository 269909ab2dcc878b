"""The ten lines on top of a pack: what matters first, how far it reaches, and how the ledger was verified last."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reassay.assessment.cells import State
from reassay.audit.audit_input import AuditInput
from reassay.audit.exceptions import NAMES
from reassay.audit.figures import AuditFigures
from reassay.audit.gate_changes import GateChangeRow
from reassay.common.calendar import day_words
from reassay.common.sentences import count_words

_KEPT = ("on time", "extended")
_NOT_KEPT = ("late", "missed", "not opened")
_CALM = frozenset({State.CURRENT, State.DUE_SOON, State.RETIRED})
LISTED = 5
"""Requests that one line names at most."""


@dataclass(frozen=True, slots=True)
class HeadlineRow:
    """One line of the summary."""

    name: str
    text: str
    is_bad: bool = False
    """Whether it is highlighted."""


def headline(
    figures: AuditFigures, audit: AuditInput, register_errors: tuple[int, int], result: str
) -> tuple[HeadlineRow, ...]:
    """The lines. `register_errors` are numbers of errors at the first and the last date, `result` is that of the verification."""
    return (
        _obligations(figures),
        _open_now(figures),
        _states(figures, audit),
        _decisions(figures),
        _gate(figures),
        _requests("Overrides", [row for row in figures.changes if row.overridden]),
        _bypasses(figures),
        _unreadable(figures, audit, register_errors),
        _coverage(audit),
        HeadlineRow("Ledger verification", _verification(audit, result), result != "fine"),
    )


def _obligations(figures: AuditFigures) -> HeadlineRow:
    counted: Counter[str] = Counter(row.outcome for row in figures.obligations)
    kept, broken = sum(counted[name] for name in _KEPT), sum(counted[name] for name in _NOT_KEPT)
    parts = [f"{kept} kept", *_parts(counted, _NOT_KEPT)]
    parts += _parts(counted, [name for name in counted if name not in {*_KEPT, *_NOT_KEPT}])
    return HeadlineRow("Obligations", _of(len(figures.obligations), parts), broken > 0)


def _open_now(figures: AuditFigures) -> HeadlineRow:
    rows = [row for row in figures.obligations if row.record and row.closed_on is None]
    late = sum(row.days_late > 0 for row in rows)
    return HeadlineRow("Open now", _of(len(rows), [f"{late} past their due date"] if late else []), late > 0)


def _states(figures: AuditFigures, audit: AuditInput) -> HeadlineRow:
    counts = figures.counts["cells_to"]
    order = [str(state) for state in State if str(state) in counts]
    parts = [f"{counts[name]} {name}" for name in (*order, *(name for name in counts if name not in order))]
    name = "Cells at the end" if audit.is_covered else "Cells at the end (forecast)"
    return HeadlineRow(name, _of(sum(counts.values()), parts), any(state not in _CALM for state in counts))


def _decisions(figures: AuditFigures) -> HeadlineRow:
    parts = [f"{number} {name}" for name, number in figures.counts["decisions"].items()]
    for name, rows in (
        ("on a person's statement alone", [row for row in figures.decisions if row.basis == "attested"]),
        ("self-assessed", [row for row in figures.decisions if row.self_assessed]),
        ("corrected or withdrawn since", [row for row in figures.decisions if row.corrections]),
    ):
        parts += [f"{len(rows)} {name}"] if rows else []
    return HeadlineRow("Decisions", _of(len(figures.decisions), parts))


def _gate(figures: AuditFigures) -> HeadlineRow:
    counts = figures.counts["changes"]
    parts = [f"{counts[name]} {name}" for name in ("merged", "looser", "direction unknown", "held") if counts[name]]
    return HeadlineRow("Gate changes", _of(counts["pull requests"], parts, "pull request"))


def _bypasses(figures: AuditFigures) -> HeadlineRow:
    rows = [row for row in figures.changes if row.bypassed]
    line = _requests("Bypasses", rows)
    waiting = sum(row.kind == "bypass" and row.status.startswith("to be re-assessed") for row in figures.exceptions)
    more = f"; {waiting} with changes that are not re-assessed" if waiting else ""
    loosened = sum(row.kind == NAMES["protection-changed"] and row.status == "loosened" for row in figures.exceptions)
    if loosened:
        more += f"; protection of the branches loosened {count_words(loosened, 'time')}"
    return HeadlineRow(line.name, f"{line.text}{more}", line.is_bad or loosened > 0)


def _requests(name: str, rows: list[GateChangeRow]) -> HeadlineRow:
    named = [row.request if row.request != "push" else f"push {row.commit[:12]}" for row in rows]
    more = [f"{len(named) - LISTED} more"] if len(named) > LISTED else []
    return HeadlineRow(name, _of(len(rows), [*named[:LISTED], *more]), bool(rows))


def _unreadable(figures: AuditFigures, audit: AuditInput, errors: tuple[int, int]) -> HeadlineRow:
    cells = figures.counts["cells_to"].get("unreadable", 0)
    parts = []
    for side, number, facts in zip(("first", "last"), errors, (audit.opening, audit.closing), strict=True):
        if number:
            parts.append(f"{count_words(number, 'error')} on the {side} day")
        elif not facts.register.subjects:
            parts.append(f"no mitigation or commitment on the {side} day")
    parts += [f"{cells} unreadable at the end"] if cells else []
    spans = sum(row.kind == NAMES["unreadable-claimed"] for row in figures.exceptions)
    parts += [f"in the period {count_words(spans, 'time')}, see the exceptions"] if spans else []
    return HeadlineRow("Unreadable", "; ".join(parts) or "none: both registers were read in full", bool(parts))


def _coverage(audit: AuditInput) -> HeadlineRow:
    first, start = audit.day(audit.entries[0]), audit.period.start
    begin, end = max(first, start), audit.covered_until
    if end < start or first > audit.period.end:
        return HeadlineRow("Covered", "no day of the period", is_bad=True)
    days, covered = (audit.period.end - start).days + 1, (end - begin).days + 1
    text = f"{day_words(begin, year=True)} to {day_words(end, year=True)}, {covered} of {days} days"
    whole = f"the whole period, {count_words(days, 'day')}"
    return HeadlineRow("Covered", text if covered < days else whole, covered < days)


def _verification(audit: AuditInput, result: str) -> str:
    """The result, and what it does not show without a key that the reader brought."""
    standings = {span.standing for span in audit.trust.spans}
    if result != "fine" or "trusted" in standings:
        return result
    if standings == {"unsigned"}:
        return "fine, but unsigned: nothing was changed in the middle; who wrote it cannot be verified"
    return "fine, but self-attested: signed by keys that only the ledger itself names"


def _parts(counted: Mapping[str, int], wanted: Iterable[str]) -> list[str]:
    return [f"{counted[name]} {name}" for name in wanted if counted.get(name)]


def _of(number: int, parts: list[str], noun: str = "") -> str:
    """Counts in words, such as `12: 5 kept, 2 late`; `none` for 0."""
    if not number:
        return "none"
    total = count_words(number, noun) if noun else str(number)
    return f"{total}: {', '.join(parts)}" if parts else total
