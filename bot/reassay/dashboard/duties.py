"""Tasks of people, as the dashboard shows them: the tasks of the dashboard issue, and what waits for triage."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.triage import waiting_signals
from reassay.common.sentences import alternatives, count_words
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.dashboard.values import DashboardDuty
from reassay.ledger.history import Reassessment
from reassay.sweep.dashboard_content import WEEK, DashboardTask, Group, TaskFacts, dashboard_tasks
from reassay.sweep.overrides import Overrides
from reassay.sweep.repository_issues import TRIAGE
from reassay.sweep.views.issue_context import IssueContext
from reassay.sweep.views.triage import triage_people

DutyGroup = Literal["now", "month", "later", "queued", "unknown"]
_GROUPS: Final[Mapping[Group, DutyGroup]] = {
    "week": "now",
    "month": "month",
    "later": "later",
    "queued": "queued",
    "unknown": "unknown",
}
_VERBS: Final[Mapping[DutyGroup, str]] = {
    "now": "decide",
    "month": "decide",
    "later": "decide",
    "queued": "decide once it opens",
    "unknown": "supply what is missing",
}
"""What to do where no issue is open."""
NOT_OPEN: Final = "no issue is open yet"
FIX: Final = "fix the register"


def dashboard_duties(inputs: DashboardInput) -> tuple[DashboardDuty, ...]:
    """Every task, most urgent first."""
    context = IssueContext(inputs.cells, inputs.objects, Overrides(), inputs.url, ledger=inputs.ledger)
    tasks = dashboard_tasks(TaskFacts(inputs.assessment_input, context, _as_in_force))
    now = [_duty(task, inputs) for task in tasks if task.group == "week"]
    later = [_duty(task, inputs) for task in tasks if task.group != "week"]
    triage = tuple(_triage(inputs))
    return (
        *now,
        *(own for own in triage if own.group == "now"),
        *(own for own in triage if own.group != "now"),
        *later,
    )


def _as_in_force(_: Reassessment, facts: AssessmentInput) -> AssessmentInput:
    """The register in force, also for what a pull request proposes: a dashboard has no pull requests."""
    return facts


def _duty(task: DashboardTask, inputs: DashboardInput) -> DashboardDuty:
    group = _GROUPS[task.group]
    configuration = inputs.assessment_input.register.configuration
    roles = [role for role in task.roles if role in configuration.roles]
    is_error = not task.subject and not task.verb
    state = NOT_OPEN if task.verb == NOT_OPEN and not task.state else task.state
    return DashboardDuty(
        role=alternatives(*roles) if roles else "",
        people=task.people,
        verb=FIX if is_error else _VERBS[group] if task.verb in {"", NOT_OPEN} else task.verb,
        what=task.what,
        subject=task.subject,
        cells=task.cells,
        state=state,
        due=task.due,
        due_at=task.due_at,
        is_late=task.is_late,
        issue=task.issue,
        follow_up=task.follow_up,
        group=group,
    )


def _triage(inputs: DashboardInput) -> Iterator[DashboardDuty]:
    facts = inputs.assessment_input
    waiting = waiting_signals(facts)
    if not waiting:
        return
    first = waiting[0].due
    yield DashboardDuty(
        role="",
        people=triage_people(waiting, facts),
        verb="triage",
        what=count_words(len(waiting), "received signal"),
        due=first,
        is_late=first < facts.today,
        issue=TRIAGE.open_number(facts.history),
        group="now" if first <= facts.today + WEEK else "month",
    )
