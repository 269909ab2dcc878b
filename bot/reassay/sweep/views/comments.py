"""Comments of the bot. Each has a key, so that it is never written twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reassay.assessment.explanation import explanation as explained
from reassay.assessment.schedule import forecast
from reassay.assessment.schedule.reminders import Reminder
from reassay.commands.settlement import CONCLUDE, missing_approvals, settlement
from reassay.common.calendar import Duration
from reassay.common.environment import clock_words, render
from reassay.common.inert import Markdown, mention
from reassay.common.sentences import alternatives, names
from reassay.github.section import keyed
from reassay.ledger.entry import Trigger, basis_word
from reassay.ledger.reassessment import LedgerRecord
from reassay.ledger.views.words import cell_words, criterion_result_words, next_dates
from reassay.people.account import Account
from reassay.sweep.views.escalation import escalation, reminder_key
from reassay.sweep.views.issue import issue_place
from reassay.sweep.views.issue_model import IssueModel
from reassay.sweep.views.reminded_people import reminded_people


@dataclass(frozen=True, slots=True)
class CommentDraft:
    """A comment to write, unless one with its key exists."""

    key: str
    body: str


def comment_of(key: str, text: str) -> CommentDraft:
    """A comment with its key, by which it is found again."""
    return CommentDraft(key, keyed(key, text))


def reminder(model: IssueModel, due: Reminder, today: date) -> CommentDraft:
    """A reminder of an open re-assessment, to those who still have something to do, and past a time to a further role."""
    late = model.assessment_input.register.configuration.working_days.between(model.reassessment.due, today)
    to = reminded_people(model)
    text = render(
        "sweep/reminder",
        model=model,
        late=late,
        to=Markdown(f"{names(*map(mention, to))}:") if to else "",
        escalation=escalation(due, model.assessment_input),
        waiting=_people(model),
        place=issue_place(model),
        wanted=_wanted(model),
        outside=model.waiting_on,
        next_day=due.next_day,
    )
    words = model.context.overrides.below("reminder", model.values(), text)
    return comment_of(reminder_key("reminder", model.reassessment.due, due), words)


def order_reminder(model: IssueModel, since: date, due: Reminder) -> CommentDraft:
    """A reminder of an order that is not carried out."""
    text = render(
        "sweep/order_reminder",
        escalation=escalation(due, model.assessment_input),
        model=model,
        since=since,
        driver=Markdown(f"{mention(model.driver)}:") if model.driver else "",
        next_day=due.next_day,
    )
    return comment_of(reminder_key("order", since, due), text)


def order_ended(model: IssueModel, reopenings: int) -> CommentDraft:
    """Why the issue of an order is closed."""
    return comment_of(f"order-ended-{reopenings}", render("sweep/order_ended", model=model))


def record(model: IssueModel, by: Account | None) -> CommentDraft:
    """The readable record of a decision."""
    decided = model.reassessment.decided
    if decided is None:
        raise ValueError(f"{model.reassessment.id} is not decided")
    text = render(
        "sweep/record",
        model=model,
        reassessment=model.reassessment,
        decided=decided,
        by=mention(by.login) if by else "",
        covered=[cell_words(cell) for cell in decided.cells],
        next_dates=next_dates(decided),
        signatures=model.signatures,
        dissents=model.dissents,
        criteria=[criterion_result_words(criterion) for criterion in decided.criteria],
        basis=basis_word(decided.basis),
        signed=model.decided_signed,
        trust=model.trust,
        anchor=model.context.anchor,
        because=_object(model, decided.because),
        follow_ups=[
            (promise.due, _object(model, promise.text), _role(model, promise.by), _role(model, promise.verified_by))
            for promise in decided.follow_ups
        ],
    )
    return comment_of("decided", model.context.overrides.below("record", model.values(), text))


def _object(model: IssueModel, digest: str | None) -> str:
    if digest is None:
        return ""
    value = model.context.objects.get(digest)
    return value if isinstance(value, str) else f"(redacted: {digest})"


def _role(model: IssueModel, recorded: str | None) -> str:
    return model.spoken(recorded) if recorded else ""


def reopened(model: IssueModel, by: str | None, times: int) -> CommentDraft:
    """The reason why a closed issue was reopened."""
    text = render(
        "sweep/reopened",
        orders=[order.words for order in model.own_orders],
        reassessment=model.reassessment,
        by=mention(by) if by else "",
        late=model.is_overdue,
        deciders=_people(model),
    )
    return comment_of(f"reopened-{times}", text)


def superseded(model: IssueModel) -> CommentDraft:
    """The reason why an issue was closed without a decision."""
    return comment_of("superseded", render("sweep/superseded", reassessment=model.reassessment))


def joined(model: IssueModel, triggers: Sequence[Trigger]) -> CommentDraft:
    """Triggers and cells that joined an open re-assessment."""
    text = render(
        "sweep/joined",
        model=model,
        reassessment=model.reassessment,
        triggers=triggers,
        covered=[cell_words(cell) for cell in model.reassessment.cells],
    )
    return comment_of(f"joined-{len(model.reassessment.triggers)}", text)


def explanation(model: IssueModel, commit: str) -> Markdown:
    """Why it is open, what is missing, and who can settle it."""
    settled = settlement(model.reassessment, model.assessment_input, model.context.objects)
    return render(
        "sweep/explain",
        reassessment=model.reassessment,
        covered=[cell for cell in model.own if cell.cell in model.reassessment.cells],
        allowed=model.allowed,
        orders=[order.words for order in model.own_orders],
        wanted=settled.missing if settled else (),
        conclude=Markdown(CONCLUDE),
        holds=model.holds,
        trust=model.trust,
        commit=commit[:7],
        anchor=model.context.anchor,
        clock=Markdown(clock_words(model.assessment_input.now)),
        explained=explained(model.reassessment, model.assessment_input.history, model.context.objects),
        object=lambda name: _object(model, name),
    )


def _wanted(model: IssueModel) -> tuple[str, ...]:
    """Missing things before it can be concluded, from mode `record` on."""
    return missing_approvals(model.reassessment, model.approvals, model.assessment_input)


def planned(model: IssueModel) -> Markdown:
    """A dry run: what would be opened for the subject within a year."""
    assessment_input = model.assessment_input
    until = Duration(months=12).after(assessment_input.today)
    steps = [step for step in forecast.forecast(assessment_input, until) if step.subject == model.reassessment.subject]
    return render("sweep/planned", model=model, steps=steps, until=until)


def content_changed(model: IssueModel, key: str, content: str) -> CommentDraft:
    """The notice that the content to sign has changed, once for each change."""
    rows = model.approvals.rows if model.approvals else ()
    void = [row.number for row in rows if (row.answer or row.signatures) and not row.is_signed]
    text = render(
        "sweep/content_changed",
        reassessment=model.reassessment,
        content=content,
        void=void,
        place=model.reassessment.opened.place.path,
    )
    return comment_of(key, text)


def side_exit(model: IssueModel) -> CommentDraft:
    """The side exit of an issue that two people closed without a decision."""
    left = model.reassessment.side_exit
    if left is None:
        raise ValueError(f"{model.reassessment.id} has no side exit")
    text = render("sweep/side_exit", reassessment=model.reassessment, left=left, because=_object(model, left.because))
    return comment_of("side-exit", text)


def corrected(model: IssueModel, record: LedgerRecord, how: str, because: str) -> CommentDraft:
    """The correction of a record, in the record's own issue."""
    text = render(
        "sweep/corrected", reassessment=model.reassessment, how=how, seq=record.seq, because=_object(model, because)
    )
    return comment_of(f"corrected-{record.seq}", text)


def _people(model: IssueModel) -> Markdown:
    if model.allowed is None:
        return Markdown("")
    return Markdown(alternatives(*(mention(login) for login in model.allowed.people)))
