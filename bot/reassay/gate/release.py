"""A release without a pull request: the verdict on exposing a model on a deployment as the register has it now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reassay.approvals.ledger_entries import active_holds
from reassay.approvals.proposal import Proposal
from reassay.assessment.cell_status import CellStatus
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.triggers.base import Fired
from reassay.assessment.triggers.clocks import COMPARING
from reassay.changes.base import Change, Direction
from reassay.common.calendar import day_words
from reassay.gate.base_results import BothSides
from reassay.gate.before import BeforeMerge
from reassay.gate.exposures import Exposure
from reassay.gate.input import GateInput
from reassay.gate.rules import decided_before, not_overdue, not_too_early
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Conclusion, Node, RuleStatus, joined
from reassay.register.agreements import read_agreed_change
from reassay.register.register import Register

ROOT = "release"
REGISTERED = "registered"
_RULES: tuple[GateRule, ...] = (decided_before.RULE, not_too_early.RULE, not_overdue.RULE)
"""The rules of the gate that do not depend on a pull request."""


@dataclass(frozen=True, slots=True)
class Release:
    """A model at one version, and the deployment that would run it."""

    model: str
    version: str
    deployment: str


@dataclass(frozen=True, slots=True)
class ReleaseVerdict:
    """Whether a release may be made now."""

    release: Release
    conclusion: Conclusion
    tree: Node

    @property
    def passes(self) -> bool:
        """Whether the release may be made."""
        return self.conclusion == "success"


def release_verdict(release: Release, assessment_input: AssessmentInput) -> ReleaseVerdict:
    """The verdict from register and ledger alone. Raises KeyError for a model or deployment that is not declared."""
    declared = assessment_input.register.deployments[release.deployment].value.model
    nodes = [_registered(release, assessment_input.register), _readable(assessment_input.register)]
    if declared == release.model:
        nodes += _as_declared(release, assessment_input)
    else:
        nodes += _not_declared(release, declared, assessment_input)
    unmet = [node.why for node in nodes if node.status in {RuleStatus.ERROR, RuleStatus.UNMET}]
    tree = joined(ROOT, nodes, met="may be released", unmet="; ".join(unmet), skipped="")
    conclusions: dict[RuleStatus, Conclusion] = {RuleStatus.ERROR: "error", RuleStatus.UNMET: "failure"}
    return ReleaseVerdict(release, conclusions.get(tree.status, "success"), tree)


def _registered(release: Release, register: Register) -> Node:
    version = register.models[release.model].value.version
    if version == release.version:
        return Node(REGISTERED, RuleStatus.MET, f"`{release.model}` is registered at version {version}")
    why = f"`{release.model}` is registered at version {version}, not {release.version}"
    return Node(
        REGISTERED, RuleStatus.UNMET, why, "Change the version in a pull request; decisions are about a version."
    )


def _readable(register: Register) -> Node:
    """Errors of the register: what cannot be read could ask for a decision."""
    nodes = [
        Node("readable", RuleStatus.ERROR, f"{finding.message} ({finding.at.path}:{finding.at.line})", finding.remedy)
        for finding in register.errors
    ]
    valid = Node("readable", RuleStatus.MET, "the register has no errors")
    return joined("readable", nodes or [valid], met=valid.why, unmet="the register has errors", skipped="")


def _not_declared(release: Release, declared: str | None, assessment_input: AssessmentInput) -> Iterator[Node]:
    """The rules of the gate for a pull request that would name this model in the deployment; and that there is none."""
    register = assessment_input.register
    runs = f"runs `{declared}`" if declared else "names no model"
    why = f"the register says that {release.deployment} {runs}, not `{release.model}`"
    how = f"Write `model: {release.model}` in a pull request; the decisions that it needs are made there."
    at = register.deployments[release.deployment].origin.at()
    yield Node("declared", RuleStatus.UNMET, why, how, place=(at.path, at.line))
    merged = _with_model(register, release)
    proposal = Proposal(base_ref="this checkout", base_commit="", head="", base=register, merged=merged)
    yield from (rule.evaluate(GateInput(proposal, assessment_input)) for rule in _RULES)


def _with_model(register: Register, release: Release) -> Register:
    entry = register.deployments[release.deployment]
    value = entry.value.model_copy(update={"model": release.model})
    changed = replace(entry, value=value, written={**entry.written, "model": release.model})
    return replace(register, deployments={**register.deployments, release.deployment: changed})


def _as_declared(release: Release, assessment_input: AssessmentInput) -> Iterator[Node]:
    """What is unanswered about a deployment that the register says runs this model: the release itself exposes it."""
    register = assessment_input.register
    change = Change("deployment", release.deployment, "release", "added", None, release.model, Direction.NEUTRAL,
                    significant=False, why=f"version {release.version}")  # fmt: skip
    exposure = Exposure(release.deployment, release.model, change)
    before = BeforeMerge(BothSides(assessment_input, assessment_input), (exposure,))
    nodes = [_unanswered(cell, fired, assessment_input) for cell, fired in _asked(before, assessment_input)]
    cells = sum(bool(before.touching(cell)) for cell in assessment_input.cells)
    met = f"every requirement about {release.deployment} is answered ({cells} checked)"
    yield joined(decided_before.NAME, nodes, met=met, unmet="a decision is required before the release", skipped=met)
    late = [
        not_overdue.overdue_node(cell)
        for cell in assessment_input.cells
        if not_overdue.is_late(cell) and before.touching(cell)
    ]
    skipped = f"nothing about {release.deployment} is overdue"
    yield joined(not_overdue.NAME, late, met="", unmet="something about it is overdue", skipped=skipped)
    held = [_held(cell, assessment_input) for cell in assessment_input.cells if before.touching(cell) and _holds(cell)]
    skipped = "no open re-assessment about it is on hold"
    yield joined("hold", held, met="", unmet="there is a hold on a re-assessment", skipped=skipped)
    early = [
        f"`{plan.change}` is planned for {day_words(plan.not_before, year=True)}, not before"
        for plan in register.deployments[release.deployment].value.planned
        if plan.not_before > assessment_input.today and _is_this(plan.change, release)
    ]
    nodes = [Node(not_too_early.NAME, RuleStatus.UNMET, why, "Release it then, or change the plan.") for why in early]
    skipped = "no plan names a later day for this model"
    yield joined(not_too_early.NAME, nodes, met="", unmet="it is planned for a later day", skipped=skipped)


def _is_this(text: str, release: Release) -> bool:
    agreed = read_agreed_change(text)
    return agreed is not None and agreed.covers("model", [release.model])


def _asked(before: BeforeMerge, assessment_input: AssessmentInput) -> Iterator[tuple[CellStatus, tuple[Fired, ...]]]:
    for cell in assessment_input.cells:
        asked = before.asked(cell, ()) if before.touching(cell) else ()
        # What differs from the last assessment was not decided before it was written down, so it is decided before this.
        asked += tuple(fired for fired in cell.fired if before.touching(cell) and _is_undecided(fired, cell))
        if asked:
            yield cell, asked


def _is_undecided(fired: Fired, cell: CellStatus) -> bool:
    kinds = COMPARING | {"metric-ratio", "metric-increase", "metric-threshold", "invalidation-condition"}
    kinds |= {"never-assessed"} if cell.kind == "mitigation" else frozenset()
    return fired.kind in kinds and not fired.after_change


def _unanswered(cell: CellStatus, fired: Sequence[Fired], assessment_input: AssessmentInput) -> Node:
    where = "" if cell.cell == EVERYWHERE else f" for `{cell.cell}`"
    reasons = "; ".join(dict.fromkeys(own.reason for own in fired))
    how = f"Decide it in #{cell.open.issue}." if cell.open and cell.open.issue else "Decide its re-assessment."
    at = assessment_input.register.place_of(cell.subject)
    why = f"`{cell.subject}`{where} must be decided before the release: {reasons}"
    return Node(decided_before.NAME, RuleStatus.UNMET, why, how, place=(at.path, at.line))


def _holds(cell: CellStatus) -> bool:
    return cell.open is not None and bool(active_holds(cell.open.log))


def _held(cell: CellStatus, assessment_input: AssessmentInput) -> Node:
    at = assessment_input.register.place_of(cell.subject)
    name = cell.open.id if cell.open else cell.subject
    why = f"{name} (`{cell.subject}`) is on hold"
    return Node("hold", RuleStatus.UNMET, why, place=(at.path, at.line), command="/reassay unhold")
