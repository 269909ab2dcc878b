"""What a verdict is made from: one pull request as it would be merged, and the situation it is merged into."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from reassay.approvals.approvals import Approvals
from reassay.approvals.proposal import ChangedObject, Proposal
from reassay.approvals.pull_request import PullRequestSource
from reassay.approvals.requirement import Requirement
from reassay.assessment.cells import CellStatus, Situation, State, assess
from reassay.assessment.register_index import EVERYWHERE, Acceptance
from reassay.assessment.triggers.base import Fired
from reassay.changes import compare
from reassay.changes.base import Change
from reassay.changes.layers import Thinned, thinned
from reassay.gate.against_base import against_base
from reassay.gate.requirements import changed_objects, requirements
from reassay.register.object_references import references_of
from reassay.register.register import Register


@dataclass(frozen=True, slots=True)
class Opening:
    """A re-assessment that merging would open."""

    subject: str
    cell: str
    fired: Fired


@dataclass(frozen=True)
class GateFacts:
    """Everything a rule of the gate may look at."""

    proposal: Proposal
    situation: Situation
    """Of the default branch: ledger, people, roles, time."""
    objects: Mapping[str, object] = field(default_factory=dict)
    """Parsed ledger objects by digest."""
    assumed: tuple[tuple[str, str], ...] = ()
    """What-if: (role, person) of signatures that are taken as given."""

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What it changes."""
        return compare(self.proposal.base, self.proposal.merged, self.situation.today, self.proposal.files)

    @cached_property
    def changed_objects(self) -> Mapping[str, ChangedObject]:
        """Objects whose change has to be signed, by key."""
        return changed_objects(self.changes, self.proposal)

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """What the changes ask people for, in order."""
        return requirements(self.changed_objects.values(), self.proposal, self.situation.register)

    @cached_property
    def approvals(self) -> Approvals:
        """Who has answered and signed, and what still holds."""
        return Approvals(self.source)

    @cached_property
    def source(self) -> PullRequestSource:
        """What its approvals are made from."""
        asked = {each.about for each in self.requirements if each.question is not None}
        ends = {key: end for key in asked if (end := self._accepted_until(key)) is not None}
        roles = tuple(role for role, _ in self.assumed)
        return PullRequestSource(
            self.proposal, self.situation, self.requirements, self.changed_objects, ends, self.touched, roles
        )

    def _accepted_until(self, key: str) -> date | None:
        """Until when the risk is accepted for everything an object has to do with; as the base has it, never the change."""
        kind, _, name = key.partition("/")
        cell = name if kind == "deployment" else EVERYWHERE
        acceptances = self.now.register_index.acceptances
        last = [
            max((each.expires_at for each in acceptances.get(subject, ()) if _covers(each, cell)), default=None)
            for subject in self.concerned(self.changed_objects[key].changes)
        ]
        ends = [end for end in last if end is not None and end >= self.situation.today]
        return min(ends) if ends and len(ends) == len(last) else None

    @cached_property
    def now(self) -> Situation:
        """The base as it is, with roles and ledger of the default branch."""
        return self._with(self.proposal.base)

    @cached_property
    def then(self) -> Situation:
        """As it would be once merged; roles, delegations and the gate stay those of the default branch."""
        return self._with(self.proposal.merged)

    def _with(self, register: Register) -> Situation:
        """A change is judged by the rules there are, never by those it brings."""
        default = self.situation.register
        judged = replace(register, configuration=default.configuration, delegations=default.delegations)
        return replace(self.situation, register=judged)

    @cached_property
    def cells_now(self) -> tuple[CellStatus, ...]:
        """Where every cell of the base stands."""
        return assess(self.now, self.near)

    @cached_property
    def cells_then(self) -> tuple[CellStatus, ...]:
        """Where every cell would stand."""
        return assess(self.then, self.near)

    @cached_property
    def near(self) -> frozenset[str]:
        """Subjects that a change can reach: those touched, what shares a threat model with them, and every commitment."""
        sides = (self.proposal.base, self.proposal.merged)
        touched = set(self.touched)
        threats = {change.name for change in self.changes if change.kind == "threat-model"}
        entries = [(name, entry.value) for side in sides for name, entry in side.mitigations.items()]
        for name, value in entries:
            if name in touched:
                threats |= set(value.threat_models)
        named = {change.name for change in self.changes}
        around = {name for name, value in entries if threats & set(value.threat_models)}
        commitments = {name for side in sides for name in side.subjects if name not in side.mitigations}
        # Incidents, news and acceptances name what they are about.
        about = {
            each
            for side in sides
            for kind in ("incident", "information-item", "risk-acceptance", "evidence-item", "past-assessment")
            for name, entry in side.objects(kind).items()
            if name in named
            for _, _, each in references_of(entry.value)
        }
        if any(change.kind in {"commitment", "model"} for change in self.changes):
            return frozenset(name for side in sides for name in side.subjects)
        return frozenset(touched | around | commitments | about)

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """What would fire after the merge and does not now."""
        known = {(cell.subject, cell.cell, fired.kind, fired.about) for cell in self.cells_now for fired in cell.fired}
        return tuple(
            Opening(cell.subject, cell.cell, fired)
            for cell in self.cells_then
            for fired in (*cell.fired, *self._by_base(cell))
            if (cell.subject, cell.cell, fired.kind, fired.about) not in known
        )

    def _by_base(self, cell: CellStatus) -> Iterator[Fired]:
        if cell.state is State.RETIRED:
            return
        found = against_base(cell, self.changes, self.then.register, self.situation.today)
        yield from (fired for fired in found if fired.before_change)

    @cached_property
    def thinned(self) -> tuple[Thinned, ...]:
        """Threat models left with too few layers."""
        return tuple(thinned(self.proposal.base, self.proposal.merged))

    @cached_property
    def touched(self) -> tuple[str, ...]:
        """Mitigations and commitments concerned: changed themselves, or serving a deployment that changed."""
        return self.concerned(self.changes)

    @cached_property
    def loosened(self) -> tuple[str, ...]:
        """Those that become looser, or serve a deployment that becomes wider."""
        return self.concerned(tuple(change for change in self.changes if change.is_looser))

    def concerned(self, changes: tuple[Change, ...]) -> tuple[str, ...]:
        """Those that some changes have to do with."""
        own = {change.name for change in changes if change.kind in {"mitigation", "commitment"}}
        deployments = {change.name for change in changes if change.kind == "deployment"}
        models = {change.name for change in changes if change.kind == "model"}
        for register in (self.proposal.base, self.proposal.merged):
            deployments |= {name for name, entry in register.deployments.items() if entry.value.model in models}
        for register in (self.proposal.base, self.proposal.merged):
            for name, entry in register.mitigations.items():
                serves = entry.value.deployments or tuple(register.deployments)
                if deployments & set(serves):
                    own.add(name)
        return tuple(sorted(own))


def _covers(accepted: Acceptance, cell: str) -> bool:
    """What changes everywhere is covered only by what was accepted for all of it."""
    if cell != EVERYWHERE:
        return accepted.covers(cell)
    return not accepted.cells or EVERYWHERE in accepted.cells
