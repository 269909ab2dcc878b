"""An explained mitigation, commitment or cell as text of at most 80 columns and as a part of `reassay/explain/v1`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reassay.assessment.cells import CellStatus, State
from reassay.assessment.explanation import LaterFact
from reassay.assessment.subject_explanation import ExplainedSubject, reasons, since
from reassay.assessment.triggers.base import LastAssessment
from reassay.assessment.views.status_text import due_text
from reassay.commands.settlement import CONCLUDE, Settlement
from reassay.common.calendar import Duration, day_words, due_words
from reassay.common.inert import plain
from reassay.common.sentences import alternatives, capitalised, wrapped

PROGRAM = "reassay "
"""The beginning of a command line."""


@dataclass(frozen=True, slots=True)
class SubjectView:
    """What the text of an explained subject names besides it."""

    explained: ExplainedSubject
    settlement: Settlement | None
    """What settles its open re-assessment; None without one."""
    objects: Mapping[str, object]
    """Texts of the ledger by digest."""
    today: date
    grace: Duration
    as_of: str | None = None
    """The moment as the person wrote it; None for now."""


def subject_text(view: SubjectView) -> str:
    """What it is, its state and why, what settles it, what follows, and with a moment in the past what became known since."""
    parts = (*_head(view), *_states(view), *_steps(view), *_following(view), *_since_then(view))
    return "\n".join(parts) + "\n"


def _head(view: SubjectView) -> Iterator[str]:
    own = view.explained
    yield from wrapped(f"{own.subject}  {plain(own.label.title or '')}".rstrip(), 0)
    facts = (
        own.cells[0].kind,
        f"owner {plain(own.label.owner)}" if own.label.owner else "",
        f"assessor {alternatives(*map(plain, own.assessors))}" if set(own.assessors) - {own.label.owner} else "",
        plain(own.place),
    )
    yield from wrapped(", ".join(fact for fact in facts if fact))
    if view.as_of:
        yield ""
        yield from wrapped(
            f"As known at {plain(view.as_of)}, by the ledger up to then; the register is read as it is now.", 0
        )


def _states(view: SubjectView) -> Iterator[str]:
    shown: dict[tuple[object, ...], list[CellStatus]] = {}
    for cell in view.explained.cells:
        shown.setdefault((cell.state, cell.due, reasons(cell), cell.verdict), []).append(cell)
    for cells in shown.values():
        cell, names = cells[0], ", ".join(own.cell for own in cells if own.cell != "*")
        yield ""
        day = since(cell, view.grace)
        began = f" since {day_words(day, year=True)}" if day and day != cell.due else ""
        due = due_text(cell, view.today)
        yield from wrapped(f"{names + ': ' if names else ''}{cell.state}{began}{f' ({due})' if due else ''}", 0)
        for reason in reasons(cell):
            yield from wrapped(f"- {plain(capitalised(reason.words))}")
        if cell.last is not None:
            yield from wrapped(f"Last verdict: {plain(cell.verdict)}, {_occasion(cell.last)}")


def _occasion(last: LastAssessment) -> str:
    day = day_words(last.on, year=True)
    return f"{last.record} of {day}" if last.record else f"dated {day}"


def _steps(view: SubjectView) -> Iterator[str]:
    yield ""
    yield "To settle it"
    for line in steps(view):
        is_command = line.startswith((PROGRAM, f"/{PROGRAM}"))
        yield from (f"    {line}",) if is_command else wrapped(line)


def steps(view: SubjectView) -> Sequence[str]:
    """Who can do what about it now, the next step last and ready to copy."""
    own, opened = view.explained, view.explained.open
    unreadable = next((cell.unreadable for cell in own.cells if cell.unreadable), None)
    if unreadable is not None:
        finding = unreadable.finding
        return (f"Edit {plain(unreadable.place)}: {plain(finding.message)}. {plain(finding.remedy)}", "reassay check")
    ordered = tuple(_carry_out(own))
    if opened is not None:
        return (*ordered, *_conclude(view, opened.id, opened.issue))
    return ordered or tuple(_without_one(own))


def _carry_out(own: ExplainedSubject) -> Iterator[str]:
    """Orders about its deployments that nobody has carried out."""
    orders = tuple(dict.fromkeys(plain(cell.order.words) for cell in own.cells if cell.order))
    yield from orders
    if orders:
        yield "Register the deployment as ordered, or decide again by a comment in an issue:"
        yield f"/reassay assess {own.subject} because ..."


def _without_one(own: ExplainedSubject) -> Iterator[str]:
    """What to do while no re-assessment of it is open."""
    later = next((cell.scheduled for cell in own.cells if cell.scheduled), None)
    if any(cell.fired for cell in own.cells):
        paced = f"The first run is paced: its issue opens {day_words(later)} or later" if later else ""
        yield f"{paced or 'The next sweep opens its issue'}. To open it now, run"
        yield f"reassay sweep --repo OWNER/NAME --assess {own.subject} --because '...'"
    elif any(cell.is_blind or cell.state is State.UNKNOWN for cell in own.cells):
        yield f"In {plain(own.place)}, {plain(own.label.owner or 'the owner')} adds what is missing above. Then run"
        yield "reassay check"
    elif own.cells[0].state in {State.RETIRED, State.UNASSESSED}:
        yield "Nothing: it is not assessed while its status stays as it is."
    else:
        yield "Nothing is needed now."


def _conclude(view: SubjectView, record: str, issue: int | None) -> Iterator[str]:
    place = f"issue #{issue}" if issue else "its issue, which the next sweep opens"
    yield f"{record} is open ({place})."
    if view.settlement is None:
        yield "Nobody can conclude it now: its register entry cannot be read."
        return
    for missing in view.settlement.missing:
        yield f"- missing: {plain(missing)}"
    if view.settlement.deciders.self_assessed:
        yield "No other assessor is named, so the record will say self-assessed."
    people = alternatives(*(f"@{plain(login)}" for login in view.settlement.deciders.people)) or "nobody"
    yield f"{people} comments in {place}:"
    yield CONCLUDE


def _following(view: SubjectView) -> Iterator[str]:
    yield ""
    yield "What comes next, if it is settled on its due date"
    if not view.explained.following:
        yield from wrapped("Nothing within 13 months.")
    for index, step in enumerate(view.explained.following):
        due = f", due {due_words(step.due, step.due_at)}" if step.due else ""
        # Reasons of the later ones name records that do not exist yet.
        reason = "" if index else f": {plain(step.reason)}"
        yield from wrapped(f"{day_words(step.when, year=True)}: {step.kind}s{due}{reason}")


def _since_then(view: SubjectView) -> Iterator[str]:
    if not view.as_of:
        return
    yield ""
    yield "Became known since"
    for fact in view.explained.later:
        text = view.objects.get(fact.text or "")
        because = f": {plain(text)}" if isinstance(text, str) else ""
        yield from wrapped(f"entry {fact.entry}, {day_words(fact.at.date(), year=True)}: {plain(fact.words)}{because}")
    if not view.explained.later:
        yield from wrapped("The ledger has nothing later about it.")
    for cell in view.explained.now:
        where = "" if cell.cell == "*" else f"{cell.cell}: "
        yield from wrapped(f"now {where}{cell.state}: {plain(cell.reason)}")


def subject_part(view: SubjectView) -> dict[str, object]:
    """`subject` of the document `reassay/explain/v1`."""
    own = view.explained
    return {
        "id": own.subject,
        "kind": own.cells[0].kind,
        "title": own.label.title,
        "owner": own.label.owner,
        "assessors": list(own.assessors),
        "place": own.place,
        "as_of": view.as_of,
        "cells": [_cell(cell, view) for cell in own.cells],
        "open": own.open.id if own.open else None,
        "missing": list(view.settlement.missing) if view.settlement else [],
        "people": list(view.settlement.deciders.people) if view.settlement else [],
        "steps": list(steps(view)),
        "following": [
            {
                "when": step.when.isoformat(),
                "kind": step.kind,
                "due": step.due.isoformat() if step.due else None,
                "reason": step.reason,
            }
            for step in own.following
        ],
        "later": [_fact(fact, view.objects) for fact in own.later],
        "now": [_cell(cell, view) for cell in own.now],
    }


def _cell(cell: CellStatus, view: SubjectView) -> dict[str, object]:
    day = since(cell, view.grace)
    return {
        "deployment": cell.cell,
        "state": str(cell.state),
        "since": day.isoformat() if day else None,
        "due": cell.due.isoformat() if cell.due else None,
        "verdict": cell.verdict,
        "reasons": [{"kind": reason.kind, "words": reason.words} for reason in reasons(cell)],
        "scheduled": cell.scheduled.isoformat() if cell.scheduled else None,
    }


def _fact(fact: LaterFact, objects: Mapping[str, object]) -> dict[str, object]:
    text = objects.get(fact.text) if fact.text else None
    return {"entry": fact.entry, "at": fact.at.isoformat(), "words": fact.words, "text": text}
