"""Arguments of the commands that approvals judge; every other verb declares its own in its file."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


class Command:
    """A slash command with its arguments; `verb` is its name."""

    __slots__ = ()
    verb: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Promise:
    """A follow-up with its date."""

    due: date
    text: str
    by: str | None = None
    """Role or login that does it; None for the owner."""
    verified_by: str | None = None
    """Role or login that verifies it; None for the assessors and approvers."""


@dataclass(frozen=True, slots=True)
class Conclude(Command):
    """Decide a re-assessment."""

    verb: ClassVar[str] = "conclude"
    decision: str
    deployment: str | None = None
    follow_ups: tuple[Promise, ...] = ()
    because: str | None = None
