"""waive: says that a ground for leaving a re-assessment out, once, holds; a second person has to confirm it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Keep, Outcome, Receipt, Refusal, on
from reassay.approvals.two_people import agreed, ask_second
from reassay.assessment.authority import parties
from reassay.assessment.rules import rules_for
from reassay.assessment.triggers.clocks import flat
from reassay.commands.base import BadCommandError, Command, VerbHelp, read_day, split_reason
from reassay.commands.slash_command import SlashCommand
from reassay.common.calendar import Duration
from reassay.common.sentences import names
from reassay.ledger.deferrals import Waived
from reassay.ledger.reassessment import Noted
from reassay.register.assessable import Assessable
from reassay.register.register import Register
from reassay.register.trigger_specs import IntervalUnlessSpec

NAME = "waive"
HELP = VerbHelp(
    usage="waive <ground> until <date> because <reason>",
    who="the owner or an assessor; then another of them confirms, or an approver where the register names approval steps",
    effect=(
        "where an interval is stated with exceptions (`unless`): says that one of them holds until a date."
        " Nothing is recorded before somebody else writes `/reassay confirm ...`; then it is not due until that date is over"
    ),
    example="/reassay waive nothing-changed until 2027-01-31 because the model and its deployments are as they were",
)
_SHAPE = re.compile(r"(?P<ground>\S+)\s+until\s+(?P<until>\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Waive(Command):
    """Say that a ground for leaving a re-assessment out holds."""

    verb: ClassVar[str] = NAME
    condition: str
    until: date
    because: str


def parse(rest: str) -> Waive:
    """Reads what follows the verb. Raises BadCommandError."""
    words, because = split_reason(rest)
    match = _SHAPE.fullmatch(words)
    if match is None:
        raise BadCommandError(
            "write the ground and the last day on which it holds: `waive nothing-changed until 2027-01-31`"
        )
    until = read_day(match["until"], "`until`")
    if because is None:
        raise BadCommandError("a waiver needs a reason after `because`")
    return Waive(match["ground"].lower(), until, because)


def act(command: Waive, asking: Asking) -> Outcome:
    """Owner or assessor asks."""
    return ask_second("waiving it", asking, parties, lambda: _ground(command, asking))


def grounds(subject: Assessable, register: Register, today: date) -> Mapping[str, Duration]:
    """Ids of the stated exceptions, each with the interval it may leave out once."""
    specs = flat(rule.spec for rule in rules_for(subject, register, today))
    return {ground.id: spec.every for spec in specs if isinstance(spec, IntervalUnlessSpec) for ground in spec.unless}


def _ground(command: Waive, asking: Asking) -> Refusal | None:
    subject, situation = asking.subject, asking.situation
    known = grounds(subject, situation.register, situation.today) if subject else {}
    if command.condition not in known:
        stated = (
            f"Stated are {names(*(f'`{name}`' for name in known))}." if known else "None is stated (`reassess.unless`)."
        )
        return Refusal(f"'{command.condition}' is no ground for leaving this out", stated)
    longest = known[command.condition].after(situation.today)
    if not situation.today <= command.until <= longest:
        return Refusal(
            f"{command.until} is not between today and {longest}",
            "One interval may be left out, once: write a day within it.",
        )
    return None


def confirmed(command: Waive, first: Asking, second: Asking) -> Effect | Refusal:
    """The waiver, if everything still holds and the second person is another one who may."""
    seat = agreed(act(command, first), first, second, "a waiver")
    if isinstance(seat, Refusal):
        return seat
    keep = Keep()
    body = Waived(
        reassessment=first.reassessment.id,
        subject=first.reassessment.subject,
        cells=first.reassessment.cells,
        condition=command.condition,
        until=command.until,
        because=keep(command.because),
        asked=first.asked(),
        confirmed_by=second.by.id or 0,
    )
    return Effect((body,), keep.objects)


def receipt(noted: tuple[Noted, ...], _asking: Asking) -> Receipt | None:
    """What it does, and what it does not."""
    body = noted[0].body
    if not isinstance(body, Waived):
        return None
    return Receipt(
        f"`{body.subject}` is not due by its interval until {on(body.until)} is over, because `{body.condition}` holds",
        ("Two people said so; no anchor moved, and nothing was found effective",),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Waive,
    parse=parse,
    act=act,
    receipt=receipt,
    confirmed=confirmed,
)
