"""The model of a re-assessment's issue: every value that its text names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from reassay.approvals.approvals import Approvals, of_reassessment
from reassay.approvals.ledger_entries import active_holds
from reassay.assessment.adversary_resources import adversary_words
from reassay.assessment.authority import parties
from reassay.assessment.cell_status import OpenOrder
from reassay.assessment.cells import AssessmentInput, CellStatus, State
from reassay.assessment.conditions import AssertableCondition, conditions_of
from reassay.assessment.effective_layers import layers_left
from reassay.assessment.joined import joining, outputs
from reassay.commands.conclusion import Deciders, deciders, orders_open
from reassay.commands.waive import grounds
from reassay.common.calendar import day_words, due_words
from reassay.common.inert import Markdown, mention
from reassay.common.sentences import alternatives, names
from reassay.evidence.evidence_input import EvidenceInput
from reassay.ledger.answers import Dissented
from reassay.ledger.deferrals import Snoozed, WaitingOn
from reassay.ledger.entry import Decided, Trigger
from reassay.ledger.history import Reassessment
from reassay.ledger.risks import Contained, Ratified
from reassay.people.people import logins, spoken_role
from reassay.people.trust_level import trust_words
from reassay.register.assessable import Assessable
from reassay.register.commitment import Commitment
from reassay.register.evidence_item import EvidenceItem
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register
from reassay.sweep.views.containment import ContainmentOffer, containment_offer
from reassay.sweep.views.deadline_rows import DeadlineRow, deadline_rows, left_heading
from reassay.sweep.views.evidence_lines import EvidenceLines
from reassay.sweep.views.evidence_owners import evidence_to_renew
from reassay.sweep.views.issue_context import IssueContext
from reassay.sweep.views.output_words import output_words, promised_words
from reassay.sweep.views.rate_figure import RateFigure, rate_figure

JoinedT = TypeVar("JoinedT")


@dataclass(frozen=True)
class IssueModel:
    """The values of one re-assessment's issue."""

    reassessment: Reassessment
    subject: Assessable | None
    """None if it is no longer in the register, or cannot be read."""
    own: tuple[CellStatus, ...]
    allowed: Deciders | None
    assessment_input: AssessmentInput
    context: IssueContext

    @property
    def mitigation(self) -> Mitigation | None:
        """The subject, if it is a mitigation."""
        return self.subject if isinstance(self.subject, Mitigation) else None

    @property
    def commitment(self) -> Commitment | None:
        """The subject, if it is a commitment."""
        return self.subject if isinstance(self.subject, Commitment) else None

    @property
    def promised(self) -> str:
        """The document of the commitment, and its subject as worded there."""
        return promised_words(self.commitment) if self.commitment else ""

    @property
    def outputs(self) -> tuple[str, ...]:
        """Outputs that the commitment, or commitments about the mitigation, require, in words."""
        return tuple(output_words(asked) for asked in self._joined(outputs))

    @property
    def conditions(self) -> tuple[AssertableCondition, ...]:
        """The invalidation conditions, in the order in which `/reassay assert` numbers them."""
        stated = self._asked(conditions_of)
        return stated if self.reassessment.state == "open" else tuple(own for own in stated if own.asked_by is None)

    @staticmethod
    def promised_words(commitment: Commitment) -> str:
        """The document of a commitment about the mitigation."""
        return promised_words(commitment)

    @property
    def joining(self) -> tuple[Commitment, ...]:
        """Commitments that ask for something in this re-assessment of a mitigation."""
        return self._joined(joining)

    def _joined(self, of: Callable[[Assessable, Register, date], tuple[JoinedT, ...]]) -> tuple[JoinedT, ...]:
        """What is asked of the subject today; of a mitigation only while it is open, as commitments may come later."""
        return self._asked(of) if self.commitment or self.reassessment.state == "open" else ()

    def _asked(self, of: Callable[[Assessable, Register, date], tuple[JoinedT, ...]]) -> tuple[JoinedT, ...]:
        facts = self.assessment_input
        return of(self.subject, facts.register, facts.today) if self.subject is not None else ()

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Name and words of every part, where several teams assess it."""
        return tuple(
            (
                part.name,
                ", ".join(part.assessors)
                + (f" for {', '.join(part.deployments)}" if part.deployments else "")
                + (f", in {part.due.words()} before the rest" if part.due else ""),
            )
            for part in (self.mitigation.parts if self.mitigation else ())
        )

    @property
    def grounds(self) -> tuple[str, ...]:
        """Stated grounds on which it may be waived once."""
        if self.subject is None:
            return ()
        return tuple(grounds(self.subject, self.assessment_input.register, self.assessment_input.today))

    @cached_property
    def approvals(self) -> Approvals | None:
        """Questions, answers and signatures; None if the subject cannot be read."""
        return of_reassessment(self.reassessment, self.assessment_input, self.context.objects)

    @property
    def records(self) -> bool:
        """Whether a conclusion needs answers and sign-offs."""
        return self.assessment_input.register.configuration.records

    @property
    def waiting(self) -> Markdown:
        """People with their number of open rows, most first; those who conclude if no row is open."""
        approvals = self.approvals
        if approvals is None or self.allowed is None:
            return Markdown("")
        counts: dict[str, int] = {}
        for row in approvals.rows:
            for login in () if row.is_signed else approvals.people(row.requirement.roles):
                counts[login] = counts.get(login, 0) + 1
        if not counts:
            return Markdown(f"{alternatives(*(mention(login) for login in self.allowed.people))} to conclude")
        listed = sorted(counts.items(), key=lambda count: (-count[1], count[0]))
        return Markdown(names(*(f"{mention(login)} ({count})" for login, count in listed)))

    @property
    def holds(self) -> tuple[str, ...]:
        """Active holds, in words."""
        holds = active_holds(self.reassessment.log)
        return tuple(f"{self.spoken(hold.role)} put a hold on this (entry {hold.record.seq})" for hold in holds)

    @property
    def trust(self) -> str:
        """The trust in the record, in half a sentence."""
        named = self.assessment_input.register.configuration.app_id
        return trust_words(named, self.context.viewer, self.context.acting_app)

    def spoken(self, role: str) -> str:
        """A recorded role as people know it."""
        return spoken_role(role, self.assessment_input.people)

    def reason(self, trigger: Trigger) -> str:
        """The reason of a trigger; for a request, the person and their words."""
        if trigger.because is None:
            return trigger.reason
        return (
            f"requested by {self.assessment_input.people.login(trigger.requested_by)}: {self.written(trigger.because)}"
        )

    def written(self, digest: str | None) -> str:
        """A text that a person wrote, from its ledger object."""
        value = self.context.objects.get(digest or "")
        return value if isinstance(value, str) else "(redacted)"

    @cached_property
    def deadlines(self) -> tuple[DeadlineRow, ...]:
        """The deadlines of the commitments that ask for it: what started each, when it ends and what is left."""
        asking = (self.commitment,) if self.commitment else self.joining
        rows = (deadline_rows(commitment, self.reassessment, self.assessment_input) for commitment in asking)
        return tuple(row for own in rows for row in own)

    @property
    def left_heading(self) -> str:
        """The heading of what is left of deadlines, with its day while any of them runs."""
        return left_heading(self.deadlines, self.assessment_input.today)

    @property
    def first_due(self) -> str:
        """The due date at opening, with the hour of a legal clock."""
        opened = self.reassessment.opened
        at = min((each.due_at for each in opened.triggers if each.due_at and each.due == opened.due), default=None)
        return due_words(opened.due, at)

    @property
    def dissents(self) -> tuple[tuple[str, str, int], ...]:
        """Dissents as (role, reason, entry)."""
        return tuple(
            (self.spoken(body.role), self.written(body.because), record.seq)
            for record, body in self.reassessment.records_of(Dissented)
        )

    @property
    def waiting_on(self) -> str:
        """The outside party that it waits for today; empty without one."""
        waiting = [
            body for _, body in self.reassessment.records_of(WaitingOn) if body.until >= self.assessment_input.today
        ]
        return (
            f"{self.written(waiting[-1].party)}, until {day_words(waiting[-1].until, year=True)}"
            if waiting and self.reassessment.state == "open"
            else ""
        )

    @property
    def containment(self) -> ContainmentOffer | None:
        """The offer to restrict or withdraw at once; None if no severe incident opened it, or it is contained already."""
        return containment_offer(self.reassessment, self.subject, self.assessment_input)

    @property
    def contained(self) -> tuple[str, ...]:
        """Containments and their ratifications, in words."""
        ratified = {body.contained_seq: record.seq for record, body in self.reassessment.records_of(Ratified)}
        return tuple(
            f"{self.spoken(body.role)} decided to {body.action} the deployments it covers (entry {record.seq}), "
            + (
                f"ratified by entry {ratified[record.seq]}"
                if record.seq in ratified
                else f"to be ratified by {day_words(body.ratify_by, year=True)}"
                + (": late, and listed as an exception" if body.ratify_by < self.assessment_input.today else "")
            )
            for record, body in self.reassessment.records_of(Contained)
        )

    @property
    def is_snoozed(self) -> bool:
        """Whether reminders are paused today."""
        return any(body.until > self.assessment_input.today for _, body in self.reassessment.records_of(Snoozed))

    @property
    def decided_signed(self) -> bool:
        """Whether the entry of the decision is signed with the ledger's key."""
        return any(record.signed for record, _ in self.reassessment.records_of(Decided))

    @property
    def signatures(self) -> tuple[str, ...]:
        """Sign-offs for the record: roles and rows, without names."""
        approvals = self.approvals
        if approvals is None:
            return ()
        rows: dict[str, list[int]] = {}
        for row in approvals.questions:
            for role in dict.fromkeys(self.spoken(signature.role) for signature in row.signatures if signature.counts):
                rows.setdefault(role, []).append(row.number)
        steps = [
            f"{' or '.join(step.requirement.roles)} ({step.requirement.kind}, {step.taken} of {step.requirement.min})"
            for step in approvals.steps
            if step.signatures
        ]
        answers = [f"{role}: rows {', '.join(map(str, numbers))}" for role, numbers in rows.items()]
        return (*answers, *steps)

    @cached_property
    def evidence(self) -> EvidenceLines:
        """Criteria, results and other evidence, in words."""
        facts = EvidenceInput(self.assessment_input.register, self.assessment_input.history, self.context.objects)
        return EvidenceLines(self.subject, self.reassessment, facts)

    @cached_property
    def rate(self) -> RateFigure | None:
        """The incident rate that started it, while it is open; None for any other."""
        return rate_figure(self.reassessment, self.subject, self.assessment_input)

    @property
    def evidence_people(self) -> tuple[str, ...]:
        """Logins of those who may attach evidence."""
        given = self.assessment_input
        if self.subject is None:
            return ()
        roles = parties(self.subject, given.register, given.today)
        return logins(roles, given.register, given.people, given.today)

    def computed(self, item: str) -> str:
        """What the program computes about a question of the checklist, while it is open; empty if it computes nothing."""
        if item != "resources" or self.mitigation is None or self.reassessment.state != "open":
            return ""
        return "; ".join(adversary_words(self.mitigation, self.reassessment, self.assessment_input))

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers left beside it: where one was lost, or where its own decision loses one. Empty otherwise."""
        return layers_left(self.reassessment, self.subject, self.assessment_input.register, self.context.cells)

    @property
    def evidence_to_renew(self) -> tuple[tuple[EvidenceItem, tuple[str, ...]], ...]:
        """Evidence that ends or is too old soon, or has, with the logins of its owners."""
        return evidence_to_renew(self.reassessment, self.assessment_input)

    @property
    def orders(self) -> tuple[str, ...]:
        """Orders about deployments that are not carried out, in words."""
        return tuple(dict.fromkeys(cell.order.words for cell in self.own if cell.order))

    @property
    def own_orders(self) -> tuple[OpenOrder, ...]:
        """Orders of this re-assessment that are not carried out: its issue stays open until they are."""
        own = (cell.order for cell in self.own if cell.order and cell.order.record == self.reassessment.id)
        return tuple(dict.fromkeys(own)) if self.reassessment.state == "decided" else ()

    @property
    def ordered_action(self) -> str:
        """The graver of the actions that it ordered and that are not carried out: restrict or withdraw."""
        return max((order.action for order in self.own_orders), default="restrict")

    @property
    def ordered(self) -> str:
        """Says that an order is open about a cell it covers; empty if none is."""
        return "An order is open" if orders_open(self.reassessment, self.own) else ""

    @property
    def before_change(self) -> bool:
        """Whether a trigger requires the decision before a change is made available."""
        return any(trigger.before_change for trigger in self.reassessment.triggers)

    @property
    def title(self) -> str:
        """The subject's title; as it last was if it cannot be read, or else its id."""
        last = self.assessment_input.last_readable
        entry = last.register.subjects.get(self.reassessment.subject) if last and self.subject is None else None
        subject = entry.value if entry else self.subject
        return subject.title if subject else self.reassessment.subject

    @property
    def driver(self) -> str | None:
        """The login of the driver, by the last known owner if the subject cannot be read; None if nobody is known."""
        lost = self.assessment_input.register_index.unreadable_subjects.get(self.reassessment.subject)
        owner = self.subject.owner if self.subject else lost.owner if lost else None
        register = self.assessment_input.register
        # Without its roles a configuration does not say who that is.
        is_readable = self.subject is not None or register.has_rules
        return register.configuration.people(owner)[0] if owner and is_readable else None

    @property
    def is_overdue(self) -> bool:
        """Whether a cell that it covers is overdue today."""
        covered = {cell.cell: cell for cell in self.own if cell.cell in self.reassessment.cells}
        return any(cell.clock is State.OVERDUE for cell in covered.values())

    def values(self) -> Mapping[str, str]:
        """Values of the placeholders in a repository's own templates."""
        return {
            "deciders": Markdown(", ".join(mention(login) for login in self.allowed.people)) if self.allowed else "",
            "depth": self.reassessment.depth,
            "driver": mention(self.driver) if self.driver else "nobody",
            "due": due_words(self.reassessment.due, self.reassessment.due_at),
            "mitigation": self.reassessment.subject,
            "reassessment": self.reassessment.id,
            "timezone": self.assessment_input.register.configuration.timezone,
            "title": self.title,
        }


def issue_model(reassessment: Reassessment, assessment_input: AssessmentInput, context: IssueContext) -> IssueModel:
    """The model of one re-assessment, from ledger and register."""
    entry = assessment_input.register.subjects.get(reassessment.subject)
    own = context.cells_by_subject.get(reassessment.subject, ())
    allowed = deciders(entry.value, assessment_input.register, assessment_input.today) if entry else None
    return IssueModel(reassessment, entry.value if entry else None, own, allowed, assessment_input, context)
