"""The sheet of a pull request: what it asks people for as numbered rows, who has answered and signed, and what still holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from reassay import ledger
from reassay.assessment.surroundings import EVERYWHERE, Acceptance
from reassay.common.canonical import canonical, digest
from reassay.common.values import dataclass
from reassay.gate.demands import Demand, Gated, demands, gated
from reassay.gate.facts import GateFacts, People
from reassay.ledger.reassessment import Noted
from reassay.people.account import Account
from reassay.people.people import holders, is_same, may_act, recorded_role, spoken_role

NOBODY = People(None)
"""Offline nobody is known, and nobody is excluded."""
FINE = frozenset({"yes", "n/a"})


@dataclass(frozen=True, slots=True)
class ChangeSignature:
    """Somebody's signature on a row."""

    noted: Noted | None
    """None where it is only assumed."""
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
class ChangeRow:
    """One row as it stands."""

    number: int
    demand: Demand
    answer: tuple[Noted, ledger.pull_requests.ChangeAnswered] | None
    signatures: tuple[ChangeSignature, ...]
    digest: str | None
    """Of what would be signed now; None for a question that is not answered."""
    borne_until: date | None = None
    """The last day on which two people bear the risk of an answer `no` or `not-tested`; None if nobody does."""

    @property
    def taken(self) -> int:
        """By how many different people, each seat once."""
        return len({each.person: each.seat for each in self.signatures if each.holds}.values())

    @property
    def is_signed(self) -> bool:
        """Whether it asks for nothing more."""
        return self.taken >= self.demand.min and (self.is_fine or self.borne_until is not None)

    @property
    def is_fine(self) -> bool:
        """Whether no answer stands in the way."""
        return self.answer is None or self.answer[1].answer in FINE


@dataclass(frozen=True)
class ChangeSheet:
    """All rows of one pull request."""

    facts: GateFacts

    @cached_property
    def gated(self) -> Mapping[str, Gated]:
        """Changed objects by key."""
        return {each.key: each for each in gated(self.facts)}

    @cached_property
    def demands(self) -> tuple[Demand, ...]:
        """What is asked, in order."""
        return demands(self.facts, self.gated.values())

    @cached_property
    def content(self) -> str:
        """Digest of everything that is signed about: what a check run shows, and a signature must have seen."""
        images = {key: [each.before, each.after] for key, each in self.gated.items()}
        # The rows too: if the rules change meanwhile, row 2 may be another row than the one that was read.
        rows = [[each.id, each.ask] for each in self.demands]
        return f"signed/1:{digest(canonical({'images': images, 'rows': rows}))}"

    @cached_property
    def _log(self) -> tuple[Noted, ...]:
        numbers = self.facts.proposal.pulls
        found = (each for each in self.facts.situation.history.others if getattr(each.body, "pull", None) in numbers)
        return tuple(found)

    @cached_property
    def answers(self) -> Mapping[str, tuple[Noted, ledger.pull_requests.ChangeAnswered]]:
        """The latest answer to each question that was not taken back."""
        found: dict[str, tuple[Noted, ledger.pull_requests.ChangeAnswered]] = {}
        for noted in self._log:
            if isinstance(noted.body, ledger.pull_requests.ChangeAnswered):
                found[noted.body.item] = (noted, noted.body)
            elif isinstance(noted.body, ledger.pull_requests.ChangeWithdrawn):
                for item in noted.body.items:
                    if item in found and found[item][0].actor == noted.actor:
                        del found[item]
        return found

    @cached_property
    def _signed(self) -> tuple[tuple[Noted, ledger.pull_requests.ChangeSigned, ledger.answers.SignedItem], ...]:
        found: list[tuple[Noted, ledger.pull_requests.ChangeSigned, ledger.answers.SignedItem]] = []
        for noted in self._log:
            if isinstance(noted.body, ledger.pull_requests.ChangeSigned):
                found += [(noted, noted.body, item) for item in noted.body.items]
            elif isinstance(noted.body, ledger.pull_requests.ChangeWithdrawn):
                gone = set(noted.body.items)
                found = [each for each in found if each[0].actor != noted.actor or each[2].item not in gone]
        return tuple(found)

    @cached_property
    def holds(self) -> tuple[tuple[Noted, ledger.pull_requests.ChangeHeld], ...]:
        """Vetoes that stand."""
        lifted = {
            each.body.held_seq for each in self._log if isinstance(each.body, ledger.pull_requests.ChangeReleased)
        }
        return tuple(
            (each, each.body)
            for each in self._log
            if isinstance(each.body, ledger.pull_requests.ChangeHeld) and each.seq not in lifted
        )

    @cached_property
    def override(self) -> tuple[Noted, ledger.pull_requests.Overridden] | None:
        """The last one that was given to this very head and has not expired; in a group every member needs its own."""
        proposal = self.facts.proposal
        found: dict[int, tuple[Noted, ledger.pull_requests.Overridden]] = {}
        for each in self._log:
            body = each.body
            if not isinstance(body, ledger.pull_requests.Overridden) or body.base != proposal.base_ref:
                continue
            if body.head == proposal.heads.get(body.pull) and body.until >= self.facts.situation.today:
                found[body.pull] = (each, body)
        if not proposal.pulls or set(found) != set(proposal.pulls):
            return None
        return found[proposal.pulls[0]]

    @cached_property
    def rows(self) -> tuple[ChangeRow, ...]:
        """Numbered from 1. One person counts in one role."""
        rows: list[ChangeRow] = []
        acted: dict[int, str] = {}
        for number, demand in enumerate(self.demands, 1):
            rows.append(self._row(number, demand, acted))
        return tuple(rows)

    def _row(self, number: int, demand: Demand, acted: dict[int, str]) -> ChangeRow:
        answer = self.answers.get(demand.id) if demand.question else None
        if demand.question and answer is None:
            return ChangeRow(number, demand, None, (), None)
        wanted = self.digest(demand, answer[1] if answer else None)
        signatures = [self._own(answer, wanted)] if answer and answer[1].signed else []
        signatures += [
            self._signature(noted, body, item, wanted, demand)
            for noted, body, item in self._signed
            if item.item == demand.id
        ]
        signatures = [_one_role(each, acted) for each in signatures]
        signatures += self._assumed(demand)
        borne = self._borne(demand) if answer and answer[1].answer not in FINE else None
        return ChangeRow(number, demand, answer, tuple(signatures), wanted, borne)

    def _borne(self, demand: Demand) -> date | None:
        """Until when the risk is accepted for everything the object has to do with; as the base has it, never the change."""
        situation = self.facts.now
        subjects = self.facts.concerned(self.gated[demand.about].changes)
        kind, _, name = demand.about.partition("/")
        cell = name if kind == "deployment" else EVERYWHERE
        ends = [
            max(
                (each.expires_at for each in situation.around.acceptances.get(subject, ()) if _covers(each, cell)),
                default=None,
            )
            for subject in subjects
        ]
        if not ends or any(end is None or end < situation.today for end in ends):
            return None
        return min(end for end in ends if end is not None)

    def digest(self, demand: Demand, answered: ledger.pull_requests.ChangeAnswered | None) -> str:
        """What a signature on a row names: before and after of the object, what is asked, and the answer."""
        each = self.gated[demand.about]
        value = {
            "base": self.facts.proposal.base_ref,
            "object": demand.about,
            "before": each.before,
            "after": each.after,
            "ask": demand.ask,
            "answer": answered.answer if answered else None,
            "because": answered.because if answered else None,
        }
        return f"signed/1:{digest(canonical(value))}"

    @staticmethod
    def _own(answer: tuple[Noted, ledger.pull_requests.ChangeAnswered], wanted: str) -> ChangeSignature:
        noted, body = answer
        holds = body.signed == wanted
        return ChangeSignature(
            noted,
            noted.actor or 0,
            body.role,
            body.for_account,
            holds,
            "" if holds else "what it was about has changed",
        )

    def _signature(
        self,
        noted: Noted,
        body: ledger.pull_requests.ChangeSigned,
        item: ledger.answers.SignedItem,
        wanted: str,
        demand: Demand,
    ) -> ChangeSignature:
        person = noted.actor or 0
        why_not = ""
        if item.digest != wanted:
            why_not = "what it signed has changed"
        elif body.role not in self.recorded(demand.roles):
            why_not = f"{self.spoken(body.role)} does not sign this any more"
        else:
            why_not = self.barred(demand, person, body.pull)
            if not why_not and body.for_account is not None:
                why_not = self.barred(demand, body.for_account, body.pull)
        return ChangeSignature(noted, person, body.role, body.for_account, not why_not, why_not)

    def _assumed(self, demand: Demand) -> list[ChangeSignature]:
        """What-if: taken as given."""
        if demand.question is not None:
            return []
        return [
            ChangeSignature(None, -1 - index, role, None, holds=True)
            for index, (role, _) in enumerate(self.facts.assumed)
            if role in demand.roles
        ]

    def recorded(self, roles: Sequence[str]) -> frozenset[str]:
        """Roles as the ledger may name them."""
        register, people = self.facts.situation.register, self.facts.situation.people
        return frozenset({*roles, *(recorded_role(role, register, people) for role in roles)})

    def spoken(self, role: str) -> str:
        """A recorded role as people know it."""
        return spoken_role(role, self.facts.situation.people)

    def people(self, roles: Sequence[str]) -> tuple[str, ...]:
        """Logins of all who may act in one of some roles today."""
        situation = self.facts.situation
        found = [
            login for role in roles for login in may_act(role, situation.register, situation.people, situation.today)
        ]
        return tuple(dict.fromkeys(found))

    def may_sign(self, demand: Demand) -> tuple[str, ...]:
        """Those who may, without those who are excluded."""
        directory = self.facts.situation.people
        return tuple(
            login for login in self.people(demand.roles) if not self.barred(demand, directory.account(login).id or 0)
        )

    def barred(self, demand: Demand, person: int, pull: int | None = None) -> str:
        """Why an account may not count for a row although it holds the role; empty if it may. What is not known bars.

        `pull` is the one that the signature was given on, where a group holds several.
        """
        known = self.facts.proposal.people
        people = known.get(pull or 0) or next(iter(known.values()), NOBODY)
        excludes = demand.excludes
        if "author" in excludes:
            if people.author is not None and people.author.id == person:
                return "the author of the pull request does not count here"
            if people.contributors is None:
                return f"who wrote its commits is not known ({'; '.join(people.unknown) or 'the list is incomplete'})"
            if person in people.contributors:
                return "they wrote part of what is changed"
        if "pusher" in excludes:
            if people.pushers is None:
                return "who pushed to it is not known"
            if person in people.pushers:
                return "they pushed to it"
        return self._barred_by_role(demand, person)

    def _barred_by_role(self, demand: Demand, person: int) -> str:
        kind, _, name = demand.about.partition("/")
        entry = self.facts.proposal.base.subjects.get(name) if kind in {"mitigation", "commitment"} else None
        if entry is None:
            return ""
        subject = entry.value
        if "owner" in demand.excludes and self._holds((subject.owner,), person):
            return "they own what is changed"
        if "assessor" in demand.excludes and self._holds(subject.assessor_names or (subject.owner,), person):
            return "they assess what is changed"
        return ""

    def _holds(self, roles: Sequence[str], person: int) -> bool:
        register, people = self.facts.situation.register, self.facts.situation.people
        account = Account("", person)
        return any(is_same(account, each, people) for role in roles for each in holders(role, register, people))

    def acted_as(self, person: int) -> str | None:
        """The role under which somebody's signature stands here already."""
        found = (each.role for row in self.rows for each in row.signatures if each.holds and each.person == person)
        return next(found, None)


def _covers(accepted: Acceptance, cell: str) -> bool:
    """What changes everywhere is covered only by what was accepted for all of it."""
    if cell != EVERYWHERE:
        return accepted.covers(cell)
    return not accepted.cells or EVERYWHERE in accepted.cells


def _one_role(each: ChangeSignature, acted: dict[int, str]) -> ChangeSignature:
    """One human counts once: in the role of the first row that carries their signature."""
    if not each.holds:
        return each
    known = acted.setdefault(each.person, each.role)
    if known == each.role:
        return each
    why_not = "they signed in another role already, and one person counts once"
    return ChangeSignature(each.noted, each.person, each.role, each.for_account, holds=False, why_not=why_not)


def answer_is_fine(word: ledger.answers.AnswerWord) -> bool:
    """Whether an answer lets the pull request through."""
    return word in FINE
