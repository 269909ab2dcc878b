"""Warnings about valid entries without effect: approvals nobody can give, triggers that never fire, empty commitments."""

from collections.abc import Iterable, Iterator

from reassay.register.approval import ApprovalStep
from reassay.register.assessable import Assessable
from reassay.register.base import Described
from reassay.register.commitment import Commitment, SubjectKind
from reassay.register.finding import Finding, FindingSeverity, Location, quoted
from reassay.register.lint.approval_steps import unsatisfiable_steps
from reassay.register.mitigation import Mitigation
from reassay.register.pins import bare
from reassay.register.register import Register, RegisterEntry
from reassay.register.trigger_specs import AllSpec, AnySpec, AnyTrigger


def ineffective_entry_findings(register: Register) -> Iterator[Finding]:
    """The warnings, in no order."""
    assessed: list[RegisterEntry[Assessable]] = [*register.mitigations.values(), *register.commitments.values()]
    for entry in assessed:
        yield from _triggers(entry)
        if not register.configuration_is_broken:
            yield from _approval(entry, register)
    for commitment in register.commitments.values():
        yield from _promises_nothing(commitment, register)
    yield from _models(register)
    if not register.configuration_is_broken:
        yield from _delegations(register)


def _warn(entry: RegisterEntry[Described], location: Location, code: str, message: str, remedy: str) -> Finding:
    return Finding(entry.origin.at(*location), code, message, remedy, FindingSeverity.WARNING)


def _triggers(entry: RegisterEntry[Assessable]) -> Iterator[Finding]:
    subject = entry.value
    if isinstance(subject, Mitigation):
        triggers = _walk(("reassess", "triggers"), subject.reassess.triggers if subject.reassess else ())
    else:
        triggers = _walk(("triggers",), subject.triggers if isinstance(subject, Commitment) else ())
    for location, trigger in triggers:
        if not trigger.is_watched:
            message = (
                f"this version cannot evaluate '{trigger.kind}', so {quoted(subject.id)} reads unknown, never current"
            )
            remedy = "Keep it, as it was promised. Request a re-assessment with `/reassay assess` when it happens."
            yield _warn(entry, (*location, "kind"), "not-watched", message, remedy)
        for name in ("every", "more_than", "window", "at_least", "at_most"):
            if getattr(trigger, name, None) == "unspecified":
                message = f"{quoted(subject.id)} states no figure for '{name}', so this trigger never fires"
                remedy = "Ask whoever made the commitment for a figure; reassay does not invent one."
                yield _warn(entry, (*location, name), "no-interval", message, remedy)


def _walk(location: Location, triggers: Iterable[AnyTrigger]) -> Iterator[tuple[Location, AnyTrigger]]:
    for index, trigger in enumerate(triggers):
        yield (*location, index), trigger
        if isinstance(trigger, AnySpec | AllSpec):
            yield from _walk((*location, index, "of"), trigger.of)


def _approval(entry: RegisterEntry[Assessable], register: Register) -> Iterator[Finding]:
    steps: tuple[ApprovalStep, ...] = entry.value.approval
    for index, why in unsatisfiable_steps(steps, entry.value, register.configuration):
        message = f"nobody can satisfy the approval of {quoted(entry.value.id)}: {why}"
        remedy = "Add people to the role under 'roles', ask for fewer, or exclude fewer."
        yield _warn(entry, ("approval", index), "policy-unsatisfiable", message, remedy)


def _promises_nothing(entry: RegisterEntry[Commitment], register: Register) -> Iterator[Finding]:
    commitment = entry.value
    if not commitment.triggers and not commitment.deadlines:
        message = f"{quoted(commitment.id)} has no trigger, so it never requires a re-assessment"
        yield _warn(entry, ("id",), "promises-nothing", message, "Add 'triggers:'; 'every: unspecified' is allowed.")
    kind = commitment.subject.kind
    if kind in {SubjectKind.MODEL, SubjectKind.DEPLOYMENT, SubjectKind.THREAT_MODEL} and not register.objects(kind):
        message = f"{quoted(commitment.id)} is about every {kind.replace('-', ' ')}, and none is declared"
        yield _warn(entry, ("subject", "kind"), "selects-nothing", message, f"Declare the {kind.replace('-', ' ')}s.")


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
