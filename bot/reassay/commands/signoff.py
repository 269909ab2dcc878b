"""signoff: puts a role behind answers, or takes an approval step."""

import re
from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.change_signing import receipt as change_receipt
from reassay.approvals.change_signing import sign as on_change
from reassay.approvals.digests import ALL, item_digest
from reassay.approvals.rows import EVERYTHING, UnknownRowError, rows_named
from reassay.approvals.sheet import Row, Sheet, StepRow
from reassay.approvals.shown import answer_race, content_race
from reassay.commands.answer import missing
from reassay.commands.asking import Asking, Effect, Keep, Receipt, Refusal, closed, not_yours, unreadable
from reassay.commands.base import BadCommandError, Command, VerbHelp
from reassay.common.calendar import span_words
from reassay.ledger.answers import Answered, SignedItem, SignedOff
from reassay.ledger.entry import Body
from reassay.ledger.reassessment import Noted
from reassay.people.people import Seat
from reassay.register.base import Depth

__all__ = ["HELP", "NAME", "act", "change_receipt", "on_change", "parse", "receipt"]

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
    each, sheet = asking.reassessment, asking.sheet
    if sheet is None:
        return unreadable(each)
    if refused := closed(each) or content_race(asking, sheet):
        return refused
    try:
        rows = _meant(command, sheet, asking)
    except UnknownRowError as error:
        return Refusal(str(error), "The table in the issue has the numbers.")
    if isinstance(rows, Refusal):
        return rows
    judged = [(row, _judge(row, command, sheet, asking)) for row in rows]
    fine = [(row, found) for row, found in judged if isinstance(found, Seat)]
    if not fine:
        # The first one that says something; there is always one, because a row was named.
        return next(found for _, found in judged if isinstance(found, Refusal))
    return _record(fine, command, sheet)


def _meant(command: SignOff, sheet: Sheet, asking: Asking) -> tuple[Row | StepRow, ...] | Refusal:
    if EVERYTHING not in command.rows:
        return rows_named(command.rows, sheet)
    evidence = [row for row in sheet.rows if row.item.evidence and asking.seat(*row.roles)]
    if sheet.each.depth is Depth.FULL and evidence:
        numbers = ", ".join(str(row.number) for row in evidence)
        return Refusal(
            f"`all` is refused in full depth, because rows {numbers} ask for evidence",
            "Read them, and name the rows that you sign: `/reassay signoff 1 2`.",
        )
    mine = [row for row in sheet.rows if asking.seat(*row.roles)]
    step = sheet.next_step
    found: list[Row | StepRow] = [row for row in mine if command.role is None or command.role in row.roles]
    if step and asking.seat(step.step.role) and (not found or command.role == step.step.role):
        found.append(step)
    if found:
        return tuple(found)
    roles = tuple(dict.fromkeys(role for row in sheet.rows for role in row.roles))
    return not_yours("signing here", roles, asking.people(*roles))


def _judge(row: Row | StepRow, command: SignOff, sheet: Sheet, asking: Asking) -> Seat | Refusal:
    roles = row.roles if isinstance(row, Row) else (row.step.role,)
    if command.role is not None and command.role not in roles:
        return Refusal(f"row {row.number} is not signed as {command.role}", f"It is signed as {' or '.join(roles)}.")
    seat = asking.seat(*roles)
    if seat is None:
        return not_yours(f"signing row {row.number}", roles, asking.people(*roles))
    if any(each.holds and each.person == asking.by.id for each in row.signatures):
        return Refusal(f"row {row.number} carries your signature already", "Nothing more is needed for it.")
    acted = sheet.acted_as(asking.by.id or 0)
    if acted is not None and acted != seat.recorded:
        return Refusal(
            f"you signed as {asking.spoken(acted)} here, and one person counts once",
            f"Somebody else has to sign row {row.number}, or take back what you signed: `/reassay withdraw all`.",
        )
    return _row(row, asking) or seat if isinstance(row, Row) else _step(row, seat, sheet, asking) or seat


def _row(row: Row, asking: Asking) -> Refusal | None:
    if row.answer is None and row.item.evidence:
        return Refusal(
            f"row {row.number} is not answered, and asks for evidence",
            f"Answer it first: `/reassay answer {row.number} yes because ...`",
        )
    race = answer_race(asking, row)
    return Refusal(race, "Read that answer, and sign again.") if race else None


def _step(row: StepRow, seat: Seat, sheet: Sheet, asking: Asking) -> Refusal | None:
    open_rows = [each.number for each in sheet.rows if not each.is_signed]
    if open_rows:
        listed = ", ".join(map(str, open_rows))
        return Refusal(
            f"row {row.number} approves all answers, and rows {listed} are not signed yet", "Sign it after them."
        )
    before = sheet.next_step
    if before is not None and before.index < row.index:
        return Refusal(
            f"row {row.number} comes after row {before.number}", f"First {before.step.role} signs row {before.number}."
        )
    races = [race for each in sheet.rows if (race := answer_race(asking, each))]
    if races:
        return Refusal(races[0], "Read that answer, and sign again.")
    barred = sheet.barred(row.step, asking.by.id or 0)
    if seat.for_account is not None and not barred:
        barred = sheet.barred(row.step, seat.for_account.id or 0)
        barred = barred and f"who lent you the role: {barred}"
    return (
        Refusal(f"row {row.number} cannot be yours: {barred}", "Somebody else who holds the role signs it.")
        if barred
        else None
    )


def _record(fine: list[tuple[Row | StepRow, Seat]], command: SignOff, sheet: Sheet) -> Effect:
    keep = Keep()
    note = keep(command.note) if command.note else None
    bodies: list[Body] = []
    by_role: dict[tuple[str, int | None], list[SignedItem]] = {}
    for row, seat in fine:
        lent = seat.for_account.id if seat.for_account else None
        if isinstance(row, StepRow):
            bodies.append(
                SignedOff(
                    reassessment=sheet.each.id,
                    role=seat.recorded,
                    says=row.step.kind,
                    step=row.index,
                    items=(SignedItem(item=ALL, digest=sheet.all_digest),),
                    content=sheet.content,
                    for_account=lent,
                    note=note,
                )
            )
        elif row.answer is None:
            bodies.append(_yes(row, seat.recorded, lent, sheet))
        elif row.digest is not None:
            by_role.setdefault((seat.recorded, lent), []).append(SignedItem(item=row.item.id, digest=row.digest))
    for (role, lent), items in by_role.items():
        bodies.append(
            SignedOff(
                reassessment=sheet.each.id,
                role=role,
                says="answer",
                items=tuple(items),
                content=sheet.content,
                for_account=lent,
                note=note,
            )
        )
    return Effect(tuple(bodies), keep.objects)


def _yes(row: Row, role: str, lent: int | None, sheet: Sheet) -> Answered:
    answered = Answered(
        reassessment=sheet.each.id, item=row.item.id, answer="yes", role=role, for_account=lent, content=sheet.content
    )
    return answered.model_copy(update={"signed": item_digest(row.item, answered, sheet.content)})


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """What was signed, how long it holds, what was not, and what is missing."""
    sheet = asking.sheet
    if sheet is None:
        return None
    items = {row.item.id: row for row in sheet.rows}
    numbers: list[int] = []
    says: list[str] = []
    role = ""
    for each in noted:
        body = each.body
        if isinstance(body, Answered) and body.item in items:
            row = items[body.item]
            numbers.append(row.number)
            says.append(f"answered `yes` to '{row.item.text}'")
            role = asking.spoken(body.role)
        elif isinstance(body, SignedOff) and body.step is None:
            signed = [items[item.item] for item in body.items if item.item in items]
            numbers += [row.number for row in signed]
            says += [f"signed `{row.answer[1].answer if row.answer else ''}` to '{row.item.text}'" for row in signed]
            role = asking.spoken(body.role)
        elif isinstance(body, SignedOff) and body.step is not None:
            numbers.append(len(sheet.items) + body.step)
            says.append(f"took approval step {body.step} ({body.says}) over all answers and the evidence")
            role = asking.spoken(body.role)
    waited = span_words(asking.comment.created_at - sheet.each.opened_at)
    more = (
        f"Signed {waited} after it was opened. Holds until what was signed changes",
        missing(sheet),
        f"Undo: `/reassay withdraw {' '.join(map(str, sorted(numbers)))}`",
    )
    return Receipt(f"@{asking.by.login}, {role}, {'; '.join(says)}", more)
