"""assert: reports that an invalidation condition has occurred."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Keep, Receipt, Refusal, not_yours
from reassay.assessment.authority import callers
from reassay.assessment.conditions import AssertableCondition, conditions_of
from reassay.assessment.subjects import not_assessed
from reassay.assessment.triggers.invalidation_condition import condition_digest
from reassay.commands.base import BadCommandError, Command, SlashCommand, VerbHelp, needs_reason
from reassay.ledger.reassessment import LedgerRecord
from reassay.ledger.risks import Asserted
from reassay.register.assessable import Assessable
from reassay.register.commitment import Commitment
from reassay.register.finding import did_you_mean
from reassay.register.register import Register
from reassay.register.selection import selects

NAME = "assert"
HELP = VerbHelp(
    usage="assert [<mitigation or commitment>] <number of the condition> because <reason>",
    who="owner, assessors, approvers, and roles that a `manual` trigger names",
    effect=(
        "reports that a condition under which the last assessment is no longer valid has occurred (conditions are numbered"
        " in the issue, and in the register's order). A re-assessment opens, or the open one is joined. A condition of a"
        " commitment about mitigations is reported for every mitigation that it selects"
    ),
    example="/reassay assert jailbreak-filter 1 because the model was fine-tuned on user data",
)


@dataclass(frozen=True, slots=True)
class Assert(Command):
    """The arguments: condition, reason, and mitigation or commitment."""

    verb: ClassVar[str] = NAME
    condition: int
    because: str
    subject: str | None = None


def parse(rest: str) -> Assert:
    """Reads mitigation, number and reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "this")
    *before, number = words.split() or [""]
    if not number.isascii() or not number.isdigit() or len(before) > 1:
        raise BadCommandError(
            "the number of the condition is missing; write e.g. `/reassay assert jailbreak-filter 1 because ...`"
        )
    return Assert(int(number), because, before[0] if before else None)


def act(command: Assert, context: CommandContext) -> Effect | Refusal:
    """The record, from which the trigger `invalidation-condition` fires."""
    name = command.subject or (context.reassessment_here.subject if context.reassessment_here else None)
    register = context.assessment_input.register
    subject = _subject(name, register)
    if subject is None:
        names = {**register.mitigations, **register.commitments}
        hint = did_you_mean(name or "", names).replace("'", "`")
        return Refusal(
            f"'{name or ''}' is not the id of a mitigation or commitment",
            hint or "Write e.g. `/reassay assert jailbreak-filter 1 because ...`",
        )
    roles = callers(subject, *context.facts)
    seat = context.seat(*roles)
    if seat is None:
        return not_yours("report this", roles, context.people(*roles))
    conditions = conditions_of(subject, *context.facts)
    if not 1 <= command.condition <= len(conditions):
        return _no_such_condition(subject.id, conditions)
    about = _about(subject, context)
    if isinstance(about, Refusal):
        return about
    keep = Keep()
    because = keep(command.because)
    bodies = tuple(
        Asserted(
            reassessment=context.reassessment_here.id if context.reassessment_here else None,
            subject=selected,
            condition=condition_digest(conditions[command.condition - 1].text),
            because=because,
            role=seat.recorded,
        )
        for selected in about
    )
    return Effect(bodies, keep.objects)


def _subject(name: str | None, register: Register) -> Assessable | None:
    entry = register.subjects.get(name or "") or register.commitments.get(name or "")
    return entry.value if entry else None


def _no_such_condition(name: str, conditions: Sequence[AssertableCondition]) -> Refusal:
    listed = "; ".join(f"{index}: {condition.text}" for index, condition in enumerate(conditions, 1))
    why = f"{name} has {len(conditions) or 'no'} invalidation condition{'s' if len(conditions) != 1 else ''}"
    otherwise = f"To ask for a re-assessment, comment: `/reassay assess {name} because ...`"
    return Refusal(why, f"They are: {listed}." if conditions else otherwise)


def _about(subject: Assessable, context: CommandContext) -> tuple[str, ...] | Refusal:
    """The subjects that a condition is reported for: those that a commitment about mitigations selects, or itself."""
    register, today = context.facts
    stopped = not_assessed(subject, register, today)
    if stopped:
        return Refusal(
            f"{subject.id} is not re-assessed: {stopped}", "Change that in the register first, then comment again."
        )
    if not isinstance(subject, Commitment) or subject.has_its_own_clock:
        return (subject.id,)
    mitigations = (entry.value for entry in register.mitigations.values())
    chosen = tuple(
        own.id for own in mitigations if selects(subject, own, register) and not not_assessed(own, register, today)
    )
    return chosen or Refusal(
        f"{subject.id} is about mitigations, and it selects none that is active",
        "Change its `selector` in the register, then comment again.",
    )


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The condition, and the re-assessments that are open for it."""
    bodies = [record.body for record in records if isinstance(record.body, Asserted)]
    subject = _subject(bodies[0].subject, context.assessment_input.register) if bodies else None
    if subject is None:
        return None
    body, texts = bodies[0], (condition.text for condition in conditions_of(subject, *context.facts))
    text = next((text for text in texts if condition_digest(text) == body.condition), "a condition since removed")
    opened = [own for own in (context.assessment_input.history.open_for(body.subject) for body in bodies) if own]
    where = (f"{own.id}{f' (#{own.issue})' if own.issue else ''} is open for it" for own in opened)
    about = ", ".join(f"`{body.subject}`" for body in bodies)
    return Receipt(f"@{context.by.login}, {context.spoken(body.role)}, reports for {about}: '{text}'", tuple(where))


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Assert,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_anywhere=True,
)
