"""The sheet of a re-assessment: its questions and approval steps as rows, and how each stands now.

Once a re-assessment is closed its sheet is read as it stood then: roles and content are not asked again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reassay.approvals.digests import ALL, all_digest, content_of, item_digest
from reassay.assessment.cells import Situation
from reassay.assessment.checklists import from_data
from reassay.assessment.checklists.base import Item
from reassay.ledger.answers import Answered, Attached, SignedOff, Withdrawn
from reassay.ledger.reassessment import Noted, Reassessment
from reassay.people.account import Account
from reassay.people.people import holders, is_same, may_act, recorded_role, spoken_role
from reassay.register.approval import ApprovalStep
from reassay.register.assessable import Assessable


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody's signature on a row."""

    noted: Noted
    person: int
    role: str
    for_account: int | None
    holds: bool
    why_not: str = ""
    """A half-sentence, where it does not hold."""

    @property
    def seat(self) -> int:
        """Whose seat was used: one's own, or the lender's."""
        return self.for_account or self.person


@dataclass(frozen=True, slots=True)
class Row:
    """One question, with its answer and the signatures under it."""

    number: int
    """From 1, as people write it."""
    item: Item
    roles: tuple[str, ...]
    """Who signs it: names of roles."""
    answer: tuple[Noted, Answered] | None
    signatures: tuple[Signature, ...]
    digest: str | None
    """Of what would be signed now; None while it is not answered."""

    @property
    def is_signed(self) -> bool:
        """Answered, and the right role stands behind the answer as it is."""
        return any(each.holds for each in self.signatures)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One approval step, with the signatures under it."""

    number: int
    """As people write it: counted on after the questions."""
    index: int
    """Which step, from 1."""
    step: ApprovalStep
    signatures: tuple[Signature, ...]

    @property
    def taken(self) -> int:
        """By how many different people, each seat once."""
        people = {each.person: each.seat for each in self.signatures if each.holds}
        return len(set(people.values()))

    @property
    def is_taken(self) -> bool:
        """Whether enough people took it."""
        return self.taken >= self.step.min

    @property
    def id(self) -> str:
        """As the ledger names it."""
        return f"step-{self.index}"


@dataclass(frozen=True)
class Sheet:
    """How everything that is to be answered and signed stands."""

    each: Reassessment
    subject: Assessable
    situation: Situation
    items: tuple[Item, ...]

    @cached_property
    def content(self) -> str:
        """Digest of what is signed about, as it is now; as it was decided once it is."""
        now = content_of(self.each.subject, self.each.cells, self.situation.register)
        return now or ""

    @cached_property
    def answers(self) -> Mapping[str, tuple[Noted, Answered]]:
        """The latest answer to each item that was not taken back."""
        found: dict[str, tuple[Noted, Answered]] = {}
        for noted in self.each.log:
            if isinstance(noted.body, Answered):
                found[noted.body.item] = (noted, noted.body)
            elif isinstance(noted.body, Withdrawn):
                for item in noted.body.items:
                    if item in found and found[item][0].actor == noted.actor:
                        del found[item]
        return found

    @cached_property
    def evidence(self) -> tuple[tuple[Noted, Attached], ...]:
        """Everything attached."""
        return tuple(self.each.noted(Attached))

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The questions in order."""
        return tuple(self._row(number, item) for number, item in enumerate(self.items, 1))

    @cached_property
    def steps(self) -> tuple[StepRow, ...]:
        """The approval steps in order."""
        return tuple(
            StepRow(len(self.items) + index, index, step, tuple(self._step_signatures(index, step)))
            for index, step in enumerate(self.subject.approval, 1)
        )

    @property
    def next_step(self) -> StepRow | None:
        """The first that is not taken; they are taken in order."""
        return next((each for each in self.steps if not each.is_taken), None)

    @cached_property
    def all_digest(self) -> str:
        """What an approval step signs now."""
        rows = [(row.item.id, row.digest) for row in self.rows]
        return all_digest(self.each.id, rows, [body for _, body in self.evidence], self.content)

    def roles_of(self, item: Item) -> tuple[str, ...]:
        """Names of the roles that sign an item."""
        match item.role:
            case "owner":
                return (self.subject.owner,)
            case "assessor":
                return self.subject.assessor_names or (self.subject.owner,)
            case named:
                return (named,)

    def spoken(self, role: str) -> str:
        """A recorded role as people know it."""
        return spoken_role(role, self.situation.people)

    def recorded(self, roles: Sequence[str]) -> frozenset[str]:
        """Roles as the ledger may name them."""
        register, people = self.situation.register, self.situation.people
        return frozenset({*roles, *(recorded_role(role, register, people) for role in roles)})

    def people(self, roles: Sequence[str]) -> tuple[str, ...]:
        """Logins of all who may act in one of some roles today."""
        situation = self.situation
        found = [
            login for role in roles for login in may_act(role, situation.register, situation.people, situation.today)
        ]
        return tuple(dict.fromkeys(found))

    def _row(self, number: int, item: Item) -> Row:
        roles = self.roles_of(item)
        answer = self.answers.get(item.id)
        if answer is None:
            return Row(number, item, roles, None, (), None)
        wanted = item_digest(item, answer[1], self.content)
        signatures = [self._own(answer, wanted)] if answer[1].signed else []
        signatures += [
            self._signature(noted, signed.digest, wanted, body, roles)
            for noted, body in self._sign_offs()
            if body.step is None
            for signed in body.items
            if signed.item == item.id
        ]
        return Row(number, item, roles, answer, tuple(signatures), wanted)

    def _own(self, answer: tuple[Noted, Answered], wanted: str) -> Signature:
        noted, body = answer
        holds = self.each.state != "open" or body.signed == wanted
        return Signature(
            noted,
            noted.actor or 0,
            body.role,
            body.for_account,
            holds,
            "" if holds else "what it was about has changed",
        )

    def _sign_offs(self) -> list[tuple[Noted, SignedOff]]:
        """Those that were not taken back, whole or in part."""
        found: list[tuple[Noted, SignedOff]] = []
        for noted in self.each.log:
            if isinstance(noted.body, SignedOff):
                found.append((noted, noted.body))
            elif isinstance(noted.body, Withdrawn):
                gone = noted.body.items
                found = [
                    (each, body if each.actor != noted.actor else _without(body, gone))
                    for each, body in found
                    if each.actor != noted.actor or _without(body, gone).items
                ]
        return found

    def _signature(self, noted: Noted, signed: str, wanted: str, body: SignedOff, roles: Sequence[str]) -> Signature:
        why_not = ""
        if self.each.state == "open":
            if signed != wanted:
                why_not = "what it signed has changed"
            elif body.step is None and body.role not in self.recorded(roles):
                why_not = f"{self.spoken(body.role)} does not sign this row any more"
        return Signature(noted, noted.actor or 0, body.role, body.for_account, not why_not, why_not)

    def _step_signatures(self, index: int, step: ApprovalStep) -> list[Signature]:
        found = []
        for noted, body in self._sign_offs():
            if body.step != index:
                continue
            each = self._signature(noted, body.items[0].digest, self.all_digest, body, (step.role,))
            if each.holds and self.each.state == "open":
                # Whoever is excluded now counts no more, although the role was held then.
                barred = self.barred(step, each.person) or (each.for_account and self.barred(step, each.for_account))
                why_not = (
                    barred
                    if body.role in self.recorded((step.role,))
                    else f"{self.spoken(body.role)} does not take this step any more"
                )
                if why_not:
                    each = Signature(noted, each.person, each.role, each.for_account, holds=False, why_not=str(why_not))
            found.append(each)
        return found

    def barred(self, step: ApprovalStep, person: int) -> str:
        """Why an account may not count for a step although it holds the role; empty if it may."""
        if "author" in step.excludes and any(noted.actor == person for noted, _ in self.answers.values()):
            return "they wrote answers, and this step excludes the author"
        register, people = self.situation.register, self.situation.people
        account = Account("", person)

        def _holds(roles: Sequence[str]) -> bool:
            return any(is_same(account, each, people) for role in roles for each in holders(role, register, people))

        if "owner" in step.excludes and _holds((self.subject.owner,)):
            return "they own what is assessed, and this step excludes the owner"
        if "assessor" in step.excludes and _holds(self.subject.assessor_names or (self.subject.owner,)):
            return "they assess it, and this step excludes the assessor"
        return ""

    def acted_as(self, person: int) -> str | None:
        """The role under which somebody's signature stands here already: one human counts once."""
        for row in self.rows:
            for each in row.signatures:
                if each.holds and each.person == person:
                    return each.role
        for step in self.steps:
            for each in step.signatures:
                if each.holds and each.person == person:
                    return each.role
        return None


def _without(body: SignedOff, gone: Sequence[str]) -> SignedOff:
    if body.step is not None:
        return body.model_copy(update={"items": ()}) if f"step-{body.step}" in gone else body
    return body.model_copy(update={"items": tuple(each for each in body.items if each.item not in gone)})


def sheet_of(each: Reassessment, situation: Situation, objects: Mapping[str, object]) -> Sheet | None:
    """The sheet; None if the subject cannot be read. A checklist that was removed has no rows: see `is_readable`."""
    entry = situation.register.subjects.get(each.subject)
    return Sheet(each, entry.value, situation, from_data(objects.get(each.opened.checklist))) if entry else None


__all__ = ["ALL", "Row", "Sheet", "Signature", "StepRow", "sheet_of"]
