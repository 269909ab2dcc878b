"""assert: a foreseen ground for doubt has come about."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Keep, Receipt, Refusal, not_yours
from reassay.assessment.authority import callers
from reassay.assessment.rules import rules_for
from reassay.assessment.triggers.clocks import flat
from reassay.assessment.triggers.invalidation_condition import condition_digest
from reassay.commands.base import BadCommandError, Command, VerbHelp, needs_reason
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.reassessment import Noted
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
        "says that a condition under which the last assessment no longer holds has come about (they are numbered in the"
        " register's order). A re-assessment opens, or the open one is joined"
    ),
    example="/reassay assert jailbreak-filter 1 because the model was fine-tuned on user data",
)


@dataclass(frozen=True, slots=True)
class Assert(Command):
    """A condition has come about."""

    verb: ClassVar[str] = NAME
    condition: int
    because: str
    subject: str | None = None


def parse(rest: str) -> Assert:
    """Reads mitigation, number and reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "this")
    *before, number = words.split() or [""]
    if not number.isascii() or not number.isdigit() or len(before) > 1:
        raise BadCommandError("write the number of the condition: `assert jailbreak-filter 1 because ...`")
    return Assert(int(number), because, before[0] if before else None)


def act(command: Assert, asking: Asking) -> Effect | Refusal:
    """Recorded; the trigger `invalidation-condition` does the rest."""
    name = command.subject or (asking.reassessment_here.subject if asking.reassessment_here else None)
    register = asking.situation.register
    if name is None or name not in register.mitigations:
        hint = did_you_mean(name or "", register.mitigations).replace("'", "`")
        return Refusal(
            f"no mitigation is called '{name or ''}'", hint or "Name it: `assert jailbreak-filter 1 because ...`"
        )
    subject = register.mitigations[name].value
    roles = callers(subject, register, asking.today)
    seat = asking.seat(*roles)
    if seat is None:
        return not_yours("asserting this", roles, asking.people(*roles))
    known = _conditions_of(subject, register, asking.today)
    if not 1 <= command.condition <= len(known):
        listed = "; ".join(f"{index}: {text}" for index, text in enumerate(known, 1))
        why = f"{name} states {len(known) or 'no'} invalidation condition{'s' if len(known) != 1 else ''}"
        return Refusal(why, f"They are: {listed}." if known else "Ask with `/reassay assess` instead.")
    keep = Keep()
    body = Asserted(
        reassessment=asking.reassessment_here.id if asking.reassessment_here else None,
        subject=name,
        condition=condition_digest(known[command.condition - 1]),
        because=keep(command.because),
        role=seat.recorded,
    )
    return Effect((body,), keep.objects)


def _conditions_of(subject: Assessable, register: Register, today: date) -> tuple[str, ...]:
    """Texts of the foreseen grounds for doubt: those that it states, then those of triggers and commitments."""
    specs = flat(rule.spec for rule in rules_for(subject, register, today))
    return tuple(dict.fromkeys(spec.condition for spec in specs if isinstance(spec, InvalidationConditionSpec)))


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Which condition."""
    body, register = noted[0].body, asking.situation.register
    if not isinstance(body, Asserted) or body.subject not in register.mitigations:
        return None
    texts = _conditions_of(register.mitigations[body.subject].value, register, asking.today)
    text = next((text for text in texts if condition_digest(text) == body.condition), "a condition since removed")
    found = asking.situation.history.open_for(body.subject)
    where = f"{found.id}{f' (#{found.issue})' if found.issue else ''} is open for it" if found else ""
    return Receipt(
        f"@{asking.by.login}, {asking.spoken(body.role)}, says that this has come about for `{body.subject}`: '{text}'",
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
