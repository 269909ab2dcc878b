"""follow-up: says in the issue of a follow-up that it is done, or, as another person, whether it is."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Keep, Receipt, Refusal, on
from reassay.assessment.follow_up_people import people_of, role_words, roles_of, seat_in
from reassay.assessment.follow_ups import TrackedFollowUp
from reassay.commands.base import Command, SlashCommand, VerbHelp, needs_reason, one_of
from reassay.ledger.follow_ups import FollowUpChecked, FollowUpDone
from reassay.ledger.reassessment import LedgerRecord
from reassay.people.people import Seat, who

NAME = "follow-up"
WORDS = ("done", "verified", "not-done")
HELP = VerbHelp(
    usage="follow-up done|verified|not-done because <reason>",
    who=(
        "`done`: the owner, or who the decision names after `by`; `verified` and `not-done`: an assessor or approver, or who the"
        " decision names after `verified-by`, and never the person who did it"
    ),
    effect=(
        "in the issue of a follow-up: `done` asks for the verification, `verified` closes the issue, `not-done` leaves the"
        " follow-up open. Until somebody verifies it, it counts as not done, and as overdue after its date"
    ),
    example="/reassay follow-up verified because the new filter stops all forty attempts",
)


@dataclass(frozen=True, slots=True)
class FollowUpCommand(Command):
    """The arguments: how far it is, and the reason."""

    verb: ClassVar[str] = NAME
    says: str
    because: str


def parse(rest: str) -> FollowUpCommand:
    """Reads the word and the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "a follow-up")
    return FollowUpCommand(one_of(words, WORDS, "word after `follow-up`"), because)


def act(command: FollowUpCommand, context: CommandContext) -> Effect | Refusal:
    """The record, or a refusal."""
    follow_up = _here(context)
    if follow_up is None:
        return Refusal(
            "this issue is not a follow-up", "Comment on the follow-up's issue; `reassay status` lists the open ones."
        )
    if not follow_up.is_open:
        return Refusal(f"{follow_up.name} is closed: {follow_up.progress}", "A new one comes with the next decision.")
    return _done(command, follow_up, context) if command.says == "done" else _checked(command, follow_up, context)


def _here(context: CommandContext) -> TrackedFollowUp | None:
    return context.assessment_input.register_index.follow_ups_by_issue.get(context.comment.issue)


def _done(command: FollowUpCommand, follow_up: TrackedFollowUp, context: CommandContext) -> Effect | Refusal:
    roles, _ = roles_of(follow_up, context.assessment_input)
    seat = seat_in(context.by, roles, context.assessment_input)
    able, verifying = people_of(follow_up, context.assessment_input)
    if seat is None:
        return Refusal(f"only {role_words(roles, context.assessment_input)} can report it as done", _ask(able))
    if follow_up.progress != "open":
        return Refusal(f"{follow_up.name} is already reported as done", f"To verify it, {who(verifying)} comments.")
    keep = Keep()
    body = FollowUpDone(
        reassessment=follow_up.reassessment,
        number=follow_up.number,
        because=keep(command.because),
        role=seat.recorded,
        for_account=seat.lender_id,
    )
    return Effect((body,), keep.objects)


def _checked(command: FollowUpCommand, follow_up: TrackedFollowUp, context: CommandContext) -> Effect | Refusal:
    _, roles = roles_of(follow_up, context.assessment_input)
    seat = seat_in(context.by, roles, context.assessment_input)
    able, verifying = people_of(follow_up, context.assessment_input)
    done = follow_up.done
    if follow_up.progress == "open" or done is None:
        return Refusal(
            "nobody has reported it as done", f"First {who(able)} comments: `/reassay follow-up done because ...`"
        )
    if seat is None:
        return Refusal(f"only {role_words(roles, context.assessment_input)} can verify it", _ask(verifying))
    if refused := _same_person(seat, done, context):
        return Refusal(refused, _ask(verifying))
    keep = Keep()
    body = FollowUpChecked(
        reassessment=follow_up.reassessment,
        number=follow_up.number,
        done_seq=done.seq,
        verified=command.says == "verified",
        because=keep(command.because),
        role=seat.recorded,
        for_account=seat.lender_id,
    )
    return Effect((body,), keep.objects)


def _same_person(seat: Seat, done: LedgerRecord, context: CommandContext) -> str:
    """Why the person who verifies is not another one than the person who did it; empty if they are two."""
    if context.by.id is None or context.by.id == done.actor:
        return "you reported it as done, so another person has to verify it"
    if seat.lender_id is not None and seat.lender_id == done.actor:
        return "you hold the role for the person who did it"
    if isinstance(done.body, FollowUpDone) and done.body.for_account == context.by.id:
        return "the person who did it holds the role for you"
    return ""


def _ask(people: tuple[str, ...]) -> str:
    return f"Ask {who(people)}." if people else "Nobody else can now: name another person in the register."


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """What is next: the verification, or the work."""
    body, follow_up = records[0].body, _here(context)
    if follow_up is None:
        return None
    able, verifying = people_of(follow_up, context.assessment_input)
    if isinstance(body, FollowUpDone):
        check = f"To verify it, {who(verifying)} comments: `/reassay follow-up verified|not-done because ...`"
        return Receipt(f"@{context.by.login} reports {follow_up.name} as done", ("It is not verified yet", check))
    if not isinstance(body, FollowUpChecked):
        return None
    if body.verified:
        return Receipt(f"{follow_up.name} is done, verified by @{context.by.login}", ("This issue is closed",))
    again = (
        f"It is due {on(follow_up.due)}; once it is done, {who(able)} comments: `/reassay follow-up done because ...`"
    )
    return Receipt(f"@{context.by.login} found {follow_up.name} not done", (again,))


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=FollowUpCommand,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_anywhere=True,
)
