"""The report of a sweep: for a terminal, for a program, and for the summary of a workflow run."""

import json
from collections.abc import Sequence

from reassay.assessment.cells import URGENCY, CellStatus, State, summary
from reassay.assessment.views.follow_ups import open_follow_ups
from reassay.common.calendar import day_words
from reassay.common.environment import render
from reassay.common.inert import Markdown
from reassay.common.sentences import names
from reassay.register.finding import Finding
from reassay.sweep.actions import describe
from reassay.sweep.report import Report, count

OPEN_STATES = tuple(state for state in URGENCY if state not in {State.CURRENT, State.RETIRED})


def all_findings(report: Report) -> tuple[Finding, ...]:
    """Findings in the register and in the repository's own templates."""
    register = report.assessment_input.register.findings if report.assessment_input else ()
    return (*register, *(report.content.overrides.findings if report.content else ()))


def _hidden(report: Report) -> tuple[Finding, ...]:
    """Errors of the register: what they are about is in no table."""
    return report.assessment_input.register.errors if report.assessment_input else ()


def as_text(report: Report) -> str:
    """The report as text: actions, failures, what is left, and the state it was made from."""
    verb = "would do" if report.dry_run else "did"
    lines = [f"{report.repository}: {verb} {len(report.done) or 'nothing'}{_things(report)}."]
    lines += [f"  {describe(action)}" for action in report.done] if report.dry_run else []
    lines += [f"  failed: {problem.what}: {problem.message}" for problem in report.problems]
    lines += [f"  unreadable: {own.what}: {own.message}" for own in report.unreadable]
    lines += [f"  blind: {own.words}" for own in report.sources]
    lines += [
        f"  the pull request breaks the register: {own.at.path}:{own.at.line}: {own.message}. {own.remedy}"
        for own in report.brought
    ]
    lines += [f"  note: {note}" for note in report.notes]
    if report.left:
        lines.append(f"  {report.left} more in the next run")
    lines += [f"  {line}" for line in (*_orders(report.cells), *_waiting(report.cells))]
    if report.assessment_input and report.assessment_input.register.errors:
        lines.append(
            f"  {len(report.assessment_input.register.errors)} errors in the register; `reassay check` lists them"
        )
    for finding in report.content.overrides.findings if report.content else ():
        lines.append(f"  {finding.at.path}:{finding.at.line}: {finding.message}. {finding.remedy}")
    if report.content:
        lines.append(
            f"  register {report.content.commit[:7]}, ledger {report.content.ledger.anchor}, {_totals(report)}"
        )
    if report.trust:
        lines.append(f"  trust: {report.trust}")
    return "\n".join(lines) + "\n"


def _things(report: Report) -> str:
    total = count(report)
    parts = [
        f"{number} {word}"
        for number, word in (
            (total.opened, "opened"),
            (total.concluded, "concluded"),
            (total.closed, "closed"),
            (total.updated, "updated"),
        )
        if number
    ]
    return f" thing{'s' if len(report.done) != 1 else ''} ({', '.join(parts) or 'records'})" if report.done else ""


def _waiting(cells: Sequence[CellStatus]) -> tuple[str, ...]:
    """The dates of re-assessments that pacing delays, in one line."""
    days = {cell.subject: cell.scheduled for cell in cells if cell.scheduled is not None}
    if not days:
        return ()
    rest = sorted(days.items(), key=lambda item: (item[1], item[0]))
    listed = names(*(f"{name} ({day_words(day)})" for name, day in rest[:6]))
    more = f" and {len(rest) - 6} later" if len(rest) > 6 else ""  # noqa: PLR2004 - as many as fit a line or two
    return (f"opened a few at a time, highest risk first: {listed}{more}",)


def _orders(cells: Sequence[CellStatus]) -> tuple[str, ...]:
    """Each order that is not carried out, as a line."""
    return tuple(dict.fromkeys(f"not carried out, {cell.subject}: {cell.order.words}" for cell in cells if cell.order))


def _totals(report: Report) -> str:
    return ", ".join(f"{number} {state}" for state, number in summary(report.cells).items()) or "no mitigations"


def as_document(reports: Sequence[Report]) -> str:
    """`reassay/sweep/v1`."""
    return (
        json.dumps(
            {"schema": "reassay/sweep/v1", "repositories": [_document(report) for report in reports]},
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )


def _document(report: Report) -> dict[str, object]:
    total = count(report)
    return {
        "repository": report.repository,
        "dry_run": report.dry_run,
        "trust": report.trust,
        "register": report.content.commit if report.content else None,
        "ledger": report.content.ledger.anchor if report.content else None,
        "counts": {name: getattr(total, name) for name in total.__slots__},
        "actions": [describe(action) for action in report.done],
        "problems": [{"what": problem.what, "message": problem.message} for problem in report.problems],
        "unreadable": [{"what": own.what, "message": own.message} for own in report.unreadable],
        "sources": [{"source": own.source, "state": own.state, "message": own.words} for own in report.sources],
        "notes": list(report.notes),
        "left": report.left,
        "cells": dict(summary(report.cells)),
        "orders": list(_orders(report.cells)),
        "follow_ups": _follow_ups(report),
    }


def _follow_ups(report: Report) -> dict[str, int]:
    facts = report.assessment_input
    still_open = open_follow_ups(facts) if facts else ()
    return {
        "open": len(still_open),
        "overdue": sum(own.is_overdue(facts.today) for own in still_open) if facts else 0,
    }


STEP_SUMMARY_LIMIT = 1_000_000
"""Bytes of a step's summary that are written; GitHub shows nothing of a file over 1,024 KiB."""
MOST_ACTIONS, MOST_PROBLEMS, MOST_NOTES = 500, 50, 50
"""Lines of the step summary at most; the log has all."""
LONGEST_LINE = 2_000


def as_step_summary(report: Report, room: int = STEP_SUMMARY_LIMIT) -> Markdown:
    """Markdown for the page of a workflow run, in at most `room` bytes: the most urgent cells, and how many are left out."""
    shown = [cell for cell in report.cells if cell.state in OPEN_STATES]
    cells = sorted(shown, key=lambda cell: (OPEN_STATES.index(cell.state), cell.subject, cell.cell))
    count = len(cells)
    while True:
        text = _step_summary(report, cells[:count], len(cells) - count)
        size = len(text.encode())
        if size <= room or count == 0:
            return Markdown(text.encode()[:room].decode("utf-8", "ignore"))
        count = min(count - 1, count * room // size)


def _step_summary(report: Report, cells: Sequence[CellStatus], cells_left: int) -> Markdown:
    actions = [describe(action)[:LONGEST_LINE] for action in report.done[:MOST_ACTIONS]]
    problems = [
        {"what": problem.what[:LONGEST_LINE], "message": problem.message[:LONGEST_LINE]}
        for problem in report.problems[:MOST_PROBLEMS]
    ]
    return render(
        "sweep/step_summary",
        report=report,
        problems=problems,
        brought=[
            {"place": f"{own.at.path}:{own.at.line}", "words": f"{own.message}. {own.remedy}"[:LONGEST_LINE]}
            for own in report.brought[:MOST_PROBLEMS]
        ],
        problems_left=len(report.problems) - len(problems),
        notes=[note[:LONGEST_LINE] for note in report.notes[:MOST_NOTES]],
        notes_left=max(0, len(report.notes) - MOST_NOTES),
        actions=actions,
        actions_left=len(report.done) - len(actions),
        cells=cells,
        cells_left=cells_left,
        totals=_totals(report),
        waiting=_waiting(report.cells),
        errors=len(_hidden(report)),
        commit=report.content.commit[:7] if report.content else "",
        anchor=report.content.ledger.anchor if report.content else "",
        signed=bool(report.content and report.content.ledger.entries and report.content.ledger.entries[-1].signed),
    )
