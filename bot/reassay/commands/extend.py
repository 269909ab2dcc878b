"""extend: a later due date, which the owner asks for and an approver grants; at most twice."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Keep, Outcome, Receipt, Refusal, on
from reassay.approvals.two_people import agreed, ask_second
from reassay.commands.base import BadCommandError, Command, VerbHelp, needs_reason, nothing_more, split_until
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.deferrals import Extended
from reassay.ledger.reassessment import Noted

NAME = "extend"
AT_MOST = 2
LONGEST = timedelta(days=184)
HELP = VerbHelp(
    usage="extend until <date> because <reason> [interim <what holds the risk down meanwhile>]",
    who="the owner; then an approver confirms",
    effect="moves the due date, at most twice. It shows as extended until then, never as current",
    example="/reassay extend until 2027-01-08 because the report is late interim uploads are read by hand",
)
_INTERIM = re.compile(r"\s+interim\s+(?P<interim>\S.*)$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Extend(Command):
    """A later due date."""

    verb: ClassVar[str] = NAME
    until: date
    because: str
    interim: str | None = None


def parse(rest: str) -> Extend:
    """Reads the date, the reason and what holds meanwhile. Raises BadCommandError."""
    words, because = needs_reason(rest, "an extension")
    before, until = split_until(words)
    nothing_more(before)
    match = _INTERIM.search(because)
    reason = because[: match.start()].strip() if match else because
    if not reason:
        raise BadCommandError("an extension needs a reason after `because`")
    return Extend(until, reason, match["interim"].strip() if match else None)


def act(command: Extend, asking: Asking) -> Outcome:
    """The owner asks."""
    return ask_second("an extension", asking, lambda subject: (subject.owner,), lambda: _dates(command, asking))


def _dates(command: Extend, asking: Asking) -> Refusal | None:
    each = asking.reassessment
    if each.extensions >= AT_MOST:
        return Refusal(
            f"{each.id} was extended {AT_MOST} times already",
            "Conclude it (`inconclusive` says that nobody can tell), or accept the risk: `/reassay accept-risk`.",
        )
    if not max(each.due, asking.today) < command.until <= asking.today + LONGEST:
        return Refusal(
            f"{command.until} does not extend it: it is due on {each.due}",
            "Give a later day that is still to come, within six months.",
        )
    return None


def confirmed(command: Extend, first: Asking, second: Asking) -> Effect | Refusal:
    """An approver agrees."""
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


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Until when, and how often still."""
    body = noted[0].body
    if not isinstance(body, Extended):
        return None
    left = AT_MOST - asking.reassessment.extensions
    again = (
        f"It can be extended {left} more time{'s' if left != 1 else ''}" if left > 0 else "It cannot be extended again"
    )
    return Receipt(
        f"{asking.reassessment.id} is to be decided by {on(body.until)} now",
        ("It shows as extended until then, never as current, and as overdue after it", again),
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
