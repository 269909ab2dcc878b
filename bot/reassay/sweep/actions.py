"""Actions of a sweep as values: an interpreter carries them out or, in a dry run, lists them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reassay.common.sentences import names
from reassay.github.branch_files import DASHBOARD_BRANCH
from reassay.github.drafts import CheckDraft, IssueChange, IssueDraft, Label, PullRequestDraft, StickyDraft
from reassay.github.section import ledger_marker, with_ledger
from reassay.ledger.state import Append
from reassay.people.account import Comment
from reassay.sweep.views.rate_figure import RateFigure


@dataclass(frozen=True, slots=True)
class AppendToLedger:
    """Appends records to the ledger, before any other action."""

    append: Append
    what: str


@dataclass(frozen=True, slots=True)
class CreateLabel:
    """Creates a label."""

    label: Label


@dataclass(frozen=True, slots=True)
class CreateIssue:
    """Creates the issue of a claimed re-assessment, about bypasses, or about the repository as a whole."""

    reassessment: str
    """The id of the re-assessment; "bypass", "unreadable", "triage" or "dashboard" for the others."""
    draft: IssueDraft


@dataclass(frozen=True, slots=True)
class ChangeIssue:
    """Updates, closes or reopens an issue."""

    number: int
    change: IssueChange
    what: str
    """`reopen`, `close` or `update`."""


@dataclass(frozen=True, slots=True)
class PinIssue:
    """Pins an issue above the list of issues; GitHub pins at most three of a repository."""

    number: int


@dataclass(frozen=True, slots=True)
class AddComment:
    """Writes a comment, once for each key."""

    number: int
    key: str
    body: str


@dataclass(frozen=True, slots=True)
class React:
    """Reacts to a comment, as the last step of handling it."""

    number: int
    comment: Comment
    content: str


@dataclass(frozen=True, slots=True)
class Propose:
    """Creates the pull request of the first contact."""

    draft: PullRequestDraft


@dataclass(frozen=True, slots=True)
class ChangeProposal:
    """Updates the pull request of the first contact."""

    number: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Notify:
    """Writes or updates a comment on a commit, where the first contact may not create a pull request."""

    commit: str
    body: str
    comment: int | None = None
    """The id of the existing comment; None without one."""


@dataclass(frozen=True, slots=True)
class Publish:
    """Publishes a verdict: a check run on the head, and the comment on the pull request."""

    number: int
    """Number of the pull request; 0 for a group of a merge queue."""
    repository: str
    """Node id."""
    check: CheckDraft
    sticky: StickyDraft | None


@dataclass(frozen=True, slots=True)
class KeepPictures:
    """Draws pictures of incident rates and writes them to their branch."""

    head: str | None
    """Commit of the branch; None if there is none yet."""
    figures: tuple[RateFigure, ...]
    gone: tuple[str, ...] = ()
    """Paths of earlier pictures that these replace."""


@dataclass(frozen=True, slots=True)
class KeepDashboard:
    """Writes the dashboard to its branch: a page, and pictures."""

    head: str | None
    """Commit of the branch; None if there is none yet."""
    files: tuple[tuple[str, bytes], ...]
    """Path and content of each file that changes."""
    gone: tuple[str, ...] = ()
    """Paths of files that are no longer part of it."""
    ends: bool = False
    """Whether the dashboard was switched off."""


ContactAction = Propose | ChangeProposal | Notify
Action = (
    AppendToLedger
    | CreateLabel
    | CreateIssue
    | ChangeIssue
    | PinIssue
    | AddComment
    | React
    | Publish
    | KeepPictures
    | KeepDashboard
    | ContactAction
)
IssueAction = CreateIssue | ChangeIssue | PinIssue | AddComment | React
CREATING = (CreateIssue, AddComment, Propose, Notify, Publish)
"""Actions that count against GitHub's content-creation limits."""


def anchored(
    actions: Sequence[IssueAction | CreateLabel | Publish], anchor: str, repository: int
) -> Iterator[IssueAction | CreateLabel | Publish]:
    """The same actions, with an anchor of the ledger in each comment and check run: later runs find a loss by it.

    The body of an issue has its own anchor, because it is compared at every sweep.
    """
    marker = ledger_marker(repository, anchor)
    for action in actions:
        match action:
            case AddComment(body=body):
                yield replace(action, body=with_ledger(body, marker))
            case Publish(check=check, sticky=sticky):
                marked = replace(sticky, body=with_ledger(sticky.body, marker)) if sticky else None
                yield replace(action, check=replace(check, anchor=anchor), sticky=marked)
            case _:
                yield action


def describe(action: Action) -> str:  # noqa: PLR0911 -- one line for each kind of action
    """One line about an action."""
    match action:
        case AppendToLedger(what=what):
            return f"record {what}"
        case CreateLabel(label=label):
            return f"create label '{label.name}'"
        case CreateIssue(reassessment=name, draft=draft):
            return f"open {name}: {draft.title}"
        case ChangeIssue(number=number, what=what):
            return f"{what} #{number}"
        case PinIssue(number=number):
            return f"pin #{number}"
        case AddComment(number=number, key=key):
            return f"comment on #{number} ({key})"
        case React(number=number, content=content):
            return f"react with {content} on #{number}"
        case Publish(check=check):
            return f"publish {check.conclusion} of {check.name} on {check.head[:7]}: {check.title}"
        case KeepPictures() | KeepDashboard():
            return _files(action)
        case _:
            return _contact(action)


def _files(action: KeepPictures | KeepDashboard) -> str:
    if isinstance(action, KeepPictures):
        return f"draw the incident rate of {names(*(figure.reassessment for figure in action.figures))}"
    what = "that the dashboard is switched off" if action.ends else "the dashboard"
    return f"write {what} to the branch {DASHBOARD_BRANCH} ({names(*(path for path, _ in action.files))})"


def _contact(action: ContactAction) -> str:
    match action:
        case Propose(draft=draft):
            return f"propose '{draft.title}' in a pull request"
        case ChangeProposal(number=number):
            return f"update the proposal in #{number}"
        case Notify(commit=commit):
            return f"show the plan in a comment on commit {commit[:7]}"
