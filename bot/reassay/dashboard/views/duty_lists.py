"""Duties by group and role, with one next step each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reassay.dashboard.values import DashboardDuty
from reassay.dashboard.views.addresses import RepositoryLinks, anchor

_DECIDE: Final = "/reassay conclude ineffective|degraded|inconclusive|effective because <findings>"
_COMMANDS: Final = {"decide": _DECIDE, "verify follow-up": "/reassay follow-up verified|not-done because <reason>"}
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
"""What may be part of a command to copy into a shell."""
NOBODY: Final = "Whoever maintains the register"
GROUPS: Final = (
    ("now", "Needed now", "Late, or due within a week."),
    ("unknown", "Unknown", "A source that these need is missing, so nobody can tell whether they are due."),
    ("month", "This month", "Due within a month."),
    ("later", "Later", "Not current, and due after a month or without a date."),
    ("queued", "Not opened yet", "A first run opens a few at a time; these follow."),
)
"""Group, title and what it holds, in the order of the page."""


@dataclass(frozen=True, slots=True)
class DutyStep:
    """What to do next: words, an address, and a line to copy. Address and line may be empty."""

    words: str
    address: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty with its next step."""

    duty: DashboardDuty
    step: DutyStep


@dataclass(frozen=True, slots=True)
class RoleDuties:
    """The duties of one role, or of people whom the register names directly."""

    title: str
    anchor: str
    rows: tuple[DutyRow, ...]


@dataclass(frozen=True, slots=True)
class DutyList:
    """One group of duties, by role."""

    group: str
    title: str
    means: str
    number: int
    late: int
    roles: tuple[RoleDuties, ...]


def duty_lists(duties: Sequence[DashboardDuty], links: RepositoryLinks) -> tuple[DutyList, ...]:
    """The groups that have a duty. Roles are in the order of their most urgent duty; the first list of a role has its anchor."""
    taken: set[str] = set()
    return tuple(_lists(duties, links, taken))


def _lists(duties: Sequence[DashboardDuty], links: RepositoryLinks, taken: set[str]) -> Iterator[DutyList]:
    for group, title, means in GROUPS:
        own = [duty for duty in duties if duty.group == group]
        if own:
            roles = tuple(_by_role(own, group, links, taken))
            yield DutyList(group, title, means, len(own), sum(duty.is_late for duty in own), roles)


def _by_role(
    duties: Sequence[DashboardDuty], group: str, links: RepositoryLinks, taken: set[str]
) -> Iterator[RoleDuties]:
    by_role: dict[tuple[str, tuple[str, ...]], list[DashboardDuty]] = {}
    for duty in duties:
        by_role.setdefault((duty.role, () if duty.role else duty.people), []).append(duty)
    for (role, people), own in by_role.items():
        title = role or " or ".join(people) or NOBODY
        name = anchor("role", title)
        place = anchor("role", title, group) if name in taken else name
        taken.add(name)
        yield RoleDuties(title, place, tuple(DutyRow(duty, next_step(duty, links)) for duty in own))


def next_step(duty: DashboardDuty, links: RepositoryLinks) -> DutyStep:
    """The one next step of a duty."""
    if duty.issue:
        command = _COMMANDS.get(duty.verb, "")
        where = f"issue #{duty.issue}"
        return DutyStep(f"Comment in {where}" if command else f"Open {where}", links.issue(duty.issue), command)
    if duty.verb == "fix the register":
        return DutyStep("List every error with its remedy", command="reassay check")
    if duty.group == "unknown" and _ID.fullmatch(duty.subject):
        return DutyStep("See which source is missing", command=f"reassay explain {duty.subject}")
    if duty.group == "later" and duty.due is None:
        return DutyStep("Nothing yet: no issue opens while it has no due date.")
    return DutyStep(_WITHOUT_ISSUE[duty.group])


_WITHOUT_ISSUE: Final[dict[Literal["now", "month", "later", "queued", "unknown"], str]] = {
    "now": "The next sweep opens its issue.",
    "month": "Nothing yet: its issue opens in time.",
    "later": "Nothing yet: its issue opens in time.",
    "queued": "Nothing yet: its issue opens in turn.",
    "unknown": "Restore the source that is missing.",
}
