"""The state of one round of a sweep: input, interpreter and results."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reassay.assessment.schedule.queue import scheduled
from reassay.assessment.source_states import unwell_sources
from reassay.common.errors import (
    IssuesOffError,
    LimitError,
    LockedError,
    NotAllowedError,
    NotFoundError,
    ReassayError,
    RejectedError,
    StaleHeadError,
    UnavailableError,
)
from reassay.ledger.entry import Record
from reassay.ledger.history import Reassessment
from reassay.ledger.signals import Paged
from reassay.people.trust_level import trust_words
from reassay.sweep.actions import CreateLabel, IssueAction, PinIssue, Publish, anchored
from reassay.sweep.input import SweepInput
from reassay.sweep.interpreters import DryRun, Interpreter
from reassay.sweep.ledger_records import append_action
from reassay.sweep.options import AssessmentRequest, Focus
from reassay.sweep.register_check import brought_errors
from reassay.sweep.report import JudgedPull, Report, SweepFailure
from reassay.sweep.run_context import RunContext
from reassay.sweep.unreadable import unreadable
from reassay.sweep.unwritable import issues_off, without_comments

LEASE = timedelta(minutes=5)
"""How long the run that claimed re-assessments has to create their issues before another one does."""
TRIES = 4
"""Times a round is repeated after a lost race for the ledger, or a fault that may be temporary."""


@dataclass(slots=True)
class RunState:
    """State that a run keeps between rounds, because GitHub may not show it yet."""

    request: AssessmentRequest | None = None
    """A requested re-assessment that is not recorded yet."""
    tries: int = TRIES
    """Rounds that may still fail."""
    numbers: dict[str, int] = field(default_factory=dict)
    """Issue numbers, by re-assessment, or by the nonce of a bypass."""
    uncertain: set[str] = field(default_factory=set)
    """Names whose creation got no clear response from GitHub, so an issue may exist."""
    refused: list[SweepFailure] = field(default_factory=list)
    """Failures that another round does not change."""
    paged: dict[tuple[str, str], Paged] = field(default_factory=dict)
    """Messages that the run sent or tried to, by webhook and what they are about."""


@dataclass(slots=True)
class Reconciliation:
    """One round. `inputs` has every entry that the round appended."""

    context: RunContext
    interpreter: Interpreter
    inputs: SweepInput
    focus: Focus
    run_state: RunState
    problems: list[SweepFailure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left: int = 0
    """Openings that wait for another round."""
    limit: LimitError | None = None
    """The limit that ended the round early; None without one."""
    again_at: datetime | None = None
    """When another run's lease on an issue ends; None without one."""
    unseen: bool = False
    """Whether issues or commands are left for another round."""
    is_recorded: bool = False
    """Whether the records of this round are in the ledger."""
    fresh: frozenset[str] = frozenset()
    """Claims of this round, by re-assessment or nonce, whose issues cannot exist yet."""

    @property
    def is_dry(self) -> bool:
        """Whether actions are only listed."""
        return isinstance(self.interpreter, DryRun)

    @property
    def is_last(self) -> bool:
        """Whether this is the last round: nothing is left, or another round would not help."""
        is_done = not (self.problems or self.left or self.unseen)
        return self.is_dry or self.limit is not None or self.run_state.tries <= 0 or is_done

    def is_in_focus(self, reassessment: Reassessment) -> bool:
        """Whether this run may create the issue of a re-assessment."""
        proposal = reassessment.proposal
        return not self.focus.is_narrow or (proposal is not None and proposal.pull == self.focus.pull)

    def failed(self, what: str, error: ReassayError) -> None:
        """Notes the failure of one item; the others continue."""
        self.problems.append(SweepFailure.of(what, error))

    def cannot_write(self, failure: SweepFailure) -> None:
        """Notes, once in a run, what GitHub takes from nobody now; another round would not change it."""
        if failure not in self.run_state.refused:
            self.run_state.refused.append(failure)

    @contextmanager
    def in_issues(self) -> Iterator[None]:
        """What is done in issues; where they are turned off, the rest of it is left, and the report says so."""
        try:
            yield
        except IssuesOffError:
            self.cannot_write(issues_off(self.context.repository))

    def note(self, text: str | None) -> None:
        """Adds a line to the report, once."""
        if text and text not in self.notes:
            self.notes.append(text)

    def append(self, records: Sequence[Record], objects: Mapping[str, bytes] | None = None) -> None:
        """Appends records in one commit. Raises StaleHeadError if another run appended first."""
        if not records:
            self.is_recorded = True
            return
        objects = objects or {}
        ledger = self.interpreter.append(append_action(records, objects, self.inputs, self.context))
        parsed = {name: json.loads(data) for name, data in objects.items()}
        self.inputs = self.inputs.recorded(ledger, parsed)
        self.is_recorded = True

    def is_certain(self, key: str, name: str) -> bool:
        """Whether an issue may be created: not again in this run after a creation without a clear response."""
        if key in self.run_state.uncertain:
            text = "GitHub gave no clear response when its issue was created; the next run checks and continues"
            self.problems.append(SweepFailure(name, text, UnavailableError(text)))
            return False
        return True

    def carry_out(self, what: str, actions: Sequence[IssueAction | CreateLabel | Publish]) -> int:
        """The actions of one item, in order; a failure is noted, and the other items continue. Raises LimitError.

        Returns the number of the issue that was created or changed; 0 where there is none.
        """
        number = 0
        ledger, repository = self.inputs.content.ledger, self.inputs.repository_state.repository.id
        left = list(anchored(actions, ledger.published_anchor, repository))
        try:
            while left:
                action, *left = left
                try:
                    number = self._carry_out(action) or number
                except LockedError as error:
                    # What is decided is shown as such, also where nobody may comment: closing needs no comment.
                    left = without_comments(left)
                    self.cannot_write(SweepFailure.of(what, error))
        except (LimitError, StaleHeadError, IssuesOffError):
            raise
        except ReassayError as error:
            if not isinstance(error, NotAllowedError | RejectedError | NotFoundError):
                self.run_state.uncertain.add(what)
            self.failed(what, error)
            return 0
        return number

    def pin(self, number: int) -> bool:
        """Whether an issue is pinned now; where GitHub refuses, the report says so and nothing fails. Raises LimitError."""
        try:
            self.interpreter.issue(PinIssue(number))
        except LimitError:
            raise
        except ReassayError as error:
            self.note(
                f"#{number} could not be pinned, and it is not tried again; pin it on its page if you like: {error}"
            )
            return False
        return True

    def _carry_out(self, action: IssueAction | CreateLabel | Publish) -> int:
        """The number of the issue that was created or changed; 0 for anything else."""
        if isinstance(action, CreateLabel):
            self.interpreter.label(action)
        elif isinstance(action, Publish):
            self.interpreter.publish(action)
        else:
            return self.interpreter.issue(action)
        return 0

    def _read_sources(self) -> frozenset[str]:
        """Ids of sources whose readings the ledger has; none while it does not have them."""
        if self.is_dry or not self.is_recorded:
            return frozenset()
        return frozenset(outcome.spec.id for outcome in self.inputs.sources if outcome.reading is not None)

    def report(self, silent: str | None) -> Report:
        """The report of the run; `silent` says why nothing may be posted in this repository."""
        inputs, problems = self.inputs, [*self.run_state.refused, *self.problems]
        if self.limit:
            wait = max(1, round(self.limit.retry_after / 60))
            text = f"{self.limit} The next run continues, in {wait} min or later."
            problems.append(SweepFailure("limit", text, self.limit))
        ledger, keyring = inputs.content.ledger, self.context.contents.keyring
        leftovers = keyring.leftovers(ledger.book)
        misuse = keyring.misuse(ledger.book, len(ledger.entries))
        if misuse is not None and not self.is_dry:
            problems.append(SweepFailure.of("keys of the ledger", misuse))
        judged = tuple(_judged(inputs))
        return Report(
            repository=self.context.repository,
            done=tuple(self.interpreter.done),
            problems=tuple(problems),
            notes=(
                *([silent] if silent else []),
                *self.notes,
                *leftovers,
            ),
            leftover_keys=leftovers,
            brought=brought_errors(inputs) if self.focus.pull is not None else (),
            cells=scheduled(inputs.assessment_input),
            content=inputs.content,
            assessment_input=inputs.assessment_input,
            left=self.left,
            dry_run=self.is_dry,
            again_at=self.again_at,
            unreadable=unreadable(inputs),
            sources=unwell_sources(inputs.assessment_input),
            read_sources=self._read_sources(),
            trust=trust_words(
                inputs.assessment_input.register.configuration.app_id,
                inputs.repository_state.viewer,
                inputs.repository_state.acting_app,
            ),
            judged=judged,
            closed_pulls=tuple(sorted(inputs.pull_requests.pulls.keys() - {pull.number for pull in judged})),
        )


def _judged(inputs: SweepInput) -> Iterator[JudgedPull]:
    """Open pull requests of this round, where the gate judges them."""
    register = inputs.assessment_input.register
    if inputs.is_about_a_group or not (register.configuration.gates or not register.has_rules):
        return
    for number, pull in sorted(inputs.pull_requests.pulls.items()):
        gate_input = inputs.gate_input(number)
        if gate_input is not None:
            yield JudgedPull(number, pull.issue.title, gate_input)
