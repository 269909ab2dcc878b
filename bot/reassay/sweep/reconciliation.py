"""The state of one round of a sweep: what it decides from, what it carries out, and what came of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reassay.assessment.schedule.queue import scheduled
from reassay.common.errors import (
    LimitError,
    NotAllowedError,
    NotFoundError,
    ReassayError,
    RejectedError,
    StaleHeadError,
    UnavailableError,
)
from reassay.ledger.entry import Record
from reassay.ledger.history import Reassessment
from reassay.people.trust_level import trust_words
from reassay.sweep.actions import CreateLabel, IssueAction, Publish
from reassay.sweep.input import SweepInput
from reassay.sweep.interpreters import DryRun, Interpreter
from reassay.sweep.ledger_records import append_action
from reassay.sweep.options import AssessmentRequest, Focus
from reassay.sweep.report import Report, SweepProblem
from reassay.sweep.run_context import RunContext

TRIES = 4
"""How often a round is repeated after losing a race for the ledger, or after a fault that may have been passing."""


@dataclass(slots=True)
class RunState:
    """State that a run keeps from round to round, because GitHub may not show it yet."""

    request: AssessmentRequest | None = None
    """A re-assessment that is still to be asked for."""
    tries: int = TRIES
    """Rounds that may still fail."""
    numbers: dict[str, int] = field(default_factory=dict)
    """Issues it created or found, by re-assessment, or by the nonce of what came past the gate."""
    uncertain: set[str] = field(default_factory=set)
    """Names of those whose creation got no clear answer: there may be an issue."""
    refused: list[SweepProblem] = field(default_factory=list)
    """Failed for a reason that another round does not change."""


@dataclass(slots=True)
class Reconciliation:
    """One round. `inputs` has every entry that the round appended."""

    context: RunContext
    interpreter: Interpreter
    inputs: SweepInput
    focus: Focus
    run_state: RunState
    problems: list[SweepProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left: int = 0
    """Openings that wait for another round."""
    limit: LimitError | None = None
    """A limit ended it early."""
    again_at: datetime | None = None
    """When it will be clear whether what another run is creating was left undone."""
    unseen: bool = False
    """Issues turned up that this round did not look at, or commands that it could not record."""
    fresh: frozenset[str] = frozenset()
    """Claimed in this very round, by re-assessment or nonce: nobody can have created their issues."""

    @property
    def is_dry(self) -> bool:
        """Whether actions are only listed."""
        return isinstance(self.interpreter, DryRun)

    @property
    def is_last(self) -> bool:
        """Whether the run is over: nothing is left, or another round would not help."""
        is_done = not (self.problems or self.left or self.unseen)
        return self.is_dry or self.limit is not None or self.run_state.tries <= 0 or is_done

    def is_in_focus(self, reassessment: Reassessment) -> bool:
        """A run about one pull request creates no other issues."""
        proposal = reassessment.proposal
        return not self.focus.is_narrow or (proposal is not None and proposal.pull == self.focus.pull)

    def failed(self, what: str, error: ReassayError) -> None:
        """One thing failed; the others go on."""
        self.problems.append(SweepProblem.of(what, error))

    def note(self, text: str | None) -> None:
        """A line for the report, once."""
        if text and text not in self.notes:
            self.notes.append(text)

    def append(self, records: Sequence[Record], objects: Mapping[str, bytes] | None = None) -> None:
        """All of them in one append. Raises StaleHeadError if another run appended first."""
        if not records:
            return
        objects = objects or {}
        ledger = self.interpreter.append(append_action(records, objects, self.inputs, self.context))
        parsed = {name: json.loads(data) for name, data in objects.items()}
        self.inputs = self.inputs.recorded(ledger, parsed)

    def is_certain(self, key: str, name: str) -> bool:
        """A creation without a clear answer is not repeated in this run: GitHub may not show yet what it made."""
        if key in self.run_state.uncertain:
            text = "GitHub gave no clear answer when its issue was created; the next run looks again and goes on"
            self.problems.append(SweepProblem(name, text, UnavailableError(text)))
            return False
        return True

    def carry_out(self, what: str, actions: Sequence[IssueAction | CreateLabel | Publish]) -> int:
        """The actions of one item, in order; a failure is noted, and the other items go on. Raises LimitError.

        Returns the number of the issue that was created or changed; 0 where there is none.
        """
        number = 0
        try:
            for action in actions:
                if isinstance(action, CreateLabel):
                    self.interpreter.label(action)
                elif isinstance(action, Publish):
                    self.interpreter.publish(action)
                else:
                    number = self.interpreter.issue(action)
        except (LimitError, StaleHeadError):
            raise
        except ReassayError as error:
            if not isinstance(error, NotAllowedError | RejectedError | NotFoundError):
                self.run_state.uncertain.add(what)
            self.failed(what, error)
            return 0
        return number

    def report(self, silent: str | None) -> Report:
        """The report of the run; `silent` says why nothing may be posted in this repository."""
        inputs, problems = self.inputs, [*self.run_state.refused, *self.problems]
        if self.limit:
            wait = max(1, round(self.limit.retry_after / 60))
            text = f"{self.limit} What is left goes on in the next run, in {wait} min or later."
            problems.append(SweepProblem("limit", text, self.limit))
        return Report(
            repository=self.context.repository,
            done=tuple(self.interpreter.done),
            problems=tuple(problems),
            notes=(*([silent] if silent else []), *self.notes),
            cells=scheduled(inputs.assessment_input),
            content=inputs.content,
            assessment_input=inputs.assessment_input,
            left=self.left,
            dry_run=self.is_dry,
            again_at=self.again_at,
            trust=trust_words(inputs.assessment_input.register.configuration.app_id, inputs.look.viewer),
        )
