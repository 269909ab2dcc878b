"""Everything that a dashboard is built from, gathered before anything of it is decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from reassay.assessment.authority import assessors
from reassay.assessment.cell_status import cells_by_subject
from reassay.assessment.cells import AssessmentInput, CellStatus
from reassay.assessment.explanation import inputs_of
from reassay.dashboard.trigger_words import trigger_words
from reassay.dashboard.verdict_values import DashboardVerdict
from reassay.evidence.inputs import VerdictInputs
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.state import LedgerState
from reassay.ledger.views.names import LedgerNames, subjects_in
from reassay.register.assessable import Assessable
from reassay.register.commitment import Commitment, SubjectKind
from reassay.register.selection import not_in_force, selects
from reassay.sweep.known_names import logins_by_account
from reassay.sweep.report import SweepFailure


@dataclass(frozen=True)
class DashboardInput:
    """Register, ledger and cells of one framework repository at one instant, with what surrounds them."""

    repository: str
    """OWNER/NAME, or the name of the folder."""
    url: str
    """Address of the repository; empty if it is not known."""
    assessment_input: AssessmentInput
    cells: tuple[CellStatus, ...]
    """Every cell as it may be read: without the ledger none is current (`Checkout.cells`)."""
    ledger: LedgerState
    objects: Mapping[str, object]
    """Parsed objects of the ledger by digest: those of `needed_objects`. What is missing is shown as not read."""
    provenance: tuple[tuple[str, str], ...] = ()
    trust: str = ""
    source: str = ""
    """A name of the register that no other one has, and that stays the same."""
    commit: str = ""
    """Full id of the commit that the register was read from; empty for a folder that differs from it, or has none."""
    swept: datetime | None = None
    """When the last sweep ran; None if it is not known."""
    sweep_problems: tuple[SweepFailure, ...] = ()
    verdicts: tuple[DashboardVerdict, ...] = ()
    plan_until: date | None = None
    """The last day of the forecast; None for no forecast."""
    ledger_problem: str = ""
    """Why the ledger is not read, or must not be relied on, in sentences; empty if it was read whole."""

    @cached_property
    def subjects(self) -> Mapping[str, Assessable]:
        """Mitigations and commitments with a clock of their own, by id; those that cannot be read as they last were."""
        last = self.assessment_input.last_readable
        register = self.assessment_input.register
        lost = self.assessment_input.register_index.unreadable_subjects
        before = {name: last.register.subjects[name].value for name in lost if last and name in last.register.subjects}
        return {**before, **{name: entry.value for name, entry in register.subjects.items()}}

    @cached_property
    def assessors(self) -> Mapping[str, tuple[str, ...]]:
        """The roles that assess each subject that can be read."""
        register, today = self.assessment_input.register, self.assessment_input.today
        return {name: assessors(entry.value, register, today) for name, entry in register.subjects.items()}

    @cached_property
    def names(self) -> LedgerNames:
        """Logins of the accounts in the ledger, as far as the register names them, and titles of subjects."""
        register, history = self.assessment_input.register, self.assessment_input.history
        people = self.assessment_input.people
        logins = {
            **logins_by_account(register, history),
            **{number: login for login, number in people.accounts.items()},
        }
        titles = {name: subject.title for name, subject in self.subjects.items()}
        return LedgerNames(logins, titles, subjects_in(history))

    @cached_property
    def cells_by_subject(self) -> Mapping[str, tuple[CellStatus, ...]]:
        """The cells of each subject."""
        return cells_by_subject(self.cells)

    @cached_property
    def verdict_inputs(self) -> Mapping[str, VerdictInputs]:
        """What recorded verdicts were computed from, by digest; what was not read, or cannot be, is left out."""
        decided = (own.decided for own in self.assessment_input.history.reassessments.values() if own.decided)
        digests = {result.inputs for own in decided for result in own.criteria if result.inputs}
        return {name: own for name in digests if (own := inputs_of(self.objects.get(name))) is not None}

    @cached_property
    def decisions_in_force(self) -> tuple[Reassessment, ...]:
        """The re-assessments that are the last decided ones of a cell, in order of the ledger."""
        names = dict.fromkeys(cell.last.record for cell in self.cells if cell.last and cell.last.record)
        own = (self.assessment_input.history.reassessments.get(name) for name in names if name)
        return tuple(sorted((decided for decided in own if decided), key=lambda decided: decided.decided_seq or 0))

    @cached_property
    def asking(self) -> Mapping[str, tuple[Commitment, ...]]:
        """By mitigation, the commitments in force whose triggers apply to it."""
        register, today = self.assessment_input.register, self.assessment_input.today
        every = (entry.value for entry in register.commitments.values())
        about_mitigations = [
            own
            for own in every
            if own.subject.kind is SubjectKind.MITIGATION and not not_in_force(own, register, today)
        ]
        return {
            name: tuple(own for own in about_mitigations if selects(own, entry.value, register))
            for name, entry in register.mitigations.items()
        }

    @cached_property
    def asked_words(self) -> Mapping[str, tuple[str, ...]]:
        """By commitment about mitigations, its triggers in words, each with its id."""
        asking = {own.id: own for every in self.asking.values() for own in every}
        return {name: tuple(f"{trigger_words(spec)} [{name}]" for spec in own.triggers) for name, own in asking.items()}

    def title(self, subject: str) -> str:
        """The title of a subject, as it last was if it cannot be read; else its id."""
        return self.subjects[subject].title if subject in self.subjects else subject

    def owner(self, subject: str) -> str:
        """The owner of a subject; the last known one if it cannot be read, and empty if nobody is known."""
        lost = self.assessment_input.register_index.unreadable_subjects.get(subject)
        if lost is not None and lost.owner:
            return lost.owner
        return self.subjects[subject].owner if subject in self.subjects else ""

    def of_subject(self, subject: str) -> tuple[Reassessment, ...]:
        """Its re-assessments in order of opening."""
        return self.assessment_input.history_index.of_subject(subject)
