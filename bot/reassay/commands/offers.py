"""Commands that a person may give here now: sample commands that are tried with the rules of their verbs, and not refused.

Trying is pure, so what help offers is what would be recorded. A command that only waits for something else is offered with
what it waits for; one that is for other people, or for other places, is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from reassay.approvals.approvals import Approvals
from reassay.approvals.command_context import CommandContext, Refusal
from reassay.approvals.digests import brief
from reassay.approvals.ledger_entries import answer_command
from reassay.approvals.row import ApprovalRow
from reassay.assessment.authority import everyone, on_call
from reassay.commands.base import Command
from reassay.commands.registry import command_of, parse_comment
from reassay.common.sentences import names
from reassay.people.people import roles_in

_DECISIONS = "ineffective|degraded|inconclusive|effective"


@dataclass(frozen=True, slots=True)
class Offer:
    """A command for one person at one place."""

    line: str
    """Ready to copy; what a person has to fill in is in angle brackets."""
    what: str
    """What it does, in half a sentence."""
    waits_for: str = ""
    """Why it cannot be recorded yet, in half a sentence; empty if it can."""


@dataclass(frozen=True, slots=True)
class _Sample:
    line: str
    tried: str
    """A complete command after `/reassay`, to try whether the person may give it."""
    what: str
    shows_why: bool = False
    """Whether it is offered to those who could give it later, with what is missing."""


def offers(context: CommandContext) -> tuple[Offer, ...]:
    """Commands that this person can give here now, the nearest first; `explain` and `help` are for everybody."""
    return tuple(offer for sample in _samples(context) if (offer := _offer(sample, context)) is not None)


def roles_here(context: CommandContext) -> tuple[str, ...]:
    """The roles in which a person can act here, as people know them; none for an outsider."""
    facts = context.facts
    subject = context.subject
    named = everyone(subject, *facts) if subject else roles_in(facts[0])
    approvals = _approvals(context)
    asked = tuple(role for row in approvals.rows for role in row.requirement.roles) if approvals else ()
    roles = dict.fromkeys((*named, *asked, *(on_call(subject, facts[0]) if subject else ())))
    return tuple(role for role in roles if context.seat(role))


def _offer(sample: _Sample, context: CommandContext) -> Offer | None:
    (command,) = parse_comment(f"/reassay {sample.tried}")
    if not isinstance(command, Command):
        raise TypeError(f"{sample.tried!r} is not a valid command")
    outcome = command_of(command).outcome(command, context)
    if not isinstance(outcome, Refusal):
        return Offer(sample.line, sample.what)
    return Offer(sample.line, sample.what, outcome.why) if _is_for_later(sample, outcome) else None


def _is_for_later(sample: _Sample, refused: Refusal) -> bool:
    return sample.shows_why and not refused.why.startswith("only ")


def _samples(context: CommandContext) -> Iterator[_Sample]:
    approvals = _approvals(context)
    if approvals is not None:
        yield from _row_samples(approvals, context)
    if context.pull_request is not None:
        yield from _on_pull_request()
    elif context.reassessment_here is not None and context.reassessment_here.state == "open":
        yield from _on_reassessment(context)


def _approvals(context: CommandContext) -> Approvals | None:
    if context.pull_request is None and context.reassessment_here is None:
        return None
    if context.pull_request is None and not context.assessment_input.register.configuration.records:
        return None
    return context.approvals


def _row_samples(approvals: Approvals, context: CommandContext) -> Iterator[_Sample]:
    for in_words in (False, True):
        unanswered = [row for row in approvals.questions if row.answer is None and row.requirement.in_words is in_words]
        mine = [row for row in unanswered if _is_taken(_answer_tried(row), context)]
        if mine:
            line = answer_command(mine[0].number, in_words=in_words)
            yield _Sample(line, _answer_tried(mine[0]), f"answers row {mine[0].number}{_likewise(mine[1:])}")
    signable = [row for row in approvals.rows if not row.is_signed and _is_taken(f"signoff {row.number}", context)]
    if signable:
        rows = " ".join(str(row.number) for row in signable)
        content = f" {brief(approvals.content)}" if context.pull_request else ""
        what = f"signs off row{'s' if len(signable) > 1 else ''} {rows.replace(' ', ', ')}"
        yield _Sample(f"/reassay signoff {rows}{content}", f"signoff {rows}", what)
    waiting = [row for row in _own_rows(approvals, context) if row not in signable]
    if waiting:
        rows = " ".join(str(row.number) for row in waiting)
        yield _Sample(f"/reassay signoff {rows}", f"signoff {rows}", "signs off your rows", shows_why=True)
    yield _Sample("/reassay withdraw all", "withdraw all", "takes back your answers and sign-offs here")


def _own_rows(approvals: Approvals, context: CommandContext) -> Iterator[ApprovalRow]:
    """Open rows of the person's roles that they are not excluded from; a question without an answer is answered instead."""
    for row in approvals.rows:
        is_open = not row.is_signed and not row.is_signed_by(context.by.id)
        has_words = row.requirement.question is None or row.answer is not None
        is_out = approvals.excluded(row.requirement, context.by.id or 0)
        if is_open and has_words and not is_out and context.seat(*row.requirement.roles):
            yield row


def _answer_tried(row: ApprovalRow) -> str:
    return f"answer {row.number}: x" if row.requirement.in_words else f"answer {row.number} no because x"


def _likewise(rows: Sequence[ApprovalRow]) -> str:
    return f", and likewise {names(*(str(row.number) for row in rows))}" if rows else ""


def _is_taken(tried: str, context: CommandContext) -> bool:
    """Whether a command of this person would be recorded."""
    (command,) = parse_comment(f"/reassay {tried}")
    return isinstance(command, Command) and not isinstance(command_of(command).outcome(command, context), Refusal)


def _on_pull_request() -> Iterator[_Sample]:
    yield _Sample("/reassay hold because <reason>", "hold because x", "blocks the merge until you lift it")
    yield _Sample("/reassay unhold", "unhold", "lifts a hold")
    yield _Sample("/reassay dissent because <reason>", "dissent because x", "records that you disagree; blocks nothing")
    yield _Sample(
        "/reassay override because <reason>",
        "override because x",
        "lets this head be merged as it is, for three working days; auditors see it",
    )


def _on_reassessment(context: CommandContext) -> Iterator[_Sample]:
    later = (context.reassessment.due + timedelta(days=14)).isoformat()
    soon = (context.today + timedelta(days=14)).isoformat()
    yield _Sample(
        f"/reassay conclude {_DECISIONS} because <findings>",
        "conclude inconclusive because x",
        "decides it; write one of the four",
        shows_why=True,
    )
    yield _Sample(
        "/reassay evidence <path in this repository> attested because <findings and limits>",
        "evidence attested because x",
        "attaches evidence; `/reassay help evidence` lists the kinds",
    )
    yield _Sample(
        "/reassay accept-risk until <YYYY-MM-DD> because <reason>",
        f"accept-risk until {soon} because x",
        "bears the risk until a date; a second person confirms",
    )
    yield _Sample(
        "/reassay extend until <YYYY-MM-DD> because <reason>",
        f"extend until {later} because x",
        "moves the due date; a second person confirms",
    )
    yield _Sample(
        "/reassay waiting-on <party> until <YYYY-MM-DD>", f"waiting-on x until {soon}", "names whom it waits for"
    )
    yield _Sample("/reassay snooze 2 weeks because <reason>", "snooze 2 weeks because x", "silences reminders only")
    yield _Sample(
        "/reassay contain restrict|withdraw because <reason>",
        "contain restrict because x",
        "restricts or withdraws the deployment at once",
    )
    yield _Sample("/reassay not-material because <reason>", "not-material because x", "closes it without a decision")
    yield _Sample("/reassay hold because <reason>", "hold because x", "keeps it from being concluded")
    yield _Sample("/reassay unhold", "unhold", "lifts a hold")
    yield _Sample("/reassay dissent because <reason>", "dissent because x", "records that you disagree; blocks nothing")
