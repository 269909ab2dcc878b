"""signoff: puts a role behind answers, or takes an approval step."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from reassay.approvals.approvals import Approvals
from reassay.approvals.command_context import CommandContext, Effect, Keep, Receipt, Refusal, not_yours, unreadable
from reassay.approvals.digests import BRIEF, brief, short
from reassay.approvals.eligibility import seat_for, takes_nothing
from reassay.approvals.ledger_entries import answer_command, signed_id
from reassay.approvals.reassessment import ReassessmentSource
from reassay.approvals.records import sign_offs
from reassay.approvals.row import ApprovalRow
from reassay.approvals.row_selection import EVERYTHING, WHERE_NUMBERED, UnknownRowError, rows_named, still_missing
from reassay.commands.answer import answered_words
from reassay.commands.base import BadCommandError, Command, SlashCommand, VerbHelp
from reassay.common.calendar import span_words
from reassay.ledger.answers import Answered, SignedOff
from reassay.ledger.pull_requests import ChangeAnswered, ChangeSigned
from reassay.ledger.reassessment import LedgerRecord
from reassay.people.people import Seat
from reassay.register.base import Depth

NAME = "signoff"
HELP = VerbHelp(
    usage="signoff <item ...|all> [<content>] [as <role>] [because <note>]",
    who="the role that the row names; a person counts once, in one role",
    effect=(
        "signs off rows by number: the given answer, or an approval step. It never answers a question: a row without an answer is"
        " refused. It stays valid until the signed content changes. `all` means all of your rows; in full depth rows that need"
        " evidence must be named one by one. With the first digits of"
        " the content, 7 or more, it counts only for that content; the check of a pull request shows the whole command"
    ),
    example="/reassay signoff 2 5 e01db6c as safety-lead",
)
_CONTENT = re.compile(rf"[0-9a-f]{{{BRIEF},64}}")
_AS = re.compile(r"(?:^|\s)as\s+(?P<role>\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SignOff(Command):
    """The arguments: rows, with the content if one is named; role and note."""

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
        raise BadCommandError("the rows are missing; write e.g. `/reassay signoff 2 5` or `/reassay signoff all`")
    return SignOff(
        tuple(row.lower().lstrip("#") for row in rows),
        match["role"] if match else None,
        (f"{tail} {note}".strip()) or None,
    )


def act(command: SignOff, context: CommandContext) -> Effect | Refusal:
    """The records for the rows that the person can sign off, or a refusal if there are none."""
    approvals = context.approvals
    if approvals is None:
        return unreadable(context.reassessment)
    named = _contents(command, approvals)
    if refused := takes_nothing(context, approvals) or _other_content(named, approvals):
        return refused
    role = _role_meant(command.role, approvals, context)
    if isinstance(role, Refusal):
        return role
    command = replace(command, rows=tuple(row for row in command.rows if row not in named), role=role)
    return _sign(command, approvals, context)


def _sign(command: SignOff, approvals: Approvals, context: CommandContext) -> Effect | Refusal:
    try:
        rows = _meant(command, approvals, context)
    except UnknownRowError as error:
        return Refusal(str(error), WHERE_NUMBERED)
    if isinstance(rows, Refusal):
        return rows
    judged = [(row, seat_for(row, command.role, approvals, context)) for row in rows]
    signed = [(row, seat) for row, seat in judged if isinstance(seat, Seat)]
    unanswered = _unanswered([row for row, _ in judged if context.seat(*row.requirement.roles)])
    if unanswered or not signed:
        # There is always a refusal, because a row was named.
        return unanswered or next(refused for _, refused in judged if isinstance(refused, Refusal))
    keep = Keep()
    note = keep(command.note) if command.note else None
    return Effect(sign_offs(signed, approvals, note), keep.objects)


def _role_meant(named: str | None, approvals: Approvals, context: CommandContext) -> str | Refusal | None:
    """The role that somebody named, also with an @; None where a login only says who writes. Refuses another person's login."""
    if named is None or not named.startswith("@"):
        return named
    name = named[1:].lower()
    roles = {role.lower(): role for row in approvals.rows for role in row.requirement.roles}
    role = roles.get(name)
    if name == context.by.login.lower():
        return role if role is not None and context.seat(role) else None
    if role is not None and (context.seat(role) or name not in {login.lower() for login in context.people(role)}):
        # The name of a role and no login; who does not hold it is told so.
        return role
    return Refusal(
        f"you are @{context.by.login}, and nobody else can sign off as {named}",
        "Leave out `as`, or name a role of your own.",
    )


def _contents(command: SignOff, approvals: Approvals) -> tuple[str, ...]:
    """Words that name a content: digits of a digest that are the name of no row."""
    ids = {row.requirement.id for row in approvals.rows}
    return tuple(word for word in command.rows if _CONTENT.fullmatch(word) and word not in ids)


def _other_content(named: tuple[str, ...], approvals: Approvals) -> Refusal | None:
    """Refuses a sign-off that names another content than the present one; names both."""
    whole = approvals.content.rsplit(":", 1)[-1]
    other = next((word for word in named if not whole.startswith(word)), None)
    if other is None:
        return None
    place = "issue" if isinstance(approvals.source, ReassessmentSource) else "check"
    return Refusal(
        f"your comment signs content {other[:12]}, and the content is {short(whole)} now",
        f"Read the {place} (content {short(whole)}), then comment again.",
    )


def _unanswered(rows: Sequence[ApprovalRow]) -> Refusal | None:
    """Refuses rows that nobody answered: an answer that nobody gave is never a yes."""
    open_rows = [row for row in rows if row.requirement.question is not None and row.answer is None]
    numbers = [str(row.number) for row in open_rows]
    if not numbers:
        return None
    those = f"rows {', '.join(numbers)} have" if len(numbers) > 1 else f"row {numbers[0]} has"
    rest = [str(row.number) for row in rows if str(row.number) not in numbers]
    or_sign = f" To sign off the others, comment: `/reassay signoff {' '.join(rest)}`" if rest else ""
    return Refusal(
        f"{those} no answer yet, and signing off is not answering",
        f"To answer, comment: `{answer_command(numbers[0], in_words=open_rows[0].requirement.in_words)}`.{or_sign}",
    )


def _meant(command: SignOff, approvals: Approvals, context: CommandContext) -> tuple[ApprovalRow, ...] | Refusal:
    if not command.rows:
        return Refusal("the rows are missing", f"Write e.g. `/reassay signoff 1 {brief(approvals.content)}`")
    if EVERYTHING not in command.rows:
        return rows_named(command.rows, approvals)
    mine = tuple(row for row in approvals.rows if context.seat(*row.requirement.roles))
    if not isinstance(approvals.source, ReassessmentSource):
        return tuple(row for row in mine if not row.is_signed) or _nothing(approvals, context)
    asks = ", ".join(str(row.number) for row in mine if row.requirement.needs_evidence)
    if asks and approvals.source.reassessment.depth is Depth.FULL:
        return Refusal(
            f"`all` is refused in full depth, because rows {asks} need evidence",
            "Read them, then name your rows, for example: `/reassay signoff 1 2`",
        )
    return _questions_or_step(command.role, mine, approvals) or _nothing(approvals, context)


def _questions_or_step(
    role: str | None, mine: tuple[ApprovalRow, ...], approvals: Approvals
) -> tuple[ApprovalRow, ...]:
    """The questions, with the next step for people who have no question, or who name the role of the step."""
    asked = [row for row in mine if role is None or role in row.requirement.roles]
    questions = tuple(row for row in asked if row.requirement.question is not None)
    step = next((row for row in approvals.steps if not row.is_signed), None)
    named = step is not None and role in step.requirement.roles
    return (*questions, step) if step is not None and step in mine and (named or not questions) else questions


def _nothing(approvals: Approvals, context: CommandContext) -> Refusal:
    roles = tuple(dict.fromkeys(role for row in approvals.rows for role in row.requirement.roles))
    if not roles:
        return Refusal("nothing here needs a sign-off", "To list what is missing, comment: `/reassay explain`")
    return not_yours("sign off rows here", roles, context.people(*roles))


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The sign-offs, how long they are valid, and the rows that are missing."""
    approvals = context.approvals
    if approvals is None:
        return None
    rows: list[ApprovalRow] = []
    done: list[str] = []
    role = ""
    for body in (entry.body for entry in records):
        if isinstance(body, Answered | ChangeAnswered):
            signed = _of([body.item], approvals)
            done += [f"answered {answered_words(row, body.answer)}" for row in signed]
        elif isinstance(body, SignedOff | ChangeSigned):
            signed = _of(_ids(body), approvals)
            done.append(_signed(signed, approvals))
        else:
            continue
        rows += signed
        role = context.spoken(body.role)
    source = approvals.source
    waited = ""
    if isinstance(source, ReassessmentSource):
        waited = (
            f"Signed off {span_words(context.comment.created_at - source.reassessment.opened_at)} after it was opened"
        )
    return Receipt(
        f"@{context.by.login}, {role}, {'; '.join(done)}",
        (waited,) if waited else (),
        (source.validity, still_missing(approvals)),
        tuple(sorted({row.number for row in rows})),
    )


def _of(ids: list[str], approvals: Approvals) -> list[ApprovalRow]:
    return [row for row in approvals.rows if row.requirement.id in ids]


def _ids(body: SignedOff | ChangeSigned) -> list[str]:
    step = signed_id(body)
    return [signed.item for signed in body.items] if step is None else [step]


def _signed(rows: list[ApprovalRow], approvals: Approvals) -> str:
    if not rows:
        return "signed off rows that are no longer needed"
    first = rows[0].requirement
    if first.step is not None:
        asked = f", {first.asked_words}" if first.asked_by else ""
        return f"signed off approval step {first.step} ({first.kind}{asked}) for all answers and the evidence"
    if isinstance(approvals.source, ReassessmentSource):
        return f"signed off {', '.join(answered_words(row, row.answer.body.answer) for row in rows if row.answer)}"
    return f"signed off {', '.join(f'row {row.number} ({row.requirement.about})' for row in rows)}"


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=SignOff,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_pull_requests=True,
)
