"""correct: a record is wrong: an erratum beside it, or withdrawn altogether. It stays as it was written."""

from dataclasses import dataclass
from typing import ClassVar, Literal, cast

from reassay.approvals.asking import Asking, Effect, Keep, Outcome, Receipt, Refusal, not_yours
from reassay.approvals.two_people import agreed, waits_for
from reassay.assessment.authority import approvers, parties
from reassay.commands.base import BadCommandError, Command, VerbHelp, needs_reason, nothing_more, one_of, word_shown
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.reassessment import Noted, Reassessment
from reassay.ledger.risks import Corrected
from reassay.register.assessable import Assessable

NAME = "correct"
HOW = ("erratum", "withdraw")
HELP = VerbHelp(
    usage="correct <R-...> erratum|withdraw because <reason>",
    who="owner or assessor; then another person who approves confirms",
    effect=(
        "`erratum` puts a note beside a record. `withdraw` takes a wrong decision out of force: what it covered is unassessed"
        " again, and what stands beside it is looked at again. The record itself is never changed"
    ),
    example="/reassay correct R-2026-004 withdraw because the tests ran against last month's model",
)


@dataclass(frozen=True, slots=True)
class Correct(Command):
    """A wrong record."""

    verb: ClassVar[str] = NAME
    record: str
    how: str
    because: str


def parse(rest: str) -> Correct:
    """Reads record, manner and reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "a correction")
    record, _, after = words.partition(" ")
    if not record.upper().startswith("R-"):
        raise BadCommandError(f"name the record, for example R-2026-004, not {word_shown(record)}")
    how, _, more = after.strip().partition(" ")
    nothing_more(more)
    return Correct(record.upper(), one_of(how, HOW, "correction"), because)


def _wrong(command: Correct, asking: Asking) -> tuple[Reassessment, Assessable] | Refusal:
    found = asking.situation.history.reassessments.get(command.record)
    if found is None:
        return Refusal(f"there is no record {command.record}", "`reassay ledger log` lists them.")
    entry = asking.situation.register.subjects.get(found.subject)
    if entry is None:
        return Refusal(f"{found.subject} is not in the register now", "Nobody knows who may correct a record about it.")
    if found.decided is None:
        return Refusal(f"{found.id} holds no decision", "Only a decision can be corrected.")
    if found.withdrawn_seq is not None:
        return Refusal(f"{found.id} is withdrawn already, by entry {found.withdrawn_seq}", "Nothing more is needed.")
    return found, entry.value


def act(command: Correct, asking: Asking) -> Outcome:
    """Checked now, so that nobody confirms what cannot be."""
    wrong = _wrong(command, asking)
    if isinstance(wrong, Refusal):
        return wrong
    roles = tuple(dict.fromkeys((*parties(wrong[1]), *approvers(wrong[1]))))
    if asking.seat(*roles) is None:
        return not_yours("correcting a record", roles, asking.people(*roles))
    return waits_for(asking, _confirming(wrong[1]))


def _confirming(subject: Assessable) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*approvers(subject), *parties(subject))))


def confirmed(command: Correct, first: Asking, second: Asking) -> Effect | Refusal:
    """Another person agrees."""
    wrong = _wrong(command, first)
    if isinstance(wrong, Refusal):
        return wrong
    reassessment, subject = wrong
    seat = agreed(act(command, first), first, second, "a correction", _confirming(subject))
    if isinstance(seat, Refusal):
        return seat
    keep = Keep()
    body = Corrected(
        reassessment=reassessment.id,
        subject=reassessment.subject,
        how=cast("Literal['erratum', 'withdraw']", command.how),
        because=keep(command.because),
        asked=first.asked(),
        confirmed_by=second.by.id or 0,
    )
    return Effect((body,), keep.objects)


def receipt(noted: tuple[Noted, ...], _asking: Asking) -> Receipt | None:
    """What follows."""
    body = noted[0].body
    if not isinstance(body, Corrected):
        return None
    if body.how == "erratum":
        return Receipt(f"an erratum stands beside {body.reassessment}", ("The decision itself holds as it was",))
    return Receipt(
        f"{body.reassessment} is withdrawn",
        (f"What it covered of `{body.subject}` is unassessed again; the record stays, marked",),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Correct,
    parse=parse,
    act=act,
    receipt=receipt,
    confirmed=confirmed,
    is_for_anywhere=True,
)
