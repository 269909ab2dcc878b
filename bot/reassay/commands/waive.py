"""waive: skips a re-assessment once, on a ground that the register states; a second person confirms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Keep, Outcome, Receipt, Refusal, on
from reassay.approvals.two_people import agreed, ask_second
from reassay.assessment.authority import parties
from reassay.assessment.cells import trigger_input
from reassay.assessment.rules import rules_for
from reassay.assessment.triggers.clocks import flat
from reassay.commands.base import BadCommandError, Command, SlashCommand, VerbHelp, read_day, split_reason
from reassay.common.calendar import Duration
from reassay.common.sentences import names
from reassay.ledger.deferrals import Waived
from reassay.ledger.reassessment import LedgerRecord
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.register import Register
from reassay.register.trigger_specs import IntervalUnlessSpec

NAME = "waive"
HELP = VerbHelp(
    usage="waive <ground> until <date> because <reason>",
    who="the owner or an assessor; then another of them confirms, or an approver where the register names approval steps",
    effect=(
        "where an interval has exceptions (`unless`): states that one of them applies until a date: at most one interval away,"
        " and not longer after the due date than the exception's `within`. Nothing is recorded until another person comments"
        " `/reassay confirm ...`; it is then not due before the day after that date"
    ),
    example="/reassay waive nothing-changed until 2027-01-31 because the model and its deployments are as they were",
)
_SHAPE = re.compile(r"(?P<ground>\S+)\s+until\s+(?P<until>\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Waive(Command):
    """The arguments: ground, date and reason."""

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
            "the ground or the date is missing; write e.g. `/reassay waive nothing-changed until 2027-01-31 because ...`"
        )
    until = read_day(match["until"], "`until`")
    if because is None:
        raise BadCommandError("a waiver needs a reason after `because`")
    return Waive(match["ground"].lower(), until, because)


def act(command: Waive, context: CommandContext) -> Outcome:
    """A request by owner or assessor."""
    return ask_second("waive this", context, parties, lambda: _ground(command, context))


@dataclass(frozen=True, slots=True)
class WaiverGround:
    """A stated exception, with the interval that it may skip once."""

    every: Duration
    depth: Depth | None
    within: Duration | None
    """How long after the due date it may be waived at most; None for one interval from today."""


def grounds(subject: Assessable, register: Register, today: date) -> Mapping[str, WaiverGround]:
    """The stated exceptions by id."""
    specs = flat(rule.spec for rule in rules_for(subject, register, today))
    return {
        ground.id: WaiverGround(spec.every, spec.depth, ground.within)
        for spec in specs
        if isinstance(spec, IntervalUnlessSpec)
        for ground in spec.unless
    }


def _ground(command: Waive, context: CommandContext) -> Refusal | None:
    subject, assessment_input = context.subject, context.assessment_input
    stated = grounds(subject, assessment_input.register, assessment_input.today) if subject else {}
    ground = stated.get(command.condition)
    if subject is None or ground is None:
        listed = names(*(f"`{name}`" for name in stated))
        remedy = f"Grounds are {listed}." if stated else "The register states none (`reassess.unless`)."
        return Refusal(f"'{command.condition}' is not a ground to waive this", remedy)
    longest = _longest(ground, subject, context)
    if longest < assessment_input.today and ground.within:
        return Refusal(
            f"`{command.condition}` applies within {ground.within.words()} of the due date, which was up to {on(longest)}",
            "It can no longer be waived on this ground: conclude it.",
        )
    if not assessment_input.today <= command.until <= longest:
        most = f"{ground.within.words()} after the due date" if ground.within else "one interval"
        return Refusal(
            f"{on(command.until)} is not between today and {on(longest)}",
            f"It can be waived for {most} at most: give a date within it.",
        )
    return None


def _longest(ground: WaiverGround, subject: Assessable, context: CommandContext) -> date:
    """The last day that a waiver may name. `within` counts from the day it fell due, so that one cannot follow another."""
    facts = context.assessment_input
    ends = [ground.every.after(facts.today)]
    if ground.within is not None:
        for cell in context.reassessment.cells:
            last = trigger_input(subject, cell, facts).last_of(ground.depth)
            ends.append(ground.within.after(ground.every.after(last.on) if last else facts.today))
    return min(ends)


def confirmed(command: Waive, first: CommandContext, second: CommandContext) -> Effect | Refusal:
    """The record, once a second person confirms."""
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


def receipt(records: tuple[LedgerRecord, ...], _context: CommandContext) -> Receipt | None:
    """The waiver and its effect."""
    body = records[0].body
    if not isinstance(body, Waived):
        return None
    return Receipt(
        f"`{body.subject}` is not due by its interval up to and including {on(body.until)}, because `{body.condition}` applies",
        ("No due date is counted from this, and nothing was found effective",),
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
