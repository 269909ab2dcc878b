"""Questions and approval steps that the changes of a pull request require, object by object."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reassay.approvals.proposal import ChangedObject, Proposal
from reassay.approvals.row import Requirement, of_step
from reassay.assessment.authority import approvers, assessors, parties
from reassay.changes.base import Change
from reassay.changes.policy import KIND as POLICY
from reassay.people.people import roles_in
from reassay.register.approval import ApprovalStep, Excluded
from reassay.register.assessable import Assessable
from reassay.register.c14n import content_digest
from reassay.register.gate import GateQuestion
from reassay.register.register import Register

FREE = frozenset({"incident", "information-item", "evidence-item"})
"""Kinds that may be recorded without a sign-off; only loosening changes to them need one."""
NOT_THE_AUTHOR: tuple[Excluded, ...] = ("author",)


def changed_objects(changes: Iterable[Change], proposal: Proposal) -> Mapping[str, ChangedObject]:
    """Objects whose change needs a sign-off, by key, in order."""
    grouped: dict[str, list[Change]] = {}
    for change in changes:
        grouped.setdefault(POLICY if change.kind == POLICY else change.key, []).append(change)
    return {
        key: ChangedObject(key, tuple(own), *_images(key, own, proposal), _assessed(key, proposal.base))
        for key, own in grouped.items()
        if own[0].kind not in FREE or any(change.is_looser for change in own)
    }


def _assessed(key: str, base: Register) -> Assessable | None:
    kind, _, name = key.partition("/")
    entry = base.subjects.get(name) if kind in {"mitigation", "commitment"} else None
    return entry.value if entry else None


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


def requirements(objects: Iterable[ChangedObject], proposal: Proposal, default: Register) -> tuple[Requirement, ...]:
    """In order: for each changed object its questions, then its steps. `default` is the default branch's register."""
    return tuple(requirement for changed in objects for requirement in _of(changed, proposal, default))


def _of(changed: ChangedObject, proposal: Proposal, default: Register) -> Iterator[Requirement]:
    key = changed.key
    if key == POLICY:
        steps = _stricter(default.configuration.gate.policy, proposal.base.configuration.gate.policy)
        yield from _steps(key, steps, roles_in(default))
        return
    if not changed.is_looser:
        roles = _light_roles(changed, proposal, default)
        yield Requirement(f"{key}:review", key, roles, excludes=NOT_THE_AUTHOR)
        return
    for question in _questions(changed, proposal, default):
        yield Requirement(f"{key}?{question.id}", key, (question.role,), question=question.text, must_be_fine=True)
    yield from _steps(key, _loosening_steps(changed, proposal, default), _default_roles(changed, proposal, default))


def _steps(key: str, steps: Sequence[ApprovalStep], otherwise: tuple[str, ...]) -> Iterator[Requirement]:
    if not steps:
        yield Requirement(f"{key}:approve", key, otherwise, kind="approve", excludes=NOT_THE_AUTHOR)
        return
    for index, step in enumerate(steps, 1):
        yield of_step(f"{key}:step-{index}", key, step)


def _questions(changed: ChangedObject, proposal: Proposal, default: Register) -> Iterator[GateQuestion]:
    """Questions of the default branch and of the base."""
    asked: dict[str, GateQuestion] = {}
    for register in (default, proposal.base):
        for question in register.configuration.gate.questions:
            # Two branches may have different questions with one id: then both are asked.
            name = question.id if asked.get(question.id, question) == question else f"{question.id}-base"
            asked[name] = question.model_copy(update={"id": name})
    about = {name for change in changed.changes if change.is_looser for name in _names(change)}
    yield from (question for question in asked.values() if not question.of or set(question.of) & about)


def _names(change: Change) -> Iterable[str]:
    parts = change.field.split(".") if change.field else []
    return [change.kind, *(f"{change.kind}.{'.'.join(parts[:count])}" for count in range(1, len(parts) + 1))]


def _stricter(*several: Sequence[ApprovalStep]) -> tuple[ApprovalStep, ...]:
    """The steps of several lists; where two have the same step, the stricter numbers and exclusions."""
    strictest: dict[tuple[str, str], ApprovalStep] = {}
    for step in (step for steps in several for step in steps):
        other = strictest.get((step.role, step.kind))
        excludes = tuple(dict.fromkeys((*(other.excludes if other else ()), *step.excludes)))
        least = max(step.min, other.min if other else 1)
        strictest[step.role, step.kind] = step.model_copy(update={"min": least, "excludes": excludes})
    return tuple(strictest.values())


def _loosening_steps(changed: ChangedObject, proposal: Proposal, default: Register) -> tuple[ApprovalStep, ...]:
    own = [subject.approval for subject in _subjects(changed, proposal, default)]
    base = proposal.base.configuration.gate.loosening
    return _stricter(default.configuration.gate.loosening, base, *own)


def _subjects(changed: ChangedObject, proposal: Proposal, default: Register) -> tuple[Assessable, ...]:
    """The mitigation or commitment in the default branch and in the base, never in the pull request."""
    kind, _, name = changed.key.partition("/")
    if kind not in {"mitigation", "commitment"}:
        return ()
    former = next((str(change.before) for change in changed.changes if change.change == "renamed"), name)
    sides = (default, proposal.base)
    subjects = [side.objects(kind)[former].value for side in sides if former in side.objects(kind)]
    return tuple(value for value in subjects if isinstance(value, Assessable))


def _serving(changed: ChangedObject, proposal: Proposal) -> tuple[Assessable, ...]:
    """The mitigations that a deployment, threat model or other object concerns."""
    kind, _, name = changed.key.partition("/")
    base = proposal.base
    serving: list[Assessable] = []
    for entry in (*base.mitigations.values(), *proposal.merged.mitigations.values()):
        own = entry.value
        named = {"deployment": own.deployments or (name,), "threat-model": own.threat_models}.get(kind, (name,))
        if name in named and own.id in base.mitigations:
            serving.append(base.mitigations[own.id].value)
    return tuple({subject.id: subject for subject in serving}.values())


def _default_roles(changed: ChangedObject, proposal: Proposal, default: Register) -> tuple[str, ...]:
    own = _subjects(changed, proposal, default) or _serving(changed, proposal)
    roles = tuple(dict.fromkeys(role for subject in own for role in assessors(subject)))
    return roles or roles_in(default)


def _light_roles(changed: ChangedObject, proposal: Proposal, default: Register) -> tuple[str, ...]:
    own = _subjects(changed, proposal, default) or _serving(changed, proposal)
    named = [role for subject in own for role in (*parties(subject), *approvers(subject))]
    named += [step.role for step in default.configuration.gate.loosening]
    return tuple(dict.fromkeys(named)) or roles_in(default)
