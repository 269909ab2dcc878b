"""Valid entries without effect: approvals nobody can give, triggers that never fire, fields that nothing acts on."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reassay.register.approval import CASES, ApprovalStep
from reassay.register.assessable import Assessable
from reassay.register.base import Described
from reassay.register.commitment import Commitment, SubjectKind
from reassay.register.finding import Finding, FindingSeverity, Location, Origin, quoted
from reassay.register.lint.approval_steps import unsatisfiable_steps
from reassay.register.lint.trigger_places import trigger_places
from reassay.register.pins import bare
from reassay.register.register import Register, RegisterEntry

_JOINED: Final = ("approval", "checklist", "assessors", "assessor", "outputs")
"""Fields of a commitment about mitigations that join those of each selected mitigation, whatever opens its re-assessment."""
_REMEDIES: Final[Mapping[str, str]] = {
    "last_assessed": "Write it on the mitigations: each has its own last assessment.",
    "version": "Raise the 'version' of the mitigations: each is assessed in a version of its own.",
    "formerly": "Delete it: the history is that of the mitigations.",
}
_OF_OWN_CLOCK: Final = frozenset(_REMEDIES)
"""Fields that belong to a subject that is itself re-assessed."""
_OF_TRIGGERS: Final = frozenset({"depth", "must_complete", "within"})
"""Fields that are about triggers which do not state them."""
_FIGURES: Final = frozenset({"every", "more_than", "window", "accepted", "at_least", "at_most"})
"""Fields of triggers that may be `unspecified`."""
_SELECTABLE: Final[Mapping[SubjectKind, frozenset[str]]] = {
    SubjectKind.MITIGATION: frozenset({"ids", "threat_models", "deployments", "audiences", "layers"}),
    SubjectKind.MODEL: frozenset({"ids"}),
    SubjectKind.DEPLOYMENT: frozenset({"ids", "audiences"}),
    SubjectKind.THREAT_MODEL: frozenset({"ids"}),
    SubjectKind.FRAMEWORK: frozenset(),
}
"""The keys of a selector that select among the objects of each kind."""


def ineffective_entry_findings(register: Register) -> Iterator[Finding]:
    """The warnings, in no order."""
    assessed: list[RegisterEntry[Assessable]] = [*register.mitigations.values(), *register.commitments.values()]
    for entry in assessed:
        yield from _triggers(entry)
        if not register.configuration_is_broken:
            yield from _approval(entry, register)
    for commitment in register.commitments.values():
        yield from _promises_nothing(commitment, register)
        yield from _without_effect(commitment)
    for mitigation in register.mitigations.values():
        reassess = mitigation.value.reassess
        if reassess and reassess.at_least_after and reassess.unless:
            message = f"{quoted(mitigation.value.id)} states 'at_least_after', so nothing acts on 'unless'"
            remedy = "Delete one of them: a range of intervals has no exceptions."
            yield _error(mitigation, ("reassess", "unless"), message, remedy)
    yield from _conditions_in_words(register)
    yield from _models(register)
    if not register.configuration_is_broken:
        yield from _delegations(register)


def _warn(entry: RegisterEntry[Described], location: Location, code: str, message: str, remedy: str) -> Finding:
    return Finding(entry.origin.at(*location), code, message, remedy, FindingSeverity.WARNING)


def _triggers(entry: RegisterEntry[Assessable]) -> Iterator[Finding]:
    subject = entry.value
    for location, trigger in trigger_places(subject):
        for name, value in trigger:
            if name in _FIGURES and value == "unspecified":
                message = f"{quoted(subject.id)} states no figure for '{name}', so this trigger never fires"
                remedy = "Ask the people who made the commitment for a figure; reassay does not invent one."
                yield _warn(entry, (*location, name), "no-interval", message, remedy)


def _approval(entry: RegisterEntry[Assessable], register: Register) -> Iterator[Finding]:
    steps: tuple[ApprovalStep, ...] = entry.value.approval
    for index, why in unsatisfiable_steps(steps, entry.value, register.configuration):
        message = f"nobody can satisfy the approval of {quoted(entry.value.id)}: {why}"
        remedy = "Add people to the role under 'roles', ask for fewer, or exclude fewer."
        yield _warn(entry, ("approval", index), "policy-unsatisfiable", message, remedy)


def _promises_nothing(entry: RegisterEntry[Commitment], register: Register) -> Iterator[Finding]:
    commitment = entry.value
    joins = not commitment.has_its_own_clock and any(getattr(commitment, name) for name in _JOINED)
    asks = commitment.triggers or commitment.deadlines or commitment.invalidation_conditions or joins
    if not asks:
        message = f"{quoted(commitment.id)} has no trigger, so it never requires a re-assessment"
        yield _warn(entry, ("id",), "promises-nothing", message, "Add 'triggers:'; 'every: unspecified' is allowed.")
    kind = commitment.subject.kind
    # One with an error is declared.
    if kind is not SubjectKind.FRAMEWORK and not register.objects(kind) and not register.broken.get(kind):
        message = f"{quoted(commitment.id)} is about {kind.replace('-', ' ')}s, and none is declared"
        yield _warn(entry, ("subject", "kind"), "selects-nothing", message, f"Declare the {kind.replace('-', ' ')}s.")


def _without_effect(entry: RegisterEntry[Commitment]) -> Iterator[Finding]:
    """Errors about fields that nothing acts on here: nobody may rely on them."""
    commitment = entry.value
    stated = {name for name in commitment.model_fields_set if getattr(commitment, name) != _default(commitment, name)}
    if not commitment.has_its_own_clock:
        for name in sorted(stated & _OF_OWN_CLOCK):
            why = f"is about mitigations and has no clock of its own, so nothing acts on {quoted(name)}"
            yield _error(entry, (name,), f"{quoted(commitment.id)} {why}", _REMEDIES[name])
    if not commitment.triggers and not commitment.invalidation_conditions:
        for name in sorted(stated & _OF_TRIGGERS):
            why = f"states no trigger, so nothing acts on {quoted(name)}"
            yield _error(entry, (name,), f"{quoted(commitment.id)} {why}", "Add 'triggers:', or delete it.")
    yield from _selector(entry)


def _selector(entry: RegisterEntry[Commitment]) -> Iterator[Finding]:
    subject = entry.value.subject
    stated = subject.selector.model_fields_set if subject.selector else frozenset()
    for name in sorted(stated - _SELECTABLE[subject.kind]):
        if getattr(subject.selector, name):
            message = (
                f"{quoted(entry.value.id)} is about the kind {quoted(subject.kind)}, so nothing acts on {quoted(name)}"
            )
            able = ", ".join(sorted(_SELECTABLE[subject.kind])) or "nothing"
            remedy = f"Delete it: this kind can be selected by {able}."
            yield _error(entry, ("subject", "selector", name), message, remedy)


def _default(commitment: Commitment, name: str) -> object:
    return type(commitment).model_fields[name].get_default(call_default_factory=True)


def _error(entry: RegisterEntry[Described], location: Location, message: str, remedy: str) -> Finding:
    return Finding(entry.origin.at(*location), "without-effect", message, remedy)


def _conditions_in_words(register: Register) -> Iterator[Finding]:
    """Warnings about conditions of approval steps in words that a program cannot judge."""
    assessed: list[RegisterEntry[Assessable]] = [*register.mitigations.values(), *register.commitments.values()]
    places: list[tuple[Origin, Location, Sequence[ApprovalStep]]] = [
        (entry.origin, ("approval",), entry.value.approval) for entry in assessed
    ]
    if register.configuration_origin is not None:
        gate = register.configuration.gate
        places += [(register.configuration_origin, ("gate", "loosening"), gate.loosening)]
        places += [(register.configuration_origin, ("gate", "policy"), gate.policy)]
    for origin, location, steps in places:
        is_gate = location[0] == "gate"
        for index, step in enumerate(steps):
            if step.when and (is_gate or not step.cases):
                message = f"nobody judges the condition {quoted(step.when)}, so the step of {quoted(step.role)} is always needed"
                remedy = (
                    "Delete 'when': the gate asks for each step." if is_gate
                    else f"Write decisions or depths, joined by 'or' ({', '.join(sorted(CASES))}), or delete 'when'."
                )  # fmt: skip
                at = origin.at(*location, index, "when")
                yield Finding(at, "not-judged", message, remedy, FindingSeverity.WARNING)


def _models(register: Register) -> Iterator[Finding]:
    for entry in register.deployments.values():
        named = entry.value.model
        if named and register.models and named not in register.models:
            message = f"{quoted(entry.value.id)} runs {quoted(named)}, and no model of that id is declared"
            remedy = "Name the id of a declared model, or declare this one: its metrics and version are unknown."
            yield _warn(entry, ("model",), "unknown-model", message, remedy)


def _delegations(register: Register) -> Iterator[Finding]:
    for entry in register.delegations.values():
        holders = {person.casefold() for person in register.configuration.people(entry.value.role)}
        if bare(entry.value.from_).casefold() not in holders:
            message = f"{quoted(entry.value.from_)} does not hold the role {quoted(entry.value.role)}"
            remedy = "Only a holder of the role can delegate it, and a delegation cannot be delegated."
            yield _warn(entry, ("from",), "not-ones-own-role", message, remedy)
