"""Actions as values: decisions result in them, and an interpreter carries them out or, in a dry run, lists them."""

from dataclasses import dataclass

from reassay.github.drafts import CheckDraft, IssueChange, IssueDraft, Label, PullRequestDraft, StickyDraft
from reassay.ledger.state import Append
from reassay.people.account import Comment


@dataclass(frozen=True, slots=True)
class AppendToLedger:
    """Record something; first of all, so that every later step can be found again."""

    append: Append
    what: str


@dataclass(frozen=True, slots=True)
class CreateLabel:
    """Declare a label of ours."""

    label: Label


@dataclass(frozen=True, slots=True)
class CreateIssue:
    """The issue of a claimed re-assessment, or about what came past the gate."""

    reassessment: str
    """Its id; for the other, what it is called."""
    draft: IssueDraft


@dataclass(frozen=True, slots=True)
class ChangeIssue:
    """Bring an issue to what it should be."""

    number: int
    change: IssueChange
    what: str
    """For people: `reopen`, `close`, `update`."""


@dataclass(frozen=True, slots=True)
class AddComment:
    """Say something, once."""

    number: int
    key: str
    body: str


@dataclass(frozen=True, slots=True)
class React:
    """Acknowledge a comment; the last step of handling it."""

    number: int
    comment: Comment
    content: str


@dataclass(frozen=True, slots=True)
class Propose:
    """The first contact: a pull request that shows the plan."""

    draft: PullRequestDraft


@dataclass(frozen=True, slots=True)
class ChangeProposal:
    """Bring the words of the first contact up to date."""

    number: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Notify:
    """The first contact where pull requests cannot be made: a comment on a commit, made or brought up to date."""

    commit: str
    body: str
    comment: int | None = None
    """Id of the comment, if it is there already."""


@dataclass(frozen=True, slots=True)
class Publish:
    """A verdict: a check run on the head, and the one comment."""

    number: int
    """Number of the pull request; 0 for a group of a merge queue."""
    repository: str
    """Node id."""
    check: CheckDraft
    sticky: StickyDraft | None


ContactAction = Propose | ChangeProposal | Notify
Action = AppendToLedger | CreateLabel | CreateIssue | ChangeIssue | AddComment | React | Publish | ContactAction
IssueAction = CreateIssue | ChangeIssue | AddComment | React
CREATING = (CreateIssue, AddComment, Propose, Notify, Publish)
"""Actions that count against GitHub's content-creation limits."""


def describe(action: Action) -> str:  # noqa: PLR0911 -- one line for each kind of action
    """One line for people."""
    match action:
        case AppendToLedger(what=what):
            return f"record {what}"
        case CreateLabel(label=label):
            return f"create label '{label.name}'"
        case CreateIssue(reassessment=name, draft=draft):
            return f"open {name}: {draft.title}"
        case ChangeIssue(number=number, what=what):
            return f"{what} #{number}"
        case AddComment(number=number, key=key):
            return f"comment on #{number} ({key})"
        case React(number=number, content=content):
            return f"react with {content} on #{number}"
        case Publish(check=check):
            return f"publish {check.conclusion} of {check.name} on {check.head[:7]}: {check.title}"
        case _:
            return _contact(action)


def _contact(action: ContactAction) -> str:
    match action:
        case Propose(draft=draft):
            return f"propose '{draft.title}' in a pull request"
        case ChangeProposal(number=number):
            return f"update the proposal in #{number}"
        case Notify(commit=commit):
            return f"show the plan in a comment on commit {commit[:7]}"
