"""Interpreters of actions: one carries them out, one only lists them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from reassay.common.errors import LimitError, SpentError
from reassay.github.pinned_issues import PinnedIssues
from reassay.ledger.state import LedgerState, entries_for
from reassay.sweep.actions import (
    CREATING,
    Action,
    AddComment,
    AppendToLedger,
    ChangeIssue,
    ChangeProposal,
    ContactAction,
    CreateIssue,
    CreateLabel,
    IssueAction,
    KeepDashboard,
    KeepPictures,
    Notify,
    PinIssue,
    Propose,
    Publish,
    React,
    describe,
)
from reassay.sweep.repository.picture_files import drawn
from reassay.sweep.run_context import RunContext

Returned = TypeVar("Returned")
Progress = Callable[[str], None]


class Allowance(Protocol):
    """The budget of a run; the rest is left to the next run."""

    patience: float
    """Seconds that may be spent waiting for limits."""

    def spend(self, action: Action) -> None:
        """Raises LimitError when enough was done."""
        ...


@dataclass(slots=True)
class Budget:
    """The budget of one run, counted down."""

    creations: int = 400
    """Issues and comments; GitHub allows 500 an hour."""
    patience: float = 90.0
    """Seconds that may be spent waiting for limits."""

    def spend(self, action: Action) -> None:
        """Raises LimitError when the run has created enough."""
        if isinstance(action, CREATING):
            if self.creations <= 0:
                raise SpentError("this run has created as much as it may", retry_after=3600)
            self.creations -= 1


class Interpreter(Protocol):
    """Carries out actions, or lists them."""

    @property
    def done(self) -> list[Action]:
        """Actions that were carried out or listed, in order."""
        ...

    def append(self, action: AppendToLedger) -> LedgerState:
        """The ledger afterwards."""
        ...

    def label(self, action: CreateLabel) -> None:
        """Declares a label."""
        ...

    def issue(self, action: IssueAction) -> int:
        """The number of the issue that was created or changed; 0 in a dry run for one not yet there."""
        ...

    def contact(self, action: ContactAction) -> int:
        """The number of the pull request, or the id of the comment; 0 in a dry run for one not yet there."""
        ...

    def publish(self, action: Publish) -> None:
        """Publishes a verdict."""
        ...

    def pictures(self, action: KeepPictures) -> None:
        """Draws and writes pictures. Raises ReassayError."""
        ...

    def dashboard(self, action: KeepDashboard) -> None:
        """Writes the dashboard's files. Raises ReassayError."""
        ...


@dataclass(slots=True)
class Writer:
    """Carries out actions within the budget; it waits for short limits, and long ones raise LimitError."""

    ports: RunContext
    budget: Allowance
    progress: Progress
    done: list[Action] = field(default_factory=list)

    def append(self, action: AppendToLedger) -> LedgerState:
        """One commit on the ledger's branch. Raises StaleHeadError."""
        self.budget.spend(action)
        state = self._patiently(lambda: self.ports.ledger.append(action.append))
        self._note(action)
        return state

    def label(self, action: CreateLabel) -> None:
        """Declares a label."""
        self.budget.spend(action)
        self._patiently(lambda: self.ports.github.create_label(action.label))
        self._note(action)

    def issue(self, action: IssueAction) -> int:
        """One step for one issue."""
        self.budget.spend(action)
        number = self._patiently(lambda: self._do(action))
        self._note(action)
        return number

    def contact(self, action: ContactAction) -> int:
        """One step of the first contact. Raises NotAllowedError where pull requests cannot be made."""
        self.budget.spend(action)
        number = self._patiently(lambda: self._reach_out(action))
        self._note(action)
        return number

    def publish(self, action: Publish) -> None:
        """Publishes a check run and its comment."""
        self.budget.spend(action)
        self._patiently(lambda: self.ports.github.publish(action.repository, action.check, action.sticky))
        self._note(action)

    def pictures(self, action: KeepPictures) -> None:
        """One commit on the branch of pictures. Raises ReassayError; StaleHeadError if the branch has moved."""
        self.budget.spend(action)
        files = {figure.path: drawn(figure.picture) for figure in action.figures}
        self._patiently(
            lambda: self.ports.pictures.replace(action.head, files, action.gone, f"reassay: {describe(action)}")
        )
        self._note(action)

    def dashboard(self, action: KeepDashboard) -> None:
        """One commit on the dashboard's branch. Raises ReassayError; StaleHeadError if the branch has moved."""
        self.budget.spend(action)
        summary = f"reassay: {describe(replace(action, files=action.files[:1]))}"
        self._patiently(lambda: self.ports.pictures.replace(action.head, dict(action.files), action.gone, summary))
        self._note(action)

    def _reach_out(self, action: ContactAction) -> int:
        github = self.ports.github
        match action:
            case Propose(draft=draft):
                return github.create_pull_request(draft)
            case ChangeProposal(number=number, title=title, body=body):
                github.change_pull_request(number, title, body)
                return number
            case Notify(body=body, comment=int(comment)):
                github.change_notice(comment, body)
                return comment
            case Notify(commit=commit, body=body):
                return github.create_notice(commit, body)

    def _do(self, action: IssueAction) -> int:
        github = self.ports.github
        match action:
            case CreateIssue(draft=draft):
                return github.create_issue(draft)
            case ChangeIssue(number=number, change=change):
                github.change_issue(number, change)
            case PinIssue(number=number):
                PinnedIssues(github.client, github.full_name).pin(number)
            case AddComment(number=number, body=body):
                github.comment(number, body)
            case React(number=number, comment=comment, content=content):
                github.react(comment, content)
        return action.number

    def _patiently(self, act: Callable[[], Returned]) -> Returned:
        while True:
            try:
                return act()
            except LimitError as limit:
                # A limit answers before anything is done, so the same request may be sent again.
                if limit.retry_after > self.budget.patience:
                    raise
                self.progress(f"GitHub asks to wait {limit.retry_after:.0f} s")
                self.budget.patience -= limit.retry_after
                self.ports.clock.sleep(limit.retry_after)

    def _note(self, action: Action) -> None:
        self.done.append(action)
        self.progress(describe(action))


@dataclass(slots=True)
class DryRun:
    """Lists actions; the ledger grows in memory, so that consequences of records are listed too."""

    progress: Progress
    done: list[Action] = field(default_factory=list)

    def append(self, action: AppendToLedger) -> LedgerState:
        """The ledger as it would be."""
        self._note(action)
        append = action.append
        added = entries_for(
            append.records, len(append.state.entries), append.identity, append.base, append.at, append.policy
        )
        # The link to the last entry keeps that entry's digest known, as after an append.
        linked = [entry.model_copy(update={"prev": append.state.last_digest}) for entry in added[:1]]
        entries = (*append.state.entries, *linked, *added[1:])
        return LedgerState(append.state.head, entries, None, append.state.anchor)

    def label(self, action: CreateLabel) -> None:
        """Lists the action."""
        self._note(action)

    def issue(self, action: IssueAction) -> int:
        """Lists the action."""
        self._note(action)
        return 0 if isinstance(action, CreateIssue) else action.number

    def publish(self, action: Publish) -> None:
        """Lists the action."""
        self._note(action)

    def pictures(self, action: KeepPictures) -> None:
        """Lists the action."""
        self._note(action)

    def dashboard(self, action: KeepDashboard) -> None:
        """Lists the action."""
        self._note(action)

    def contact(self, action: ContactAction) -> int:
        """Lists the action."""
        self._note(action)
        return action.number if isinstance(action, ChangeProposal) else 0

    def _note(self, action: Action) -> None:
        self.done.append(action)
        self.progress(f"would {describe(action)}")
