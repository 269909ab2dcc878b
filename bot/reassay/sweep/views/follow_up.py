"""The issue of a follow-up: its title, its text and its comments."""

from collections.abc import Mapping
from dataclasses import dataclass

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.follow_up_people import people_of, role_words, roles_of
from reassay.assessment.follow_ups import TrackedFollowUp
from reassay.assessment.schedule.reminders import Reminder
from reassay.common.calendar import day_words
from reassay.common.environment import render
from reassay.common.inert import inert_title
from reassay.ledger.reassessment import LedgerRecord
from reassay.sweep.views.comments import CommentDraft, comment_of
from reassay.sweep.views.escalation import escalation, reminder_key

TITLE_LIMIT = 256
REDACTED = "(removed from the ledger)"


@dataclass(frozen=True, slots=True)
class FollowUpModel:
    """The values that the texts about one follow-up name."""

    follow_up: TrackedFollowUp
    assessment_input: AssessmentInput
    objects: Mapping[str, object]
    """Parsed ledger objects by digest."""

    @property
    def key(self) -> str:
        """Its name in markers: `R-2026-001-follow-up-1`."""
        return self.follow_up.name.replace(" ", "-")

    @property
    def text(self) -> str:
        """What is to be done."""
        return self.written(self.follow_up.promise.text)

    @property
    def doing(self) -> tuple[str, ...]:
        """Logins of who may do it."""
        return people_of(self.follow_up, self.assessment_input)[0]

    @property
    def verifying(self) -> tuple[str, ...]:
        """Logins of who may verify it, without who did it."""
        return people_of(self.follow_up, self.assessment_input)[1]

    @property
    def roles(self) -> tuple[str, str]:
        """The roles that do it and that verify it, in words."""
        doing, verifying = roles_of(self.follow_up, self.assessment_input)
        return role_words(doing, self.assessment_input), role_words(verifying, self.assessment_input)

    @property
    def verdict(self) -> str:
        """The decision that it follows, with its basis."""
        decided = self.assessment_input.history.reassessments[self.follow_up.reassessment].decided
        return decided.verdict if decided else ""

    @property
    def decision_issue(self) -> int | None:
        """Number of the issue of the decision; None if none is recorded."""
        return self.assessment_input.history.reassessments[self.follow_up.reassessment].issue

    @property
    def sides(self) -> tuple[tuple[str, str, str], ...]:
        """Who said last that it is done, and who answered last: word, login and reason."""
        sides = []
        if self.follow_up.done is not None:
            sides.append(("done", *self._side(self.follow_up.done)))
        if self.follow_up.checked is not None:
            word = "verified" if self.follow_up.progress == "verified" else "not done"
            sides.append((word, *self._side(self.follow_up.checked)))
        return tuple(sides)

    def _side(self, record: LedgerRecord) -> tuple[str, str]:
        return self.assessment_input.people.login(record.actor), self.written(getattr(record.body, "because", None))

    def written(self, digest: str | None) -> str:
        """A text that a person wrote, from its ledger object."""
        value = self.objects.get(digest or "")
        return value if isinstance(value, str) else REDACTED


def follow_up_title(model: FollowUpModel) -> str:
    """`Follow-up to R-2026-001, due Fri 15 Jan 2027: retrain the filter`; a long text is cut, never the date."""
    head = f"Follow-up to {model.follow_up.reassessment}, due {day_words(model.follow_up.due, year=True)}: "
    text = inert_title(" ".join(model.text.split()))
    room = TITLE_LIMIT - len(head)
    return head + (text if len(text) <= room else text[: room - 1] + "…")


def follow_up_text(model: FollowUpModel) -> str:
    """What is to be done by when, by whom, and who verifies it; nothing in it changes from day to day."""
    return render("sweep/follow_up", model=model, follow_up=model.follow_up)


def follow_up_reminder(model: FollowUpModel, due: Reminder) -> CommentDraft:
    """A reminder of an open follow-up, to who does it, or to who verifies it."""
    late = model.assessment_input.register.configuration.working_days.between(
        model.follow_up.due, model.assessment_input.today
    )
    text = render(
        "sweep/follow_up_reminder",
        model=model,
        follow_up=model.follow_up,
        late=late,
        escalation=escalation(due, model.assessment_input),
        next_day=due.next_day,
    )
    return comment_of(reminder_key("follow-up", model.follow_up.due, due), text)


def follow_up_reopened(model: FollowUpModel, times: int) -> CommentDraft:
    """Why an issue that somebody closed was reopened."""
    text = (
        "Reopened: closing the issue does not finish the follow-up. It is finished once another person has verified it."
    )
    return comment_of(
        f"follow-up-reopened-{times}",
        f"{text}\n\n{render('sweep/follow_up_next', model=model, follow_up=model.follow_up)}",
    )


def follow_up_ended(model: FollowUpModel) -> CommentDraft:
    """Why the issue is closed."""
    text = render("sweep/follow_up_ended", model=model, follow_up=model.follow_up)
    return comment_of(f"follow-up-{model.follow_up.progress}", text)
