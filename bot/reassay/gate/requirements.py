"""Questions and approval steps that the changes of a pull request require, object by object."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reassay.approvals.ledger_entries import step_id
from reassay.approvals.proposal import ChangedObject, Proposal
from reassay.approvals.row import Requirement, of_step
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.joined import AskedStep
from reassay.changes.base import Change
from reassay.changes.policy import KIND as POLICY
from reassay.gate.signing_roles import (
    RIGHTS,
    VERDICTS,
    concerned_subjects,
    former_name,
    joined_steps,
    lending_roles,
    lent_role,
    light_roles,
    loosening_roles,
    own_subjects,
    stricter,
)
from reassay.people.people import roles_in
from reassay.register.approval import ApprovalStep, Excluded
from reassay.register.assessable import Assessable
from reassay.register.c14n import content_digest
from reassay.register.gate import GateQuestion
from reassay.register.register import Register

FREE = frozenset({"incident", "information-item", "evidence-item"})
"""Kinds that may be recorded without a sign-off; only loosening changes to them need one."""
NOT_THE_AUTHOR: tuple[Excluded, ...] = ("author",)
NOT_THE_OWNER: tuple[Excluded, ...] = ("author", "owner")


def changed_objects(changes: Iterable[Change], proposal: Proposal) -> Mapping[str, ChangedObject]:
    """Objects whose change needs a sign-off, by key, in order."""
    grouped: dict[str, list[Change]] = {}
    for change in changes:
        grouped.setdefault(POLICY if change.kind == POLICY else change.key, []).append(change)
    return {
        key: ChangedObject(
            key, tuple(own), *_images(key, own, proposal), _assessed(key, proposal.base), _judged(key, proposal)
        )
        for key, own in grouped.items()
        if own[0].kind not in FREE or any(change.is_looser for change in own)
    }


def _assessed(key: str, base: Register) -> Assessable | None:
    kind, _, name = key.partition("/")
    entry = base.subjects.get(name) if kind in {"mitigation", "commitment"} else None
    return entry.value if entry else None


def _judged(key: str, proposal: Proposal) -> tuple[Assessable, ...]:
    """Subjects about which an object records a judgement: their owners count as owners of it."""
    kind = key.partition("/")[0]
    return concerned_subjects(key, proposal.base, proposal.merged) if kind in VERDICTS else ()


def _images(key: str, changes: Sequence[Change], proposal: Proposal) -> tuple[str | None, str | None]:
    if key == POLICY:
        return _policy_image(proposal.base, proposal, 0), _policy_image(proposal.merged, proposal, 1)
    kind, name = changes[0].kind, changes[0].name
    former = former_name(changes, name)
    return _image(proposal.base, kind, former), _image(proposal.merged, kind, name)


def _image(register: Register, kind: str, name: str) -> str | None:
    entry = register.objects(kind).get(name)
    return content_digest(entry.written) if entry else None


def _policy_image(register: Register, proposal: Proposal, side: int) -> str:
    written = register.configuration.model_dump(mode="json", by_alias=True, exclude_none=True)
    files = {path: both[side] or "" for path, both in proposal.files.items()}
    return content_digest({"configuration": written, "files": files})


def requirements(
    objects: Iterable[ChangedObject], proposal: Proposal, assessment_input: AssessmentInput
) -> tuple[Requirement, ...]:
    """In order: for each changed object its questions, then its steps. `assessment_input` is that of the default branch."""
    return tuple(requirement for changed in objects for requirement in _of(changed, proposal, assessment_input))


def _of(changed: ChangedObject, proposal: Proposal, assessment_input: AssessmentInput) -> Iterator[Requirement]:
    key, default = changed.key, assessment_input.register
    if key == POLICY:
        yield from _policy_steps(key, proposal, default)
        return
    if not changed.is_looser:
        roles = light_roles(changed, proposal, assessment_input)
        yield Requirement(f"{key}:review", key, roles, excludes=NOT_THE_AUTHOR)
        return
    for question in _questions(changed, proposal, default):
        yield Requirement(
            f"{key}?{question.id}",
            key,
            (question.role,),
            question=question.text,
            must_be_fine=True,
            excludes=NOT_THE_AUTHOR,
        )
    kind = key.partition("/")[0]
    if kind in RIGHTS:
        yield from _lent(changed, proposal, assessment_input)
    else:
        yield from _loosened(changed, proposal, assessment_input)


def _policy_steps(key: str, proposal: Proposal, default: Register) -> Iterator[Requirement]:
    steps = _of_policy(proposal, default)
    if not steps:
        yield Requirement(f"{key}:approve", key, roles_in(default), kind="approve", excludes=NOT_THE_AUTHOR)
    yield from _numbered(key, steps)


def _of_policy(proposal: Proposal, default: Register) -> tuple[ApprovalStep, ...]:
    return stricter(default.configuration.gate.policy, proposal.base.configuration.gate.policy)


def _lent(changed: ChangedObject, proposal: Proposal, assessment_input: AssessmentInput) -> Iterator[Requirement]:
    """A right: the steps of the policy, each of which the lender may take; without steps, the lender or a holder of the role."""
    key = changed.key
    lender = lending_roles(changed, proposal, assessment_input)
    steps = _of_policy(proposal, assessment_input.register)
    if not steps:
        roles = tuple(dict.fromkeys((*lender, *lent_role(changed, proposal)))) or roles_in(assessment_input.register)
        yield Requirement(f"{key}:approve", key, roles, kind="approve", excludes=NOT_THE_AUTHOR, is_lending=True)
    for requirement in _numbered(key, steps):
        excludes = tuple(dict.fromkeys((*NOT_THE_AUTHOR, *requirement.excludes)))
        roles = tuple(dict.fromkeys((*requirement.roles, *lender)))
        yield replace(requirement, roles=roles, excludes=excludes, is_lending=True)


def _loosened(changed: ChangedObject, proposal: Proposal, assessment_input: AssessmentInput) -> Iterator[Requirement]:
    """The configured steps. Without any, somebody for each subject; also with steps, where the object records a judgement.

    The policy's steps where there are none, and nobody speaks for everything that the object concerns.
    """
    key, kind = changed.key, changed.key.partition("/")[0]
    steps = _loosening_steps(changed, proposal, assessment_input.register)
    if not steps or kind in VERDICTS:
        speaking = loosening_roles(changed, proposal, assessment_input)
        taken = {step.role for step in steps}
        groups = tuple(roles for roles in speaking.groups if not taken & set(roles))
        excludes = NOT_THE_OWNER if kind == "information-item" else NOT_THE_AUTHOR
        for number, roles in enumerate(groups, 1):
            name = f"{key}:judge" if steps or not speaking.are_all else f"{key}:approve"
            name = name if len(groups) == 1 else f"{name}-{number}"
            yield Requirement(name, key, roles, kind="approve", excludes=excludes, is_ordered=False)
        if not steps and not speaking.are_all:
            yield from _policy_steps(key, proposal, assessment_input.register)
    yield from _numbered(key, steps)
    for commitment, joined in joined_steps(changed, proposal, assessment_input).items():
        yield from _numbered(key, joined, commitment)


def _numbered(key: str, steps: Sequence[ApprovalStep], asked_by: str | None = None) -> Iterator[Requirement]:
    return (
        of_step(f"{key}:{step_id(index, asked_by)}", key, AskedStep(step, index, asked_by))
        for index, step in enumerate(steps, 1)
    )


def _questions(changed: ChangedObject, proposal: Proposal, default: Register) -> Iterator[GateQuestion]:
    """Questions of the default branch and of the base."""
    asked: dict[str, GateQuestion] = {}
    for register in (default, proposal.base):
        for question in register.configuration.gate.questions:
            # Two branches may have different questions with one id: then both are asked.
            name = question.id if asked.get(question.id, question) == question else f"{question.id}-base"
            asked[name] = question.model_copy(update={"id": name})
    yield from (question for question in asked.values() if not question.of or _is_about(question, changed))


def _is_about(question: GateQuestion, changed: ChangedObject) -> bool:
    """Whether a question is about a changed field. A new, renamed or removed object changes in all of its fields."""
    if any(not change.field or change.change == "renamed" for change in changed.changes):
        return any(name.partition(".")[0] == changed.changes[0].kind for name in question.of)
    about = {name for change in changed.changes if change.is_looser for name in _names(change)}
    return bool(set(question.of) & about)


def _names(change: Change) -> Iterable[str]:
    parts = change.field.split(".") if change.field else []
    return [change.kind, *(f"{change.kind}.{'.'.join(parts[:count])}" for count in range(1, len(parts) + 1))]


def _loosening_steps(changed: ChangedObject, proposal: Proposal, default: Register) -> tuple[ApprovalStep, ...]:
    own = [subject.approval for subject in own_subjects(changed, proposal, default)]
    base = proposal.base.configuration.gate.loosening
    return stricter(default.configuration.gate.loosening, base, *own)
