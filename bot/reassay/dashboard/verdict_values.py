"""Verdicts of the merge gate, as the dashboard shows them."""

from datetime import date, datetime
from typing import Literal

from reassay.dashboard.subject_values import SourcePlace
from reassay.register.base import Strict


class VerdictRule(Strict):
    """One leaf of a verdict."""

    name: str
    status: Literal["met", "unmet", "skipped", "error"]
    why: str
    next_step: str = ""
    people: tuple[str, ...] = ()
    place: SourcePlace | None = None
    notes: tuple[str, ...] = ()
    """Sign-offs that did not count, and why."""


class VerdictRow(Strict):
    """One row that needs a sign-off."""

    number: int
    what: str
    role: str
    needed: int
    signed: tuple[str, ...] = ()
    """Who signed it off so that it counts, with the role."""
    people: tuple[str, ...] = ()
    """Logins who may sign it."""
    is_signed: bool
    answer: str = ""
    """The answer to a question: yes, no, n/a or not-tested; empty without one, and for approval steps."""
    void: tuple[str, ...] = ()
    """Sign-offs that do not count, and why."""


class VerdictAction(Strict):
    """One thing to do: a command to copy, or a sentence where no command does it."""

    command: str = ""
    words: str = ""


class VerdictStep(Strict):
    """What one person can do next, or any of several."""

    people: tuple[str, ...]
    """Logins, any of whom can; empty where it is not known who."""
    actions: tuple[VerdictAction, ...]


class WhatIf(Strict):
    """The verdict if some people signed off every row that they may, computed by the gate itself."""

    people: tuple[str, ...]
    """In the order in which they act."""
    conclusion: Literal["success", "failure", "error"]
    missing: tuple[str, ...] = ()
    """What is missing even then, each a sentence."""
    answered: tuple[int, ...] = ()
    """Rows with a question that is assumed to be answered `yes`."""
    signed: tuple[int, ...] = ()
    """Rows that gain a sign-off that counts."""
    in_one_role: tuple[str, ...] = ()
    """Logins of those who may sign a row that is missing even then, but only in a second role, which does not count."""


class DashboardVerdict(Strict):
    """The verdict on a pull request, or on a range of commits."""

    name: str
    """Name of its page: `pull-12`, or `range`."""
    title: str
    pull: int | None = None
    base: str = ""
    """The branch that it is to be merged into."""
    head: str
    conclusion: Literal["success", "failure", "error"]
    why: str = ""
    """What is missing, in a half-sentence; empty if it may be merged."""
    enforces: bool = True
    """Whether the gate blocks; False in mode `advise`, which only says so."""
    judged_at: datetime
    valid_until: date | None = None
    seq: int = 0
    """Seq of the last ledger entry that it was judged with."""
    is_offline: bool = False
    """Whether authors, pushers, reviews and teams were not read."""
    steps: tuple[VerdictStep, ...] = ()
    """What is missing, by the people who can do it."""
    rules: tuple[VerdictRule, ...]
    rows: tuple[VerdictRow, ...]
    changes: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    """Re-assessments that merging opens, in words."""
    what_if: tuple[WhatIf, ...] = ()
    """Every group of the people who may sign something that is missing; of more than five, each alone and all together."""
    not_alone: tuple[str, ...] = ()
    """Logins of people of whom it was not computed what they alone could do, because there is too much to compute."""
    overridden: str = ""
