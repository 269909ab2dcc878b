"""What the changes of a pull request ask people for: rows with a question or an approval step, object by object."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from reassay.assessment.authority import approvers, assessors, parties
from reassay.changes.base import Change
from reassay.changes.policy import KIND as POLICY
from reassay.common.values import dataclass
from reassay.gate.input import GateInput, Proposal
from reassay.people.people import roles_in
from reassay.register.approval import ApprovalStep, Excluded, StepKind
from reassay.register.assessable import Assessable
from reassay.register.c14n import content_digest
from reassay.register.gate import GateQuestion
from reassay.register.register import Register

FREE = frozenset({"incident", "information-item", "evidence-item"})
"""Kinds that may be recorded without asking anybody: only what loosens them is asked about."""
NOT_THE_AUTHOR: tuple[Excluded, ...] = ("author",)


@dataclass(frozen=True, slots=True)
class Demand:
    """One row: a question to be answered, or a step to be taken, about one object."""

    id: str
    about: str
    """The object: `deployment/public-api`."""
    roles: tuple[str, ...]
    """Any of these."""
    question: GateQuestion | None = None
    min: int = 1
    kind: StepKind = "review"
    excludes: tuple[Excluded, ...] = NOT_THE_AUTHOR
    is_light: bool = False
    """One signer who is not the author: for what is not looser."""

    @property
    def ask(self) -> object:
        """What is signed of the row itself."""
        if self.question is not None:
            return {"question": self.question.text}
        return {"step": self.kind, "roles": sorted(self.roles), "min": self.min}


@dataclass(frozen=True)
class Gated:
    """An object that is changed, with everything that changes about it."""

    key: str
    changes: tuple[Change, ...]
    before: str | None
    """Digest of its content; None if it was not there."""
    after: str | None

    @cached_property
    def is_looser(self) -> bool:
        """Whether anything about it goes the way that needs approval."""
        return any(change.is_looser for change in self.changes)


def gated(facts: GateInput) -> tuple[Gated, ...]:
    """Objects whose change has to be signed, in order."""
    found: dict[str, list[Change]] = {}
    for change in facts.changes:
        found.setdefault(POLICY if change.kind == POLICY else change.key, []).append(change)
    return tuple(
        Gated(key, tuple(changes), *_images(key, changes, facts.proposal))
        for key, changes in found.items()
        if changes[0].kind not in FREE or any(change.is_looser for change in changes)
    )


def _images(key: str, changes: Sequence[Change], proposal: Proposal) -> tuple[str | None, str | None]:
    if key == POLICY:
        return _policy_image(proposal.base, proposal, 0), _policy_image(proposal.merged, proposal, 1)
    kind, name = changes[0].kind, changes[0].name
    former = next((str(change.before) for change in changes if change.change == "renamed"), name)
    return _image(proposal.base, kind, former), _image(proposal.merged, kind, name)


def _image(register: Register, kind: str, name: str) -> str | None:
    entry = register.objects(kind).get(name)
    return content_digest(entry.written) if entry else None


def _policy_image(register: Register, proposal: Proposal, side: int) -> str:
    written = register.configuration.model_dump(mode="json", by_alias=True, exclude_none=True)
    files = {path: both[side] or "" for path, both in proposal.files.items()}
    return content_digest({"configuration": written, "files": files})


def demands(facts: GateInput, objects: Iterable[Gated]) -> tuple[Demand, ...]:
    """Rows in order: for each of the `gated` objects its questions, then its steps."""
    return tuple(demand for each in objects for demand in _of(each, facts))


def _of(each: Gated, facts: GateInput) -> Iterator[Demand]:
    if each.key == POLICY:
        yield from _steps(each.key, _policy_steps(facts), _anybody(facts.situation.register))
        return
    if not each.is_looser:
        yield Demand(f"{each.key}:review", each.key, _light_roles(each, facts), is_light=True)
        return
    for question in _questions(each, facts):
        yield Demand(f"{each.key}?{question.id}", each.key, (question.role,), question, excludes=())
    yield from _steps(each.key, _loosening_steps(each, facts), _default_roles(each, facts))


def _steps(key: str, steps: Sequence[ApprovalStep], otherwise: tuple[str, ...]) -> Iterator[Demand]:
    if not steps:
        yield Demand(f"{key}:approve", key, otherwise, kind="approve")
        return
    for index, step in enumerate(steps, 1):
        yield Demand(f"{key}:step-{index}", key, (step.role,), None, step.min, step.kind, step.excludes)


def _questions(each: Gated, facts: GateInput) -> Iterator[GateQuestion]:
    """Of the base and of the default branch: a question of either is asked."""
    asked: dict[str, GateQuestion] = {}
    for register in (facts.situation.register, facts.proposal.base):
        for question in register.configuration.gate.questions:
            # Two branches may ask differently under one name: then both are asked.
            name = question.id if asked.get(question.id, question) == question else f"{question.id}-base"
            asked[name] = question.model_copy(update={"id": name})
    about = {name for change in each.changes if change.is_looser for name in _names(change)}
    yield from (question for question in asked.values() if not question.of or set(question.of) & about)


def _names(change: Change) -> Iterable[str]:
    parts = change.field.split(".") if change.field else []
    return [change.kind, *(f"{change.kind}.{'.'.join(parts[:count])}" for count in range(1, len(parts) + 1))]


def _stricter(*several: Sequence[ApprovalStep]) -> tuple[ApprovalStep, ...]:
    """The steps of all of them: one that is stated twice asks for the more of both."""
    found: dict[tuple[str, str], ApprovalStep] = {}
    for step in (step for steps in several for step in steps):
        known = found.get((step.role, step.kind))
        excludes = tuple(dict.fromkeys((*(known.excludes if known else ()), *step.excludes)))
        least = max(step.min, known.min if known else 1)
        found[step.role, step.kind] = step.model_copy(update={"min": least, "excludes": excludes})
    return tuple(found.values())


def _policy_steps(facts: GateInput) -> tuple[ApprovalStep, ...]:
    return _stricter(facts.situation.register.configuration.gate.policy, facts.proposal.base.configuration.gate.policy)


def _loosening_steps(each: Gated, facts: GateInput) -> tuple[ApprovalStep, ...]:
    default, base = facts.situation.register, facts.proposal.base
    own = [subject.approval for subject in _subjects(each, facts)]
    return _stricter(default.configuration.gate.loosening, base.configuration.gate.loosening, *own)


def _subjects(each: Gated, facts: GateInput) -> tuple[Assessable, ...]:
    """The mitigation or commitment itself, as default branch and base have it: never as the pull request writes it."""
    kind, _, name = each.key.partition("/")
    if kind not in {"mitigation", "commitment"}:
        return ()
    former = next((str(change.before) for change in each.changes if change.change == "renamed"), name)
    sides = (facts.situation.register, facts.proposal.base)
    found = [side.objects(kind)[former].value for side in sides if former in side.objects(kind)]
    return tuple(value for value in found if isinstance(value, Assessable))


def _serving(each: Gated, facts: GateInput) -> tuple[Assessable, ...]:
    """The mitigations that a deployment or another object has to do with."""
    kind, _, name = each.key.partition("/")
    base = facts.proposal.base
    found: list[Assessable] = []
    for entry in (*base.mitigations.values(), *facts.proposal.merged.mitigations.values()):
        own = entry.value
        named = {"deployment": own.deployments or (name,), "threat-model": own.threat_models}.get(kind, (name,))
        if name in named and own.id in base.mitigations:
            found.append(base.mitigations[own.id].value)
    return tuple({each.id: each for each in found}.values())


def _default_roles(each: Gated, facts: GateInput) -> tuple[str, ...]:
    own = _subjects(each, facts) or _serving(each, facts)
    roles = tuple(dict.fromkeys(role for subject in own for role in assessors(subject)))
    return roles or _anybody(facts.situation.register)


def _light_roles(each: Gated, facts: GateInput) -> tuple[str, ...]:
    own = _subjects(each, facts) or _serving(each, facts)
    named = [role for subject in own for role in (*parties(subject), *approvers(subject))]
    named += [step.role for step in facts.situation.register.configuration.gate.loosening]
    return tuple(dict.fromkeys(named)) or _anybody(facts.situation.register)


def _anybody(register: Register) -> tuple[str, ...]:
    return roles_in(register)
