"""Content of the dashboard issue: the tasks of this week by person, and everything else that is not current. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from reassay.assessment.cell_status import ANY
from reassay.assessment.cells import AssessmentInput, CellStatus, State
from reassay.assessment.follow_up_people import people_of, roles_of
from reassay.assessment.source_states import unwell_sources
from reassay.assessment.triage import recent_imports, waiting_signals
from reassay.assessment.unreadable import SUBJECTS, UnreadableObject
from reassay.assessment.views.follow_ups import open_follow_ups
from reassay.commands.conclusion import deciders
from reassay.ledger.history import Reassessment
from reassay.people.people import spoken_role
from reassay.register.finding import Finding
from reassay.sweep.input import SweepInput
from reassay.sweep.repository_issues import TRIAGE, UNREADABLE
from reassay.sweep.views.issue import is_past_due
from reassay.sweep.views.issue_context import IssueContext
from reassay.sweep.views.issue_model import issue_model
from reassay.sweep.views.reminded_people import deciding_people, deciding_roles
from reassay.sweep.views.triage import triage_people
from reassay.sweep.views.unreadable import people_behind

WEEK: Final = timedelta(days=7)
MONTH: Final = timedelta(days=31)
Group = Literal["week", "unknown", "month", "queued", "later"]
"""`queued`: pacing opens it later. `later`: not current, and due after a month or without a date."""
_NOTHING_TO_DO: Final = frozenset({State.CURRENT, State.RETIRED})


@dataclass(frozen=True, slots=True)
class DashboardTask:
    """One thing that one of some people has to do."""

    verb: str
    """As a sentence about what goes before it: `decide`, `fix the register`."""
    what: str
    """The title, or the place."""
    people: tuple[str, ...] = ()
    """Logins, of whom one is enough; empty where nobody is known."""
    issue: int | None = None
    due: date | None = None
    due_at: datetime | None = None
    is_late: bool = False
    cells: tuple[str, ...] = ()
    state: str = ""
    """What is to be known of it besides its date; empty if nothing is."""
    opens: date | None = None
    """The day on which pacing opens it."""
    rank: int = 9
    """Less is more urgent."""
    group: Group = "week"
    subject: str = ""
    """Id of the mitigation or commitment; empty for an error that is about none."""
    follow_up: str = ""
    """`R-2026-001 follow-up 1`, if it is one."""
    roles: tuple[str, ...] = ()
    """Roles or logins of the register by which the people have to do it; empty where nobody is known."""


@dataclass(frozen=True, slots=True)
class DashboardContent:
    """Everything that the dashboard says, most urgent first."""

    tasks: tuple[DashboardTask, ...]
    errors: int
    """Errors of the register."""
    unknown: int
    """Cells of which a source is missing."""
    current: int
    """Cells that are current or due soon, with nothing wrong."""
    cells: int
    blind: tuple[str, ...]
    """What sources of signals cannot be relied on, each a sentence without its full stop."""
    signals: int
    """Signals that wait for triage."""
    triage_by: date | None
    """The last day for the first of them."""
    triage_people: tuple[str, ...]
    triage_issue: int | None
    imports: int
    """Items that only set a baseline and that a person should look at."""

    @property
    def overdue(self) -> int:
        """What is overdue, opened or not, follow-ups and orders included."""
        return sum(task.is_late for task in self.tasks)

    def group(self, name: Group) -> tuple[DashboardTask, ...]:
        """The tasks of one part."""
        return tuple(task for task in self.tasks if task.group == name)


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What the tasks follow from."""

    assessment_input: AssessmentInput
    context: IssueContext
    situation_of: Callable[[Reassessment, AssessmentInput], AssessmentInput | None]
    """The situation of a re-assessment; None while its pull request cannot be read."""


def dashboard_content(inputs: SweepInput) -> DashboardContent:
    """The content as of today."""
    facts, context = inputs.assessment_input, inputs.issue_context
    cells = tuple(cell for cell in context.cells if cell.state is not State.RETIRED)
    waiting = waiting_signals(facts)
    return DashboardContent(
        tasks=dashboard_tasks(TaskFacts(facts, context, inputs.assessment_input_of)),
        errors=len(facts.register.errors),
        unknown=sum("unknown" in cell.conditions for cell in cells),
        current=sum(ANY not in cell.conditions for cell in cells),
        cells=len(cells),
        blind=tuple(own.words for own in unwell_sources(facts)),
        signals=len(waiting),
        triage_by=waiting[0].due if waiting else None,
        triage_people=triage_people(waiting, facts),
        triage_issue=TRIAGE.open_number(facts.history),
        imports=sum(own.count for own in recent_imports(facts)),
    )


def dashboard_tasks(given: TaskFacts) -> tuple[DashboardTask, ...]:
    """Everything that people have to do, most urgent first."""
    tasks = [*_unreadable(given), *_orders(given), *_open(given), *_not_open(given), *_follow_ups(given)]
    return tuple(sorted(tasks, key=_urgency))


def _urgency(task: DashboardTask) -> tuple[int, date, date, str, tuple[str, ...]]:
    return task.rank, task.due or date.max, task.opens or date.max, task.what, task.cells


def _unreadable(given: TaskFacts) -> Iterator[DashboardTask]:
    """What cannot be read, by its last known owner; then the errors about what nobody knew before."""
    facts = given.assessment_input
    issue = UNREADABLE.open_number(facts.history)
    lost = facts.register_index.unreadable
    seen: set[Finding] = set()
    for own in lost:
        seen.add(own.finding)
        yield _lost(own, people_behind(own.owner, facts) if own.owner else (), issue)
    for finding in facts.register.errors:
        if finding not in seen:
            yield DashboardTask("", _place(finding), state=f"{finding.message}. {finding.remedy}", rank=1)


def _lost(own: UnreadableObject, people: tuple[str, ...], issue: int | None) -> DashboardTask:
    words = f"{own.finding.message} ({own.place}). {own.finding.remedy}"
    roles = (own.owner,) if own.owner else ()
    subject = own.id or "" if own.kind in {*SUBJECTS, None} else ""
    what = "fix the register: it is not watched"
    return DashboardTask(what, own.name, people, issue, state=words, rank=0, subject=subject, roles=roles)


def _place(finding: Finding) -> str:
    return f"{finding.at.path}:{finding.at.line}"


def _orders(given: TaskFacts) -> Iterator[DashboardTask]:
    """Each order that is not carried out, for the owner."""
    facts = given.assessment_input
    cells = (cell for cell in given.context.cells if cell.state is not State.RETIRED)
    for cell in {(cell.order, cell.subject): cell for cell in cells if cell.order}.values():
        decided = facts.history.reassessments.get(cell.order.record) if cell.order else None
        model = issue_model(decided, facts, given.context) if decided else None
        yield DashboardTask(
            "carry out the order",
            model.title if model else cell.subject,
            (model.driver,) if model and model.driver else (),
            decided.issue if decided else None,
            is_late=True,
            state=cell.order.words if cell.order else "",
            rank=2,
            subject=cell.subject,
            roles=(model.subject.owner,) if model and model.subject else (),
        )


def _open(given: TaskFacts) -> Iterator[DashboardTask]:
    facts = given.assessment_input
    for reassessment in facts.history.open:
        about = given.situation_of(reassessment, facts)
        model = issue_model(reassessment, about or facts, given.context)
        if reassessment.subject in facts.register_index.unreadable_subjects:
            continue  # it can be decided once its entry is fixed, which is a task of its own
        own = [cell for cell in model.own if cell.cell in reassessment.cells]
        is_late = is_past_due(reassessment, facts) or model.is_overdue
        group = _by_date(reassessment.due, facts.today)
        pull = reassessment.proposal.pull if reassessment.proposal else None
        people = deciding_people(model)
        yield DashboardTask(
            f"decide before pull request {pull} is merged" if pull else "decide",
            model.title,
            people,
            reassessment.issue,
            reassessment.due,
            reassessment.due_at,
            is_late,
            reassessment.cells,
            _state(own),
            rank=3 if is_late else 4,
            group="week" if is_late else group,
            subject=reassessment.subject,
            roles=deciding_roles(model),
        )


def _not_open(given: TaskFacts) -> Iterator[DashboardTask]:
    """Cells that are not current and that no open re-assessment covers."""
    facts = given.assessment_input
    covered = {(own.subject, cell) for own in facts.history.open for cell in _cells_of(own)}
    kept: dict[tuple[str, Group, date | None], list[CellStatus]] = {}
    for cell in given.context.cells:
        left_out = cell.state is State.UNREADABLE or (cell.subject, cell.cell) in covered
        group = None if left_out else _group(cell, facts.today)
        if group is not None:
            kept.setdefault((cell.subject, group, cell.scheduled or cell.due), []).append(cell)
    for (subject, group, _), own in kept.items():
        yield _unopened(subject, group, own, facts)


def _cells_of(reassessment: Reassessment) -> Iterable[str]:
    return reassessment.cells if reassessment.proposal is None else ()


def _unopened(subject: str, group: Group, own: Sequence[CellStatus], facts: AssessmentInput) -> DashboardTask:
    first = own[0]
    entry = facts.register.subjects.get(subject)
    is_late = any(cell.clock is State.OVERDUE for cell in own)
    deciding = deciders(entry.value, facts.register, facts.today) if entry else None
    return DashboardTask(
        "no issue is open yet" if group in {"week", "month"} else "",
        entry.value.title if entry else subject,
        deciding.people if deciding else (),
        due=first.due,
        due_at=first.due_at,
        is_late=is_late,
        cells=tuple(cell.cell for cell in own),
        state=_state(own) if group in {"week", "month"} else first.reason,
        opens=first.scheduled,
        rank=3 if is_late else 5,
        group=group,
        subject=subject,
        roles=deciding.roles if deciding else (),
    )


def _group(cell: CellStatus, today: date) -> Group | None:
    """The part in which a cell without an open re-assessment is listed; None if there is nothing to do about it."""
    if cell.scheduled is not None:
        return "queued"
    if cell.clock is State.OVERDUE:
        return "week"
    if cell.is_blind or cell.state is State.UNKNOWN:
        return "unknown"
    near = _by_date(cell.due, today)
    if near != "later":
        return near
    return None if cell.state in _NOTHING_TO_DO | {State.DUE_SOON} else "later"


def _by_date(due: date | None, today: date) -> Group:
    if due is None or due > today + MONTH:
        return "later"
    return "week" if due <= today + WEEK else "month"


def _state(cells: Sequence[CellStatus]) -> str:
    """Verdicts that are bad news, and that a source is missing; empty without either."""
    words = [cell.verdict for cell in cells if cell.last and cell.last.decision in {"ineffective", "degraded"}]
    words += ["unknown: a source that it needs is missing" for cell in cells if cell.is_blind]
    return "; ".join(dict.fromkeys(words))


def _follow_ups(given: TaskFacts) -> Iterator[DashboardTask]:
    facts = given.assessment_input
    for own in open_follow_ups(facts):
        doing, verifying = people_of(own, facts)
        roles = roles_of(own, facts)
        is_late = own.is_overdue(facts.today)
        entry = facts.register.subjects.get(own.subject)
        is_open = own.progress == "open"
        yield DashboardTask(
            "do follow-up" if is_open else "verify follow-up",
            f"{entry.value.title if entry else own.subject} ({own.name})",
            doing if is_open else verifying,
            own.issue,
            own.due,
            is_late=is_late,
            rank=3 if is_late else 4,
            group=_by_date(own.due, facts.today),
            subject=own.subject,
            follow_up=own.name,
            roles=tuple(spoken_role(role, facts.people) for role in roles[0 if is_open else 1]),
        )
