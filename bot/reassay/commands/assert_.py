"""assert: reports that an invalidation condition has occurred."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Keep, Receipt, Refusal, not_yours
from reassay.assessment.authority import callers
from reassay.assessment.rules import rules_for
from reassay.assessment.triggers.clocks import flat
from reassay.assessment.triggers.invalidation_condition import condition_digest
from reassay.commands.base import BadCommandError, Command, SlashCommand, VerbHelp, needs_reason
from reassay.ledger.reassessment import LedgerRecord
from reassay.ledger.risks import Asserted
from reassay.register.assessable import Assessable
from reassay.register.finding import did_you_mean
from reassay.register.register import Register
from reassay.register.trigger_specs import InvalidationConditionSpec

NAME = "assert"
HELP = VerbHelp(
    usage="assert [<mitigation>] <number of the condition> because <reason>",
    who="owner, assessors, approvers, and roles that a `manual` trigger names",
    effect=(
        "reports that a condition under which the last assessment is no longer valid has occurred (conditions are numbered"
        " in the register's order). A re-assessment opens, or the open one is joined"
    ),
    example="/reassay assert jailbreak-filter 1 because the model was fine-tuned on user data",
)


@dataclass(frozen=True, slots=True)
class Assert(Command):
    """The arguments: condition, reason and mitigation."""

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
    if name is None or name not in register.mitigations:
        hint = did_you_mean(name or "", register.mitigations).replace("'", "`")
        return Refusal(
            f"'{name or ''}' is not the id of a mitigation",
            hint or "Write e.g. `/reassay assert jailbreak-filter 1 because ...`",
        )
    subject = register.mitigations[name].value
    roles = callers(subject, register, context.today)
    seat = context.seat(*roles)
    if seat is None:
        return not_yours("report this", roles, context.people(*roles))
    conditions = _conditions_of(subject, register, context.today)
    if not 1 <= command.condition <= len(conditions):
        listed = "; ".join(f"{index}: {text}" for index, text in enumerate(conditions, 1))
        why = f"{name} has {len(conditions) or 'no'} invalidation condition{'s' if len(conditions) != 1 else ''}"
        return Refusal(
            why,
            f"They are: {listed}."
            if conditions
            else f"To ask for a re-assessment, comment: `/reassay assess {name} because ...`",
        )
    keep = Keep()
    body = Asserted(
        reassessment=context.reassessment_here.id if context.reassessment_here else None,
        subject=name,
        condition=condition_digest(conditions[command.condition - 1]),
        because=keep(command.because),
        role=seat.recorded,
    )
    return Effect((body,), keep.objects)


def _conditions_of(subject: Assessable, register: Register, today: date) -> tuple[str, ...]:
    """Texts of its invalidation conditions: its own, then those of triggers and commitments."""
    specs = flat(rule.spec for rule in rules_for(subject, register, today))
    return tuple(dict.fromkeys(spec.condition for spec in specs if isinstance(spec, InvalidationConditionSpec)))


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The condition, and the re-assessment that is open for it."""
    body, register = records[0].body, context.assessment_input.register
    if not isinstance(body, Asserted) or body.subject not in register.mitigations:
        return None
    texts = _conditions_of(register.mitigations[body.subject].value, register, context.today)
    text = next((text for text in texts if condition_digest(text) == body.condition), "a condition since removed")
    own = context.assessment_input.history.open_for(body.subject)
    where = f"{own.id}{f' (#{own.issue})' if own.issue else ''} is open for it" if own else ""
    return Receipt(
        f"@{context.by.login}, {context.spoken(body.role)}, reports for `{body.subject}`: '{text}'",
        tuple(filter(None, [where])),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Assert,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_anywhere=True,
)
