"""The input of one round of a sweep, gathered before anything is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.queue import scheduled
from reassay.evidence.result_request import ResultOutcome, ResultRequest, ResultUnavailable
from reassay.gate.input import GateInput
from reassay.github.repository_state import RepositoryState
from reassay.ledger.history import Reassessment
from reassay.ledger.protection import Protection
from reassay.ledger.state import LedgerState
from reassay.sweep.content import RepositoryContent
from reassay.sweep.evaluation_runs import NOT_ASKED, EvaluationRuns
from reassay.sweep.product_reading import ProductObservation
from reassay.sweep.pull_requests import PullRequests, QueueGroup
from reassay.sweep.signal_sources import SourceOutcome
from reassay.sweep.views.issue_context import IssueContext


@dataclass(frozen=True, slots=True)
class SweepInput:
    """Register, ledger, GitHub and time at one instant."""

    content: RepositoryContent
    assessment_input: AssessmentInput
    repository_state: RepositoryState
    objects: Mapping[str, object]
    """Parsed ledger objects by digest: snapshots, checklists, reasons."""
    files: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Digests of files that commands name, by (path, commit)."""
    results: Mapping[ResultRequest, ResultOutcome] = field(default_factory=dict)
    """What came of reading the result files that commands name."""
    pull_requests: PullRequests = field(default_factory=lambda: PullRequests(""))
    """Pull requests that this round covers."""
    groups: tuple[QueueGroup, ...] = ()
    """Groups of merge queues that this round covers."""
    is_about_a_group: bool = False
    """Whether it covers nothing but a group."""
    protection: Protection | None = None
    """What protects the two branches; None where this round did not ask."""
    protection_unknown: str = ""
    """Why it could not be asked for; empty if it could."""
    unknown: str = ""
    """Why commits since the last sweep are not known; empty if they are."""
    unread_queues: tuple[str, ...] = ()
    """Why merge queues that hold pull requests of this round could not be read."""
    evaluations: EvaluationRuns = NOT_ASKED
    """Evaluation runs that began or ended since the last sweep."""
    sources: tuple[SourceOutcome, ...] = ()
    """What came of reading the sources of signals; empty where this round did not read them."""
    products: tuple[ProductObservation, ...] = ()
    """What product repositories say of deployments now; empty where this round did not read them."""
    rewritten: tuple[str, str] | None = None
    """A commit that the default branch has lost, with changes of what is guarded, and its present tip; None without one."""

    @property
    def bot_accounts(self) -> frozenset[str]:
        """Logins whose issues and comments are this bot's own. An App's login ends in `[bot]`, which no person's can."""
        viewer = self.repository_state.viewer
        configured = self.assessment_input.register.configuration.bots
        return frozenset({viewer, f"{viewer.removesuffix('[bot]')}[bot]", *configured})

    @property
    def unavailable(self) -> tuple[tuple[str, str], ...]:
        """Locations of result files that could not be fetched, each with the reason; their commands wait for the next run."""
        return tuple(
            (request.locator, outcome.why)
            for request, outcome in self.results.items()
            if isinstance(outcome, ResultUnavailable)
        )

    @property
    def issue_context(self) -> IssueContext:
        """Values that the text of every issue needs besides the situation."""
        return IssueContext(
            cells=scheduled(self.assessment_input),
            objects=self.objects,
            overrides=self.content.overrides,
            repository_url=self.repository_state.repository.url,
            viewer=self.repository_state.viewer,
            acting_app=self.repository_state.acting_app,
            anchor=self.content.ledger.anchor,
            ledger=self.content.ledger,
            repository=self.repository_state.repository.id,
        )

    def assessment_input_of(
        self, reassessment: Reassessment, assessment_input: AssessmentInput
    ) -> AssessmentInput | None:
        """The situation of a re-assessment; None while its pull request cannot be read."""
        return self.pull_requests.assessment_input_of(reassessment, assessment_input, self.objects)

    def gate_input(
        self, number: int, assessment_input: AssessmentInput | None = None, objects: Mapping[str, object] | None = None
    ) -> GateInput | None:
        """The input of an open pull request's verdict, with this ledger or a longer one; None for any other number."""
        own = self.objects if objects is None else objects
        return self.pull_requests.gate_input(number, assessment_input or self.assessment_input, own)

    def recorded(self, ledger: LedgerState, objects: Mapping[str, object]) -> "SweepInput":
        """The same input with a longer ledger, and the parsed objects that its new entries name."""
        new = ledger.entries[self.assessment_input.history.seq :]
        return replace(
            self,
            content=replace(self.content, ledger=ledger),
            assessment_input=self.assessment_input.after(new, objects),
            objects={**self.objects, **objects},
        )
