"""A command as it is judged: who gives it, where, and how things stand just then; and what may come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from reassay.approvals.approvals import Approvals, of_reassessment
from reassay.approvals.pull_request import PullRequestSource
from reassay.assessment.cells import Situation
from reassay.common.calendar import day_words, local_date
from reassay.common.canonical import canonical, digest
from reassay.common.sentences import names
from reassay.ledger.digests import Asked
from reassay.ledger.entry import Body, CommentRef
from reassay.ledger.reassessment import Reassessment
from reassay.people.account import Account
from reassay.people.people import Seat, logins, seat, spoken_role
from reassay.register.assessable import Assessable

CONFIRM_WITHIN = timedelta(days=7)
"""So long a second person has to confirm."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was recorded, and what would be."""

    why: str
    remedy: str
    details: tuple[str, ...] = ()
    """What is missing, one by one, where it is several things."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What to record."""

    bodies: tuple[Body, ...]
    objects: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waits:
    """Fine so far, and nothing is recorded before one of these people confirms."""

    people: tuple[str, ...]
    """Logins, without the person who asked."""


@dataclass(frozen=True, slots=True)
class Opens:
    """A re-assessment is asked for: what there is to record follows from the plan."""

    subject: str
    because: str
    depth: str | None = None


@dataclass(frozen=True, slots=True)
class Shows:
    """Nothing is recorded; something is shown."""

    what: str
    """`explanation`, `plan` or `help`."""


Outcome = Effect | Waits | Opens | Shows | Refusal


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is said once something is recorded: short sentences, each without its full stop."""

    what: str
    """After "Recorded as ledger entry N:"."""
    more: tuple[str, ...] = ()
    """Sentences: until when it holds, what was not recorded, what is missing, how to undo it."""


@dataclass(frozen=True)
class Asking:
    """Everything a verb decides from."""

    by: Account
    """With an account id."""
    comment: CommentRef
    situation: Situation
    objects: Mapping[str, object]
    """Parsed ledger objects by digest."""
    reassessment_here: Reassessment | None
    """The re-assessment whose issue it stands in, as it is now; None elsewhere."""
    shown: str | None = None
    """Digest of the content that was shown here, strictly before the comment was written."""
    commit: str = ""
    """Of the register."""
    pull_request: PullRequestSource | None = None
    """The pull request it stands in; None elsewhere."""
    files: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Digests of files that commands name, by (path, commit); those that are not there are left out."""

    @property
    def reassessment(self) -> Reassessment:
        """The re-assessment. Raises LookupError elsewhere: `act` of such verbs is never called there."""
        if self.reassessment_here is None:
            raise LookupError("this is no re-assessment's issue")
        return self.reassessment_here

    @property
    def subject(self) -> Assessable | None:
        """What it is about, as the register has it now."""
        here = self.reassessment_here
        entry = self.situation.register.subjects.get(here.subject) if here else None
        return entry.value if entry else None

    @property
    def approvals(self) -> Approvals | None:
        """Questions, answers and signatures of this place; None if what a re-assessment is about cannot be read."""
        if self.pull_request is not None:
            return Approvals(self.pull_request)
        return of_reassessment(self.reassessment, self.situation, self.objects)

    @property
    def today(self) -> date:
        """The calendar date in the configured time zone."""
        return self.situation.today

    @property
    def written_on(self) -> date:
        """The day on which the comment was written, in the configured time zone."""
        return local_date(self.comment.created_at, self.situation.register.configuration.timezone)

    def seat(self, *roles: str) -> Seat | None:
        """How the person may act in the first of these roles that is open to them on the day the comment was written."""
        situation = self.situation
        found = (seat(self.by, role, situation.register, situation.people, self.written_on) for role in roles)
        return next((each for each in found if each), None)

    def people(self, *roles: str) -> tuple[str, ...]:
        """Logins of all who may act in one of these roles."""
        situation = self.situation
        return logins(roles, situation.register, situation.people, situation.today)

    def spoken(self, role: str) -> str:
        """A recorded role as people know it."""
        return spoken_role(role, self.situation.people)

    def asked(self) -> Asked:
        """This comment, as the first of two people's."""
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
        """Digest of a value that will stand beside the entry."""
        data = canonical(value)
        self.objects[digest(data)] = data
        return digest(data)


CLOSED = "A decision is not changed by another command; `/reassay correct` mends a wrong one."


def unreadable(reassessment: Reassessment) -> Refusal:
    """The subject cannot be read, so nobody knows who may do what."""
    return Refusal(
        f"{reassessment.subject} cannot be read from the register now, so nobody knows who may do this",
        "Run `reassay check`, mend what it names, and write the command again.",
    )


def closed(reassessment: Reassessment) -> Refusal | None:
    """Refuses what comes after the end."""
    state = reassessment.state
    if state == "open":
        return None
    word = {"superseded": "no longer due", "side-exit": "closed without a decision"}.get(state, state)
    return Refusal(f"{reassessment.id} is already {word}", CLOSED)


def not_yours(what: str, roles: tuple[str, ...], people: tuple[str, ...]) -> Refusal:
    """Which role is needed, and who has it."""
    known = tuple(each for each in people if "/" not in each)
    who = f"That is {names(*(f'@{each}' for each in known))}." if known else "Nobody who is known holds it."
    return Refusal(f"{what} takes {' or '.join(dict.fromkeys(roles))}", who)


def on(day: date) -> str:
    """A date for a sentence."""
    return day_words(day, year=True)
