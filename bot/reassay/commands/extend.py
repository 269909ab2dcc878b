"""extend: moves the due date, at most twice; the owner asks and an approver confirms."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Keep, Outcome, Receipt, Refusal, due_on, on
from reassay.approvals.two_people import agreed, ask_second
from reassay.commands.base import (
    BadCommandError,
    Command,
    SlashCommand,
    VerbHelp,
    needs_reason,
    nothing_more,
    split_until,
)
from reassay.common.sentences import count_words
from reassay.ledger.deferrals import Extended
from reassay.ledger.reassessment import LedgerRecord
from reassay.register.assessable import Assessable
from reassay.register.register import Register

NAME = "extend"
AT_MOST = 2
LONGEST = timedelta(days=184)
HELP = VerbHelp(
    usage="extend until <date> because <reason> [interim <measures until then>]",
    who="the owner; then an approver confirms",
    effect="moves the due date, at most twice. It shows as extended until then, never as current",
    example="/reassay extend until 2027-01-08 because the report is late interim uploads are read by hand",
)
_INTERIM = re.compile(r"\s+interim\s+(?P<interim>\S.*)$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Extend(Command):
    """The arguments: new due date, reason and interim measures."""

    verb: ClassVar[str] = NAME
    until: date
    because: str
    interim: str | None = None


def parse(rest: str) -> Extend:
    """Reads the date, the reason and interim measures. Raises BadCommandError."""
    words, because = needs_reason(rest, "an extension")
    before, until = split_until(words)
    nothing_more(before)
    match = _INTERIM.search(because)
    reason = because[: match.start()].strip() if match else because
    if not reason:
        raise BadCommandError("an extension needs a reason after `because`")
    return Extend(until, reason, match["interim"].strip() if match else None)


def act(command: Extend, context: CommandContext) -> Outcome:
    """A request by the owner."""
    return ask_second("extend this", context, _owner, lambda: _dates(command, context))


def _owner(subject: Assessable, _register: Register, _today: date) -> tuple[str, ...]:
    return (subject.owner,)


def _dates(command: Extend, context: CommandContext) -> Refusal | None:
    reassessment = context.reassessment
    if reassessment.extensions >= AT_MOST:
        return Refusal(
            f"{reassessment.id} was already extended {AT_MOST} times",
            "Conclude it (`inconclusive` if in doubt), or comment: `/reassay accept-risk until <date> because ...`",
        )
    if not max(reassessment.due, context.today) < command.until <= context.today + LONGEST:
        return Refusal(
            f"{on(command.until)} is not a later due date: it is due {due_on(reassessment)}",
            "Give a later date, in the future and within six months.",
        )
    return None


def confirmed(command: Extend, first: CommandContext, second: CommandContext) -> Effect | Refusal:
    """The record, once an approver confirms."""
    seat = agreed(act(command, first), first, second, "an extension")
    if isinstance(seat, Refusal):
        return seat
    keep = Keep()
    body = Extended(
        reassessment=first.reassessment.id,
        until=command.until,
        because=keep(command.because),
        interim=keep(command.interim) if command.interim else None,
        asked=first.asked(),
        confirmed_by=second.by.id or 0,
    )
    return Effect((body,), keep.objects)


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The new due date, and the extensions that are left."""
    body = records[0].body
    if not isinstance(body, Extended):
        return None
    left = AT_MOST - context.reassessment.extensions
    again = f"It can be extended {count_words(left, 'more time')}" if left > 0 else "It cannot be extended again"
    return Receipt(
        f"{context.reassessment.id} is now due {on(body.until)}",
        ("It is shown as extended until then, never as current, and as overdue after that", again),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Extend,
    parse=parse,
    act=act,
    receipt=receipt,
    confirmed=confirmed,
)
