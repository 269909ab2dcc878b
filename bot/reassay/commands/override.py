"""override: break glass on a pull request."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Keep, Receipt, Refusal, not_yours, on
from reassay.approvals.pull_request import PullRequestSource
from reassay.commands.base import Command, VerbHelp, needs_reason, nothing_more
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.pull_requests import REVIEW_DAYS, Overridden
from reassay.ledger.reassessment import Noted

NAME = "override"
HELP = VerbHelp(
    usage="override because <reason>",
    who="the role under `gate: {override: ...}`",
    effect=(
        "on a pull request: lets this very head through without what is asked, for three working days. It opens re-assessments"
        " of what it concerns, and auditors see it. A new push ends it"
    ),
    example="/reassay override because the exploit is live and the fix is this change",
)


@dataclass(frozen=True, slots=True)
class Override(Command):
    """Break glass."""

    verb: ClassVar[str] = NAME
    because: str


def parse(rest: str) -> Override:
    """Reads the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "an override")
    nothing_more(words)
    return Override(because)


def act(command: Override, asking: Asking) -> Effect | Refusal:
    """Bound to the very head that was shown; opens re-assessments of what it lets through."""
    source = asking.pull_request
    if source is None:
        return Refusal("an override is about a pull request", "Write it there.")
    role = asking.situation.register.configuration.gate.override
    if role is None:
        return Refusal(
            "nobody may override here", "A role for it stands under `gate: {override: ...}` of the configuration."
        )
    seat = asking.seat(role)
    if seat is None:
        return not_yours("an override", (role,), asking.people(role))
    if refused := _not_shown(asking, source):
        return refused
    keep = Keep()
    body = Overridden(
        pull=source.number,
        base=source.proposal.base_ref,
        head=source.proposal.head,
        role=seat.recorded,
        because=keep(command.because),
        subjects=source.touched,
        until=_until(asking),
    )
    return Effect((body,), keep.objects)


def _not_shown(asking: Asking, source: PullRequestSource) -> Refusal | None:
    proposal = source.proposal
    if not proposal.is_known:
        return Refusal("what a merge would give is not known, and that cannot be overridden", "The check says why.")
    seen = proposal.shown_before(asking.comment.created_at)
    if seen is not None and seen.head == proposal.head:
        return None
    shown = f"head {seen.head[:7]}" if seen else "no verdict"
    return Refusal(
        f"{shown} was shown when that comment was written, and the head is {proposal.head[:7]} now",
        "Read the check on the present head, and write the command again.",
    )


def _until(asking: Asking) -> date:
    return asking.situation.register.configuration.working_days.add(asking.today, REVIEW_DAYS)


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Until when it holds, and what it opens."""
    body = noted[0].body
    if not isinstance(body, Overridden):
        return None
    opens = f"It opens re-assessments of {', '.join(body.subjects)}" if body.subjects else "It concerns no mitigation"
    more = (
        f"Holds for head {body.head[:7]} and no other, until {on(body.until)}",
        f"{opens}; auditors see it",
        "A hold, and what cannot be read or merged, it does not reach",
    )
    return Receipt(f"@{asking.by.login}, {asking.spoken(body.role)}, overrides the gate", more)


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Override,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_pull_requests=True,
)
