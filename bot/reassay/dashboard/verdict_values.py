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


class VerdictRow(Strict):
    """One row that needs a sign-off."""

    number: int
    what: str
    role: str
    needed: int
    signed: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    """Logins who may sign it."""
    is_signed: bool


class WhatIf(Strict):
    """The verdict if some people signed off every row that they may, computed by the gate itself."""

    people: tuple[str, ...]
    conclusion: Literal["success", "failure", "error"]
    missing: tuple[str, ...] = ()
    """What is missing even then, each a sentence."""


class DashboardVerdict(Strict):
    """The verdict on a pull request, or on a range of commits."""

    name: str
    """Name of its page: `pull-12`, or `range`."""
    title: str
    pull: int | None = None
    head: str
    conclusion: Literal["success", "failure", "error"]
    judged_at: datetime
    valid_until: date | None = None
    rules: tuple[VerdictRule, ...]
    rows: tuple[VerdictRow, ...]
    changes: tuple[str, ...] = ()
    what_if: tuple[WhatIf, ...] = ()
    overridden: str = ""
