"""The context in which a slash command is judged, and its possible outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from reassay.approvals.approvals import Approvals, of_reassessment
from reassay.approvals.pull_request import PullRequestSource
from reassay.assessment.cells import AssessmentInput
from reassay.common.calendar import day_words, due_words, local_date
from reassay.common.canonical import canonical, digest
from reassay.common.sentences import alternatives
from reassay.evidence.evidence_input import EvidenceInput
from reassay.evidence.result_request import ResultOutcome, ResultRequest
from reassay.ledger.digests import Asked
from reassay.ledger.entry import Body, CommentRef
from reassay.ledger.reassessment import Reassessment
from reassay.people.account import Account
from reassay.people.people import Seat, logins, seat, spoken_role
from reassay.register.assessable import Assessable
from reassay.register.register import Register

CONFIRM_WITHIN = timedelta(days=7)
"""The time a second person has to confirm."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was recorded, and what to do instead."""

    why: str
    remedy: str
    details: tuple[str, ...] = ()
    """The missing things, one by one, where there are several."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The records of a command."""

    bodies: tuple[Body, ...]
    objects: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waits:
    """A valid request that a second person must confirm before anything is recorded."""

    people: tuple[str, ...]
    """Logins, without the person who asked."""


@dataclass(frozen=True, slots=True)
class Opens:
    """A request for a re-assessment; the plan gives its records."""

    subject: str
    because: str
    depth: str | None = None


@dataclass(frozen=True, slots=True)
class Shows:
    """A text to show; nothing is recorded."""

    what: str
    """`explanation`, `plan` or `help`."""


Outcome = Effect | Waits | Opens | Shows | Refusal


@dataclass(frozen=True, slots=True)
class Receipt:
    """The reply once something is recorded: short sentences, each without its full stop."""

    what: str
    """After "Recorded as ledger entry N:"."""
    more: tuple[str, ...] = ()
    """Sentences about this command alone."""
    common: tuple[str, ...] = ()
    """Sentences that are the same for every command of a comment: how long it is valid, what is missing."""
    undo: tuple[int, ...] = ()
    """Rows that `/reassay withdraw` takes back."""


@dataclass(frozen=True)
class CommandContext:
    """The context in which a command is judged."""

    by: Account
    """The account that wrote the comment; it has an id."""
    comment: CommentRef
    assessment_input: AssessmentInput
    objects: Mapping[str, object]
    """Parsed ledger objects by digest."""
    reassessment_here: Reassessment | None
    """The re-assessment of the issue that the comment is in, as it is now; None elsewhere."""
    shown: str | None = None
    """Digest of the content that was shown here last, strictly before the comment was written."""
    commit: str = ""
    """The commit of the register."""
    pull_request: PullRequestSource | None = None
    """The pull request that the comment is in; None elsewhere."""
    files: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Digests of files that commands name, by (path, commit); missing files are left out."""
    results: Mapping[ResultRequest, ResultOutcome] = field(default_factory=dict)
    """What came of reading the result files that commands name."""

    @property
    def reassessment(self) -> Reassessment:
        """The re-assessment of this issue. Raises LookupError elsewhere; verbs that need it are not called there."""
        if self.reassessment_here is None:
            raise LookupError("this issue is not a re-assessment")
        return self.reassessment_here

    @property
    def subject(self) -> Assessable | None:
        """The mitigation or commitment, as the register has it now; None if it cannot be read."""
        here = self.reassessment_here
        entry = self.assessment_input.register.subjects.get(here.subject) if here else None
        return entry.value if entry else None

    @cached_property
    def approvals(self) -> Approvals | None:
        """The approvals of this issue or pull request; None if the subject of a re-assessment cannot be read."""
        if self.pull_request is not None:
            return Approvals(self.pull_request)
        return of_reassessment(self.reassessment, self.assessment_input, self.objects)

    @property
    def evidence_input(self) -> EvidenceInput:
        """What verdicts on criteria are computed from."""
        return EvidenceInput(self.assessment_input.register, self.assessment_input.history, self.objects)

    @property
    def facts(self) -> tuple[Register, date]:
        """The register and the day, by which authority is decided."""
        return self.assessment_input.register, self.today

    @property
    def today(self) -> date:
        """The calendar date in the configured time zone."""
        return self.assessment_input.today

    @property
    def written_on(self) -> date:
        """The day on which the comment was written, in the configured time zone."""
        return local_date(self.comment.created_at, self.assessment_input.register.configuration.timezone)

    def seat(self, *roles: str) -> Seat | None:
        """The person's seat in the first of these roles that they could use on the day of the comment; None if in none."""
        assessment_input = self.assessment_input
        seats = (
            seat(self.by, role, assessment_input.register, assessment_input.people, self.written_on) for role in roles
        )
        return next((own for own in seats if own), None)

    def people(self, *roles: str) -> tuple[str, ...]:
        """Logins of all who may act in one of these roles."""
        assessment_input = self.assessment_input
        return logins(roles, assessment_input.register, assessment_input.people, assessment_input.today)

    def spoken(self, role: str) -> str:
        """A recorded role as people know it."""
        return spoken_role(role, self.assessment_input.people)

    def asked(self) -> Asked:
        """This comment as the first of two people's commands."""
        return Asked(
            comment=self.comment.id,
            index=self.comment.index,
            body_sha256=self.comment.body_sha256,
            by=self.by.id or 0,
        )


@dataclass(slots=True)
class Keep:
    """Collects the objects that a record names."""

    objects: dict[str, bytes] = field(default_factory=dict)

    def __call__(self, value: object) -> str:
        """Digest of a value that is stored beside the entry."""
        data = canonical(value)
        self.objects[digest(data)] = data
        return digest(data)


CLOSED = "To correct a wrong decision, comment: `/reassay correct`."


def unreadable(reassessment: Reassessment) -> Refusal:
    """Refuses a command about a subject whose register entry has an error."""
    return Refusal(
        f"the register entry of {reassessment.subject} has an error, so nobody can do this now",
        "Fix the errors that `reassay check` lists, then comment again.",
    )


def closed(reassessment: Reassessment) -> Refusal | None:
    """Refuses a command on a re-assessment that is not open; None if it is open."""
    state = reassessment.state
    if state == "open":
        return None
    word = {"superseded": "no longer due", "side-exit": "closed without a decision"}.get(state, state)
    return Refusal(f"{reassessment.id} is already {word}", CLOSED)


def not_yours(what: str, roles: tuple[str, ...], people: tuple[str, ...]) -> Refusal:
    """Refuses a command for want of a role, and names the people who hold it; `what` completes "can ..."."""
    logins = tuple(f"@{login}" for login in people if "/" not in login)
    role = alternatives(*dict.fromkeys(roles))
    if not logins:
        return Refusal(
            f"only {role} can {what}", f"Nobody holds that role now: name a person for {role} in the register."
        )
    return Refusal(f"only {role} can {what}", f"Ask {alternatives(*logins)}.")


def on(day: date) -> str:
    """A date for a sentence."""
    return day_words(day, year=True)


def due_on(reassessment: Reassessment) -> str:
    """The due date of a re-assessment for a sentence, with the hour of a legal clock."""
    return due_words(reassessment.due, reassessment.due_at)
