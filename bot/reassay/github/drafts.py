"""Drafts of objects to create on GitHub: labels, issues, pull requests, comments and check runs."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the bot."""

    name: str
    colour: str
    description: str


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """An issue to create."""

    title: str
    body: str
    labels: tuple[str, ...]
    assignees: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssueChange:
    """A change of an issue. A field with None stays as it is."""

    title: str | None = None
    body: str | None = None
    is_open: bool | None = None
    completed: bool = True
    """Whether an issue is closed as completed; else as not planned."""
    add_labels: tuple[str, ...] = ()
    remove_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PullRequestDraft:
    """A pull request to create, with one file on a new branch."""

    branch: str
    base: str
    base_commit: str
    path: str
    content: str
    title: str
    body: str


MOST_ANNOTATIONS = 500
"""Annotations of one check run that are published; each 50 take a request."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation of a line in a check run."""

    path: str
    line: int
    level: Literal["FAILURE", "WARNING", "NOTICE"]
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """A completed check run to create. It is never neutral or skipped, which would satisfy a required check."""

    name: str
    head: str
    conclusion: Literal["success", "failure"]
    external_id: str
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()
    anchor: str = ""
    """Anchor of the ledger, published with the external id; empty without one."""


@dataclass(frozen=True, slots=True)
class StickyDraft:
    """The bot's comment on a pull request, to create or to update."""

    pull: str
    """Node id of the pull request."""
    body: str
    existing: str | None = None
    """Node id of the comment to update; None to create one."""


REASSESSMENT = Label("re-assessment", "0b6e99", "A mitigation is re-assessed here (reassay)")
OVERDUE = Label("re-assessment: overdue", "b60205", "Its due date is past (reassay)")
FULL = Label("re-assessment: full", "5319e7", "The full checklist applies (reassay)")
FOLLOW_UP = Label("re-assessment: follow-up", "c2a000", "Promised by a decision, with a date (reassay)")
DECLARED = (REASSESSMENT, OVERDUE, FULL)
"""The labels of re-assessments. The bot changes no others of their issues."""
LABELS = (*DECLARED, FOLLOW_UP)
"""All labels of the bot."""
