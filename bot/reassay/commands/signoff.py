"""signoff: puts a role behind answers, or takes an approval step."""

import re
from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.approvals import Approvals
from reassay.approvals.asking import Asking, Effect, Keep, Receipt, Refusal, not_yours, unreadable
from reassay.approvals.eligibility import seat_for, takes_nothing
from reassay.approvals.given import step_id
from reassay.approvals.reassessment import ReassessmentSource
from reassay.approvals.records import sign_offs
from reassay.approvals.row import ApprovalRow
from reassay.approvals.rows import EVERYTHING, WHERE_NUMBERED, UnknownRowError, rows_named, still_missing
from reassay.commands.answer import answered_words
from reassay.commands.base import BadCommandError, Command, VerbHelp
from reassay.commands.slash_command import SlashCommand
from reassay.common.calendar import span_words
from reassay.ledger.answers import Answered, SignedOff
from reassay.ledger.pull_requests import ChangeAnswered, ChangeSigned
from reassay.ledger.reassessment import Noted
from reassay.people.people import Seat
from reassay.register.base import Depth

NAME = "signoff"
HELP = VerbHelp(
    usage="signoff <item ...|all> [as <role>] [because <note>]",
    who="the role that the row names; one person counts once, in one role",
    effect=(
        "signs rows by number: the answer as it stands, `yes` where there is none and no evidence is asked for, or an approval"
        " step. It holds until what was signed changes. `all` means every row of yours; in full depth rows that ask for"
        " evidence have to be named one by one"
    ),
    example="/reassay signoff 2 5 as safety-lead",
)
_AS = re.compile(r"(?:^|\s)as\s+(?P<role>\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SignOff(Command):
    """Rows to sign."""

    verb: ClassVar[str] = NAME
    rows: tuple[str, ...]
    role: str | None = None
    note: str | None = None


def parse(rest: str) -> SignOff:
    """Reads what follows the verb. Raises BadCommandError."""
    words, _, note = rest.partition(" because ")
    match = _AS.search(words)
    tail = words[match.end() :].strip() if match else ""
    rows = (words[: match.start()] if match else words).replace(",", " ").split()
    if not rows:
        raise BadCommandError("say which rows: `signoff 2 5`, or `signoff all`")
    return SignOff(
        tuple(each.lower().lstrip("#") for each in rows),
        match["role"] if match else None,
        (f"{tail} {note}".strip()) or None,
    )


def act(command: SignOff, asking: Asking) -> Effect | Refusal:
    """One record for the rows that are the person's to sign, or the reason why none is."""
    approvals = asking.approvals
    if approvals is None:
        return unreadable(asking.reassessment)
    if refused := takes_nothing(asking, approvals):
        return refused
    try:
        rows = _meant(command, approvals, asking)
    except UnknownRowError as error:
        return Refusal(str(error), WHERE_NUMBERED)
    if isinstance(rows, Refusal):
        return rows
    judged = [(row, seat_for(row, command.role, approvals, asking)) for row in rows]
    signed = [(row, seat) for row, seat in judged if isinstance(seat, Seat)]
    if not signed:
        # The first one that says something; there is always one, because a row was named.
        return next(refused for _, refused in judged if isinstance(refused, Refusal))
    keep = Keep()
    note = keep(command.note) if command.note else None
    return Effect(sign_offs(signed, approvals, note), keep.objects)


def _meant(command: SignOff, approvals: Approvals, asking: Asking) -> tuple[ApprovalRow, ...] | Refusal:
    if EVERYTHING not in command.rows:
        return rows_named(command.rows, approvals)
    mine = tuple(row for row in approvals.rows if asking.seat(*row.requirement.roles))
    if not isinstance(approvals.source, ReassessmentSource):
        return tuple(row for row in mine if not row.is_signed) or _nothing(approvals, asking)
    asks = ", ".join(str(row.number) for row in mine if row.requirement.needs_evidence)
    if asks and approvals.source.reassessment.depth is Depth.FULL:
        return Refusal(
            f"`all` is refused in full depth, because rows {asks} ask for evidence",
            "Read them, and name the rows that you sign: `/reassay signoff 1 2`.",
        )
    return _questions_or_step(command.role, mine, approvals) or _nothing(approvals, asking)


def _questions_or_step(
    role: str | None, mine: tuple[ApprovalRow, ...], approvals: Approvals
) -> tuple[ApprovalRow, ...]:
    """A step approves all answers: `all` takes one only from people who answer nothing, or who name its role."""
    asked = [row for row in mine if role is None or role in row.requirement.roles]
    questions = tuple(row for row in asked if row.requirement.question is not None)
    step = next((row for row in approvals.steps if not row.is_signed), None)
    named = step is not None and role in step.requirement.roles
    return (*questions, step) if step is not None and step in mine and (named or not questions) else questions


def _nothing(approvals: Approvals, asking: Asking) -> Refusal:
    roles = tuple(dict.fromkeys(role for row in approvals.rows for role in row.requirement.roles))
    if not roles:
        return Refusal("nothing here takes a signature", "`/reassay explain` says what does.")
    return not_yours("signing here", roles, asking.people(*roles))


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """What was signed, how long it holds, what was not, and what is missing."""
    approvals = asking.approvals
    if approvals is None:
        return None
    rows: list[ApprovalRow] = []
    says: list[str] = []
    role = ""
    for body in (each.body for each in noted):
        if isinstance(body, Answered | ChangeAnswered):
            signed = _of([body.item], approvals)
            says += [f"answered {answered_words(row, body.answer)}" for row in signed]
        elif isinstance(body, SignedOff | ChangeSigned):
            signed = _of(_ids(body), approvals)
            says.append(_signed(signed, approvals))
        else:
            continue
        rows += signed
        role = asking.spoken(body.role)
    source = approvals.source
    waited = ""
    if isinstance(source, ReassessmentSource):
        waited = f"Signed {span_words(asking.comment.created_at - source.reassessment.opened_at)} after it was opened. "
    numbers = " ".join(str(row.number) for row in sorted(rows, key=lambda row: row.number))
    undo = f"Undo: `/reassay withdraw {numbers}`" if rows else ""
    more = (f"{waited}{source.validity}", still_missing(approvals), undo)
    return Receipt(f"@{asking.by.login}, {role}, {'; '.join(says)}", tuple(each for each in more if each))


def _of(ids: list[str], approvals: Approvals) -> list[ApprovalRow]:
    return [row for row in approvals.rows if row.requirement.id in ids]


def _ids(body: SignedOff | ChangeSigned) -> list[str]:
    step = body.step if isinstance(body, SignedOff) else None
    return [each.item for each in body.items] if step is None else [step_id(step)]


def _signed(rows: list[ApprovalRow], approvals: Approvals) -> str:
    if not rows:
        return "signed rows that are not asked for any more"
    asked = rows[0].requirement
    if asked.step is not None:
        return f"took approval step {asked.step} ({asked.kind}) over all answers and the evidence"
    if isinstance(approvals.source, ReassessmentSource):
        return f"signed {', '.join(answered_words(row, row.answer.body.answer) for row in rows if row.answer)}"
    return f"signed {', '.join(f'row {row.number} ({row.requirement.about})' for row in rows)}"


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=SignOff,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_pull_requests=True,
)
