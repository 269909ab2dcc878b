"""Roles that sign a changed object: those of the subjects that it concerns, of who lends a right, or of the policy.

They are those of the base and the default branch, never those that the change brings. A role comes from what the object
names, so that a verdict never depends on the size of the register; where nothing known is named, the policy decides.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from reassay.approvals.proposal import ChangedObject, Proposal
from reassay.assessment.authority import approvers, assessors, callers, parties
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.joined import approval_steps
from reassay.changes.base import Change
from reassay.people.people import holds, roles_in
from reassay.register.approval import ApprovalStep
from reassay.register.assessable import Assessable
from reassay.register.delegation import Delegation
from reassay.register.object_references import references_of
from reassay.register.register import KINDS, Register, RegisterObject

SUBJECTS: Final = frozenset({"mitigation", "commitment"})
"""Kinds whose own owner and assessors sign."""
VERDICTS: Final = frozenset({"information-item", "risk-acceptance", "evidence-item"})
"""Kinds that record a judgement about a subject: somebody who may give that judgement signs."""
RIGHTS: Final = frozenset({"delegation"})
"""Kinds that give somebody a right: its lender signs, or who signs the policy; never an assessor."""


def own_subjects(changed: ChangedObject, proposal: Proposal, default: Register) -> tuple[Assessable, ...]:
    """A changed mitigation or commitment in the default branch and in the base; empty for a new one and other kinds."""
    kind, _, name = changed.key.partition("/")
    if kind not in SUBJECTS:
        return ()
    former = former_name(changed.changes, name)
    sides = (default, proposal.base)
    subjects = [side.objects(kind)[former].value for side in sides if former in side.objects(kind)]
    return tuple(value for value in subjects if isinstance(value, Assessable))


def former_name(changes: Iterable[Change], name: str) -> str:
    """The id of an object in the base."""
    return next((str(change.before) for change in changes if change.change == "renamed"), name)


def concerned_subjects(key: str, base: Register, merged: Register) -> tuple[Assessable, ...]:
    """Subjects of the base that an object of another kind concerns, in order of id.

    A deployment concerns the mitigations that serve it, a threat model those against it, a model those of its deployments,
    and every other object the subjects that it names.
    """
    named = {name for side in (base, merged) for name in _named(key, side)}
    return tuple(base.subjects[name].value for name in sorted(named) if name in base.subjects)


def names_unknown(key: str, base: Register, merged: Register) -> bool:
    """Whether an object names a subject that the base does not have, so that nobody of the base can speak for it."""
    return any(name not in base.subjects for side in (base, merged) for name in _written_names(key, side))


def _named(key: str, register: Register) -> Iterator[str]:
    kind, _, name = key.partition("/")
    match kind:
        case "deployment":
            yield from _serving({name}, register)
        case "model":
            running = {own for own, entry in register.deployments.items() if entry.value.model == name}
            yield from _serving(running, register)
        case "threat-model":
            yield from (own for own, entry in register.mitigations.items() if name in entry.value.threat_models)
        case _:
            yield from _written_names(key, register)
            value = _value(key, register)
            if kind == "incident" and value is not None:
                places = {name for _, sort, name in references_of(value) if sort == "deployment"}
                yield from _serving(places, register)


def _written_names(key: str, register: Register) -> Iterator[str]:
    """Ids of subjects in a document."""
    value = _value(key, register)
    if value is not None and key.partition("/")[0] not in {"deployment", "model", "threat-model"}:
        yield from (name for _, sort, name in references_of(value) if sort in {*SUBJECTS, "subject"})


def _value(key: str, register: Register) -> RegisterObject | None:
    kind, _, name = key.partition("/")
    entry = register.objects(kind).get(name) if kind in KINDS else None
    return entry.value if entry else None


def _serving(deployments: Iterable[str], register: Register) -> Iterator[str]:
    places = frozenset(deployments)
    for name, entry in register.mitigations.items():
        if places and (not entry.value.deployments or places & set(entry.value.deployments)):
            yield name


@dataclass(frozen=True, slots=True)
class SpeakingRoles:
    """Roles that speak for the subjects which an object concerns."""

    groups: tuple[tuple[str, ...], ...]
    """For each entry one person of any of its roles signs, so that somebody signs for each subject."""
    are_all: bool
    """Whether everything that the object concerns is known and has somebody to speak for it."""


def loosening_roles(changed: ChangedObject, proposal: Proposal, assessment_input: AssessmentInput) -> SpeakingRoles:
    """The roles that sign a loosening of an object without configured steps."""
    default, today = assessment_input.register, assessment_input.today
    own = own_subjects(changed, proposal, default)
    if own:
        return SpeakingRoles((_union(assessors(subject, default, today) for subject in own),), are_all=True)
    sides = (proposal.base, proposal.merged)
    kind = changed.key.partition("/")[0]
    concerned = [_judges(kind, subject, assessment_input) for subject in concerned_subjects(changed.key, *sides)]
    are_all = bool(concerned) and all(concerned) and not names_unknown(changed.key, *sides)
    return SpeakingRoles(_least(roles for roles in concerned if roles), are_all)


def _judges(kind: str, subject: Assessable, assessment_input: AssessmentInput) -> tuple[str, ...]:
    """Roles that may give the judgement which an object of a kind records about a subject."""
    facts = (assessment_input.register, assessment_input.today)
    match kind:
        case "information-item":
            return tuple(role for role in callers(subject, *facts) if role != subject.owner)
        case "risk-acceptance":
            return approvers(subject, *facts)
        case _:
            return assessors(subject, *facts)


def _least(several: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Each set of roles once, without those that a narrower one includes."""
    different = list({frozenset(roles): roles for roles in several}.values())
    return tuple(roles for roles in different if not any(set(other) < set(roles) for other in different))


def lending_roles(changed: ChangedObject, proposal: Proposal, assessment_input: AssessmentInput) -> tuple[str, ...]:
    """The lender of a delegation, if they hold what they lend; else any holder of that role."""
    value = _value(changed.key, proposal.merged)
    if not isinstance(value, Delegation):
        return ()
    people, default = assessment_input.people, assessment_input.register
    is_held = holds(people.account(value.from_), value.role, default, people)
    return (value.from_,) if is_held else ()


def lent_role(changed: ChangedObject, proposal: Proposal) -> tuple[str, ...]:
    """The role that a delegation lends."""
    value = _value(changed.key, proposal.merged)
    return (value.role,) if isinstance(value, Delegation) else ()


def light_roles(changed: ChangedObject, proposal: Proposal, assessment_input: AssessmentInput) -> tuple[str, ...]:
    """Roles, any of which signs a change that loosens nothing."""
    default, today = assessment_input.register, assessment_input.today
    concerned = own_subjects(changed, proposal, default)
    concerned = concerned or concerned_subjects(changed.key, proposal.base, proposal.merged)
    named = [
        role
        for subject in concerned
        for role in (*parties(subject, default, today), *approvers(subject, default, today))
    ]
    named += [step.role for step in default.configuration.gate.loosening]
    return tuple(dict.fromkeys(named)) or roles_in(default)


def joined_steps(
    changed: ChangedObject, proposal: Proposal, assessment_input: AssessmentInput
) -> Mapping[str, tuple[ApprovalStep, ...]]:
    """By commitment, the steps that commitments of the default branch or of the base join to a changed mitigation's own."""
    steps: dict[str, tuple[ApprovalStep, ...]] = {}
    former = former_name(changed.changes, changed.key.partition("/")[2])
    for side in (assessment_input.register, proposal.base):
        entry = side.mitigations.get(former) if changed.key.startswith("mitigation/") else None
        for asked in approval_steps(entry.value, side, assessment_input.today) if entry else ():
            if asked.asked_by is not None:
                steps[asked.asked_by] = stricter(steps.get(asked.asked_by, ()), (asked.step,))
    return steps


def stricter(*several: Iterable[ApprovalStep]) -> tuple[ApprovalStep, ...]:
    """The steps of several lists; where two have the same step, the stricter numbers and exclusions."""
    strictest: dict[tuple[str, str], ApprovalStep] = {}
    for step in chain(*several):
        other = strictest.get((step.role, step.kind))
        excludes = tuple(dict.fromkeys((*(other.excludes if other else ()), *step.excludes)))
        least = max(step.min, other.min if other else 1)
        strictest[step.role, step.kind] = step.model_copy(update={"min": least, "excludes": excludes})
    return tuple(strictest.values())


def _union(several: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(several)))
