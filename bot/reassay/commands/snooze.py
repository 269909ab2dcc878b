"""snooze: silences reminders for a while; the state stays what it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Keep, Receipt, Refusal, closed, not_yours, on, unreadable
from reassay.commands.base import BadCommandError, Command, VerbHelp, needs_reason
from reassay.commands.slash_command import SlashCommand
from reassay.common.calendar import Duration, parse_duration
from reassay.ledger.deferrals import Snoozed
from reassay.ledger.reassessment import Noted

NAME = "snooze"
LONGEST = timedelta(days=92)
HELP = VerbHelp(
    usage="snooze <duration> because <reason>",
    who="the owner",
    effect="no reminders for so long (at most three months). Nothing else changes: what is overdue reads as overdue",
    example="/reassay snooze 2 weeks because the contractor is away",
)


@dataclass(frozen=True, slots=True)
class Snooze(Command):
    """No reminders for a while."""

    verb: ClassVar[str] = NAME
    span: Duration
    because: str


def parse(rest: str) -> Snooze:
    """Reads the duration and the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "a snooze")
    try:
        return Snooze(parse_duration(words), because)
    except ValueError as error:
        raise BadCommandError(f"write for how long: `snooze 2 weeks because ...` ({error})") from error


def act(command: Snooze, asking: Asking) -> Effect | Refusal:
    """At most LONGEST."""
    each, subject = asking.reassessment, asking.subject
    if subject is None:
        return unreadable(each)
    if asking.seat(subject.owner) is None:
        return not_yours("a snooze", (subject.owner,), asking.people(subject.owner))
    if refused := closed(each):
        return refused
    until: date = command.span.after(asking.written_on)
    if not asking.written_on < until <= asking.written_on + LONGEST:
        return Refusal("reminders can be silenced for one day to three months", "Write for example `snooze 2 weeks`.")
    keep = Keep()
    return Effect((Snoozed(reassessment=each.id, until=until, because=keep(command.because)),), keep.objects)


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """What it does not do."""
    body = noted[0].body
    if not isinstance(body, Snoozed):
        return None
    each = asking.reassessment
    return Receipt(
        f"no reminders until {on(body.until)}",
        (f"Only the reminders are silent: {each.id} is still due on {on(each.due)}",),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Snooze,
    parse=parse,
    act=act,
    receipt=receipt,
)
