"""New ledger entries that can change the state of a cell: a run evaluates cells again only for these."""

from reassay.ledger.dashboard import DashboardClaimed, DashboardEnded, DashboardIssue
from reassay.ledger.entry import Body, Joined, Observation, Opened
from reassay.ledger.follow_ups import FollowUpClaimed, FollowUpIssue
from reassay.ledger.history import History
from reassay.ledger.pull_requests import (
    ChangeAnswered,
    ChangeDissented,
    ChangeHeld,
    ChangeReleased,
    ChangeSigned,
    ChangeWithdrawn,
)
from reassay.ledger.signals import TriageClaimed, TriageDone, TriageIssue


def bears_on_cells(body: Body, history: History) -> bool:
    """Whether a cell may read differently once `body` is recorded; `history` is the one that has it.

    False only for kinds that no trigger and no status looks at: approvals of a pull request, issues of follow-ups, of triage and
    of the dashboard, and re-assessments of what a pull request would merge, which cover no cell before the merge.
    """
    match body:
        case (
            ChangeAnswered() | ChangeSigned() | ChangeWithdrawn() | ChangeHeld() | ChangeReleased() | ChangeDissented()
        ):
            return False
        case (
            FollowUpClaimed()
            | FollowUpIssue()
            | TriageClaimed()
            | TriageIssue()
            | TriageDone()
            | DashboardClaimed()
            | DashboardIssue()
            | DashboardEnded()
        ):
            return False
        case Opened(proposal=proposal):
            return proposal is None
        case Joined(reassessment=name):
            return _is_in_force(name, history)
        case Observation(issues=issues):
            return any(_is_in_force(number.reassessment, history) for number in issues)
        case _:
            return True


def _is_in_force(name: str, history: History) -> bool:
    reassessment = history.reassessments.get(name)
    return reassessment is None or reassessment.proposal is None
