"""override: break glass on a pull request."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Keep, Receipt, Refusal, not_yours, on
from reassay.approvals.pull_request import PullRequestSource
from reassay.commands.base import Command, SlashCommand, VerbHelp, needs_reason, nothing_more
from reassay.ledger.pull_requests import REVIEW_DAYS, Overridden
from reassay.ledger.reassessment import LedgerRecord
from reassay.people.people import who

NAME = "override"
HELP = VerbHelp(
    usage="override because <reason>",
    who="the role under `gate: {override: ...}`, except the authors of the change",
    effect=(
        "on a pull request: allows merging this head without the missing sign-offs and decisions, for three working days. It"
        " opens re-assessments, and auditors see it. A new push ends it"
    ),
    example="/reassay override because the exploit is live and the fix is this change",
)


@dataclass(frozen=True, slots=True)
class Override(Command):
    """The argument: the reason."""

    verb: ClassVar[str] = NAME
    because: str


def parse(rest: str) -> Override:
    """Reads the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "an override")
    nothing_more(words)
    return Override(because)


def act(command: Override, context: CommandContext) -> Effect | Refusal:
    """The record of the override, bound to the head that was shown."""
    source = context.pull_request
    if source is None:
        return Refusal("only a pull request can be overridden", "Comment on the pull request.")
    role = context.assessment_input.register.configuration.gate.override
    if role is None:
        return Refusal("nobody can override here", "Name a role under `gate: {override: ...}` in the configuration.")
    seat = context.seat(role)
    if seat is None:
        return not_yours("override the gate", (role,), context.people(role))
    if refused := _wrote(role, context, source) or _not_shown(context, source):
        return refused
    keep = Keep()
    body = Overridden(
        pull=source.number,
        base=source.proposal.base_ref,
        head=source.proposal.head,
        role=seat.recorded,
        because=keep(command.because),
        subjects=source.touched,
        until=_until(context),
    )
    return Effect((body,), keep.objects)


def _wrote(role: str, context: CommandContext, source: PullRequestSource) -> Refusal | None:
    """Refuses somebody who wrote the change, or to whom one of them lent the role; names who can."""
    seat = context.seat(role)
    lender = seat.lender_id if seat else None
    wrote = source.wrote(context.by.id)
    lent = source.wrote(lender)
    if not wrote and not lent:
        return None
    directory = context.assessment_input.people
    others = tuple(login for login in context.people(role) if not source.wrote(directory.account(login).id))
    why = f"you are {wrote}" if wrote else f"{lent} lent you the role"
    remedy = f"Ask {who(others)}." if others else f"Nobody else holds {role}: give it to another person first."
    return Refusal(f"{why}, and an author of a change cannot override its check", remedy)


def _not_shown(context: CommandContext, source: PullRequestSource) -> Refusal | None:
    proposal = source.proposal
    if not proposal.is_known:
        return Refusal(
            "the merge result is not known, and that cannot be overridden", "Fix what the check names first."
        )
    seen = proposal.shown_before(context.comment.created_at)
    if seen is not None and seen.head == proposal.head:
        return None
    head = proposal.head[:7]
    why = f"your comment is about head {seen.head[:7]}, and the head is {head} now" if seen else (
        "your comment came before the check had reported"
    )  # fmt: skip
    return Refusal(why, f"Read the check on head {head}, then comment again.")


def _until(context: CommandContext) -> date:
    return context.assessment_input.register.configuration.working_days.add(context.today, REVIEW_DAYS)


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The override, its end and its effect."""
    body = records[0].body
    if not isinstance(body, Overridden):
        return None
    opens = f"It opens re-assessments of {', '.join(body.subjects)}" if body.subjects else "It affects no mitigation"
    more = (
        f"Valid for head {body.head[:7]} only, until {on(body.until)}",
        f"{opens}; auditors see it",
        "It does not override holds, errors in the register or merge conflicts",
    )
    return Receipt(f"@{context.by.login}, {context.spoken(body.role)}, overrides the gate", more)


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Override,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_pull_requests=True,
)
