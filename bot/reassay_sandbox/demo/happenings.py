"""What somebody who reads the issues notices of a sweep: issues that open or close, reminders, cells whose state changes."""

from collections.abc import Iterator, Mapping, Sequence

from reassay.common.sentences import names
from reassay.sweep.actions import AddComment, ChangeIssue, CreateIssue
from reassay.sweep.report import Report

SHOWN = 4
"""How many of one day fit into a banner."""


def happenings(before: Report, reports: Sequence[Report]) -> tuple[str, ...]:
    """What the sweeps since `before` did and found, as half sentences; edits of an issue's text alone are left out."""
    done = tuple(words for report in reports for words in _of_actions(report))
    whole = [report for report in reports if report.cells]
    return (*done, *_of_states(before, whole[-1])) if whole else done


def summary(events: Sequence[str]) -> str:
    """The first few in one sentence, and how many more there are."""
    more = len(events) - SHOWN
    shown = [*events[:SHOWN], f"{more} more"] if more > 0 else list(events)
    return f"{names(*shown)}." if shown else ""


def _of_actions(report: Report) -> Iterator[str]:
    for action in report.done:
        match action:
            case CreateIssue(draft=draft):
                yield f"an issue opens: “{draft.title}”"
            case AddComment(number=number, key=key) if key.startswith("reminder"):
                yield f"a reminder in #{number}"
            case AddComment(number=number):
                yield f"a comment in #{number}"
            case ChangeIssue(number=number, what="close"):
                yield f"#{number} closes"
            case ChangeIssue(number=number, what="reopen"):
                yield f"#{number} is open again"
            case _:
                pass


def _of_states(before: Report, after: Report) -> Iterator[str]:
    earlier = _states(before)
    for cell, state in _states(after).items():
        if cell in earlier and earlier[cell] != state:
            subject, deployment = cell
            yield f"{subject}{'' if deployment == '*' else f' in {deployment}'} is {state} (was {earlier[cell]})"


def _states(report: Report) -> Mapping[tuple[str, str], str]:
    return {(cell.subject, cell.cell): str(cell.state) for cell in report.cells}
