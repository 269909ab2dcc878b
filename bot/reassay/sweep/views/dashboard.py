"""The dashboard issue: its title and its text, made from the present state alone."""

from collections.abc import Iterator, Sequence
from typing import Final

from reassay.common.environment import render
from reassay.common.inert import Markdown, code
from reassay.common.sentences import alternatives
from reassay.ledger.views.words import cell_words
from reassay.sweep.dashboard_content import DashboardContent, DashboardTask

NAME: Final = "dashboard"
"""The name in the issue's marker, in place of the id of a re-assessment."""
TITLE: Final = "Re-assessment dashboard"
"""It never changes: GitHub notes each change of a title below the issue."""
SECTION_LIMIT: Final = 40_000
MOST_LISTED: Final = (100, 50, 25, 10, 5, 2, 0)
"""Lines that each part lists, and each person has, at most: the first number with which the text is short enough."""
MOST_CELLS: Final = 5
LONGEST: Final = 300
"""Characters of a title, a reason or a remedy; what is cut is in the issue that the line links to."""


def dashboard_text(content: DashboardContent) -> Markdown:
    """The text. Nothing in it changes from day to day unless something comes due.

    Nobody is mentioned, because GitHub would notify them; links are relative, because an address or a number would leave a
    note in every issue that is listed.
    """
    texts = (_text(content, most) for most in MOST_LISTED)
    return next((text for text in texts if len(text) <= SECTION_LIMIT), Markdown(""))


def dashboard_ended_text() -> Markdown:
    """The text of a dashboard that was switched off."""
    return render("sweep/dashboard_ended")


def _text(content: DashboardContent, most: int) -> Markdown:
    week = content.group("week")
    parts = [(name, content.group(name)) for name in ("unknown", "month", "later", "queued")]
    lists = {name: [_line(task, with_people=True) for task in tasks[:most]] for name, tasks in parts}
    return render(
        "sweep/dashboard",
        content=content,
        near=sum(task.due is not None and not task.is_late for task in week),
        month=len(content.group("month")),
        groups=list(_by_people(week, most)),
        lists=lists,
        more={name: len(tasks) - len(lists[name]) for name, tasks in parts},
        totals={name: len(tasks) for name, tasks in parts},
        blind=[words[:LONGEST] for words in content.blind[:most]],
        blind_more=max(0, len(content.blind) - most),
        triage_people=_people(content.triage_people),
        triage_issue=_link(content.triage_issue) if content.triage_issue else "",
    )


def _by_people(tasks: Sequence[DashboardTask], most: int) -> Iterator[dict[str, object]]:
    """The tasks of each person or group of people, in order of their most urgent one."""
    by_people: dict[tuple[str, ...], list[DashboardTask]] = {}
    for task in tasks:
        by_people.setdefault(task.people, []).append(task)
    for people, own in list(by_people.items())[: max(most, 1)]:
        yield {
            "people": _people(people) or "Whoever maintains the register",
            "lines": [_line(task, with_people=False) for task in own[:most]],
            "more": len(own) - len(own[:most]),
        }
    rest = list(by_people.values())[max(most, 1) :]
    if rest:
        yield {"people": f"{len(rest)} more", "lines": [], "more": sum(len(own) for own in rest)}


def _people(logins: Sequence[str]) -> Markdown:
    """Logins as code, of whom one is enough: they are named and not notified."""
    return Markdown(alternatives(*(code(login) for login in logins)))


def _link(number: int) -> Markdown:
    return Markdown(f"[#{number}](../issues/{number})")


def _line(task: DashboardTask, *, with_people: bool) -> Markdown:
    cells = [] if task.cells in {(), ("*",)} else [cell_words(cell) for cell in task.cells[:MOST_CELLS]]
    return render(
        "sweep/dashboard_line",
        task=task,
        link=_link(task.issue) if task.issue else "",
        what=task.what[:LONGEST],
        cells=cells,
        more_cells=max(0, len(task.cells) - MOST_CELLS),
        state=task.state[:LONGEST],
        people=_people(task.people) if with_people else "",
    )
