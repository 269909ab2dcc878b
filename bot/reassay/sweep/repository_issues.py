"""The issues about a repository as a whole, as the ledger has them: what cannot be read, what waits for triage, the dashboard.

At most one of a kind is open.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reassay.github.drafts import IssueChange
from reassay.github.repository_state import Issue
from reassay.github.section import Section, keyed, merge, same
from reassay.ledger.dashboard import DashboardClaimed, DashboardEnded, DashboardIssue
from reassay.ledger.history import History, LedgerRecord
from reassay.ledger.signals import TriageClaimed, TriageDone, TriageIssue
from reassay.ledger.sweep_records import ReadableAgain, UnreadableClaimed, UnreadableIssue
from reassay.sweep.actions import AddComment, ChangeIssue, IssueAction
from reassay.sweep.issue_comments import own_keys


@dataclass(frozen=True, slots=True)
class RepositoryIssue:
    """One issue about a repository as a whole."""

    record: LedgerRecord
    claim: UnreadableClaimed | TriageClaimed | DashboardClaimed
    number: int | None
    """None until it is recorded."""
    ended: LedgerRecord | None
    """The record that its reason is gone; None while it is open."""


@dataclass(frozen=True, slots=True)
class RepositoryIssueKind:
    """A kind of such issues, by the ledger entries of its claim, its number and its end."""

    name: str
    claimed: type[UnreadableClaimed | TriageClaimed | DashboardClaimed]
    numbered: type[UnreadableIssue | TriageIssue | DashboardIssue]
    over: type[ReadableAgain | TriageDone | DashboardEnded]

    def latest(self, history: History) -> RepositoryIssue | None:
        """The latest issue of this kind; None if there was none."""
        claims = list(history.records_of(self.claimed))
        if not claims:
            return None
        record, claim = claims[-1]
        numbers = [body.issue for _, body in history.records_of(self.numbered) if body.nonce == claim.nonce]
        ends = [entry for entry, body in history.records_of(self.over) if body.nonce == claim.nonce]
        return RepositoryIssue(record, claim, numbers[-1] if numbers else None, ends[-1] if ends else None)

    def open_number(self, history: History) -> int | None:
        """The number of the open issue; None without one, and until its number is recorded."""
        latest = self.latest(history)
        return latest.number if latest and latest.ended is None else None

    def number_to_read(self, history: History, since: datetime) -> int | None:
        """The number of the issue, while it is open or was ended after `since`, in case a run ended before closing it."""
        latest = self.latest(history)
        if latest is None or (latest.ended is not None and latest.ended.at < since):
            return None
        return latest.number


UNREADABLE: Final = RepositoryIssueKind("unreadable", UnreadableClaimed, UnreadableIssue, ReadableAgain)
TRIAGE: Final = RepositoryIssueKind("triage", TriageClaimed, TriageIssue, TriageDone)
DASHBOARD: Final = RepositoryIssueKind("dashboard", DashboardClaimed, DashboardIssue, DashboardEnded)
REPOSITORY_ISSUES: Final = (UNREADABLE, TRIAGE, DASHBOARD)


def update(issue: Issue, title: str, section: Section) -> Iterator[ChangeIssue]:
    """The change that makes an issue say what it should, open again if it was closed; nothing if it does."""
    body = merge(issue.body, section)
    change = IssueChange(
        title=title if issue.title != title else None,
        body=None if same(body, issue.body) else body,
        is_open=None if issue.is_open else True,
    )
    if change != IssueChange():
        yield ChangeIssue(issue.number, change, "update" if issue.is_open else "reopen")


def closing(issue: Issue, key: str, text: str, bot_accounts: frozenset[str]) -> Iterator[IssueAction]:
    """Closes an issue, once. The comment comes last: once it is there, the issue is left to people."""
    if key in own_keys(issue, bot_accounts):
        return
    if issue.is_open:
        yield ChangeIssue(issue.number, IssueChange(is_open=False), "close")
    yield AddComment(issue.number, key, keyed(key, text))
