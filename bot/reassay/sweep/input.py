"""Everything one round of a sweep decides from, gathered before anything is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.queue import scheduled
from reassay.gate.input import GateInput
from reassay.github.repository_state import QueueEntry, RepositoryState
from reassay.ledger.history import Reassessment
from reassay.ledger.state import LedgerState
from reassay.sweep.content import MergeResult, RepositoryContent
from reassay.sweep.pull_requests import PullRequests
from reassay.sweep.views.issue_model import IssueContext


@dataclass(frozen=True, slots=True)
class SweepInput:
    """Register, ledger and GitHub as they were at one instant; time is one of the facts."""

    content: RepositoryContent
    assessment_input: AssessmentInput
    look: RepositoryState
    objects: Mapping[str, object]
    """Parsed ledger objects by digest: snapshots, checklists, reasons."""
    files: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Digests of files that commands name, by (path, commit)."""
    pull_requests: PullRequests = field(default_factory=lambda: PullRequests(""))
    """Pull requests, as far as this round looks at them."""
    members: tuple[QueueEntry, ...] = ()
    """Pull requests of the merge queue's group that the run is about, in order."""
    group: MergeResult | str = "no group is asked about"
    """Both sides of that group, or why they could not be read."""
    unknown: str = ""
    """Why it is not known what reached the default branch since the last sign of life; empty if it is."""

    @property
    def bot_accounts(self) -> frozenset[str]:
        """Logins whose issues and comments are this bot's own."""
        slug = self.look.viewer.removesuffix("[bot]")
        configured = self.assessment_input.register.configuration.bots
        return frozenset({self.look.viewer, slug, f"{slug}[bot]", *configured})

    @property
    def issue_context(self) -> IssueContext:
        """Everything that the words of any issue need besides the situation."""
        return IssueContext(
            cells=scheduled(self.assessment_input),
            objects=self.objects,
            overrides=self.content.overrides,
            repository_url=self.look.repository.url,
            viewer=self.look.viewer,
            anchor=self.content.ledger.anchor,
        )

    def assessment_input_of(
        self, reassessment: Reassessment, assessment_input: AssessmentInput
    ) -> AssessmentInput | None:
        """The situation that a re-assessment is about; None while it is not known."""
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
