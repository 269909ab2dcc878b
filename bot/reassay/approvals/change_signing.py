"""Answering, signing and taking back on a pull request: judged by the sheet, recorded by digest, told from the record."""

from typing import cast

from reassay.approvals.change_sheet import ChangeRow, ChangeSheet
from reassay.approvals.changed_rows import ALL, UnknownRowError, rows_named, still_missing
from reassay.approvals.digests import short
from reassay.commands.asking import Asking, Effect, Keep, Receipt, Refusal, not_yours
from reassay.commands.base import Command
from reassay.ledger.answers import AnswerWord, SignedAs, SignedItem
from reassay.ledger.entry import Body
from reassay.ledger.pull_requests import ChangeAnswered, ChangeSigned, ChangeWithdrawn
from reassay.ledger.reassessment import Noted
from reassay.people.people import Seat, who

_TABLE = "The table in the check and in the bot's comment has the numbers."


def raced(asking: Asking) -> Refusal | None:
    """Refuses what was written before the present content was shown; names both."""
    sheet = asking.changes
    if asking.shown == sheet.content:
        return None
    seen = f"content {short(asking.shown)} was shown" if asking.shown else "no verdict was shown yet"
    return Refusal(
        f"{seen} when that comment was written, and it is {short(sheet.content)} now",
        "Read the check on the present head, and write the command again.",
    )


def _unjudged(sheet: ChangeSheet) -> Refusal | None:
    proposal = sheet.facts.proposal
    if proposal.problems or proposal.mergeable != "yes":
        return Refusal(
            "what a merge would give is not known, so nothing can be signed", "The check says why; mend that first."
        )
    return None


def answer(command: Command, asking: Asking) -> Effect | Refusal:
    """An answer by the role of the question signs itself."""
    sheet = asking.changes
    item, word, because = (getattr(command, name) for name in ("item", "answer", "because"))
    try:
        (row,) = rows_named([item], sheet)
    except UnknownRowError as error:
        return Refusal(str(error), _TABLE)
    if row.demand.question is None:
        return Refusal(f"row {row.number} is no question", f"Sign it with `/reassay signoff {row.number}`.")
    refused = _unjudged(sheet) or raced(asking)
    if refused:
        return refused
    found = _seat(row, asking)
    if isinstance(found, Refusal):
        return found
    keep = Keep()
    answered = ChangeAnswered(
        pull=sheet.facts.proposal.pulls[0],
        item=row.demand.id,
        answer=cast("AnswerWord", word),
        because=keep(because),
        role=found.recorded,
        for_account=found.for_account.id if found.for_account else None,
    )
    return Effect((answered.model_copy(update={"signed": sheet.digest(row.demand, answered)}),), keep.objects)


def sign(command: Command, asking: Asking) -> Effect | Refusal:
    """One record for the rows that are the person's to sign, or the reason why none is."""
    sheet = asking.changes
    refused = _unjudged(sheet) or raced(asking)
    if refused:
        return refused
    wanted: tuple[str, ...] = getattr(command, "rows", ())
    role: str | None = getattr(command, "role", None)
    try:
        rows = _mine(sheet, asking) if ALL in wanted else rows_named(wanted, sheet)
    except UnknownRowError as error:
        return Refusal(str(error), _TABLE)
    if not rows:
        roles = tuple(dict.fromkeys(each for row in sheet.rows for each in row.demand.roles))
        if not roles:
            return Refusal("nothing here takes a signature", "`/reassay explain` says what does.")
        return not_yours("signing here", roles, asking.people(*roles))
    judged = [(row, _judge(row, role, asking)) for row in rows]
    fine = [(row, found) for row, found in judged if isinstance(found, Seat)]
    if not fine:
        return next(found for _, found in judged if isinstance(found, Refusal))
    note: str | None = getattr(command, "note", None)
    return _record(fine, note, sheet)


def _mine(sheet: ChangeSheet, asking: Asking) -> tuple[ChangeRow, ...]:
    return tuple(row for row in sheet.rows if not row.is_signed and asking.seat(*row.demand.roles))


def _judge(row: ChangeRow, role: str | None, asking: Asking) -> Seat | Refusal:
    if role is not None and role not in row.demand.roles:
        return Refusal(f"row {row.number} is not signed as {role}", f"It is signed as {' or '.join(row.demand.roles)}.")
    if row.demand.question is not None and row.answer is not None and row.answer[1].answer not in {"yes", "n/a"}:
        return Refusal(
            f"row {row.number} is answered `{row.answer[1].answer}`",
            f"Answer it anew: `/reassay answer {row.number} yes because ...`",
        )
    if any(each.holds and each.person == asking.by.id for each in row.signatures):
        return Refusal(f"row {row.number} carries your signature already", "Nothing more is needed for it.")
    earlier = _before(row, asking.changes)
    if earlier is not None:
        people = who(asking.changes.may_sign(earlier.demand))
        return Refusal(f"row {row.number} comes after row {earlier.number}", f"First {people} on row {earlier.number}.")
    return _seat(row, asking)


def _before(row: ChangeRow, sheet: ChangeSheet) -> ChangeRow | None:
    """Steps about one object are taken in order, after its questions."""
    if row.demand.question is not None:
        return None
    own = (each for each in sheet.rows if each.demand.about == row.demand.about and each.number < row.number)
    return next((each for each in own if not each.is_signed), None)


def _seat(row: ChangeRow, asking: Asking) -> Seat | Refusal:
    sheet = asking.changes
    seat = asking.seat(*row.demand.roles)
    if seat is None:
        return not_yours(f"signing row {row.number}", row.demand.roles, asking.people(*row.demand.roles))
    acted = sheet.acted_as(asking.by.id or 0)
    if acted is not None and acted != seat.recorded:
        return Refusal(
            f"you signed as {asking.spoken(acted)} here, and one person counts once",
            f"Somebody else has to sign row {row.number}, or take back what you signed: `/reassay withdraw all`.",
        )
    barred = sheet.barred(row.demand, asking.by.id or 0)
    if not barred and seat.for_account is not None:
        barred = sheet.barred(row.demand, seat.for_account.id or 0)
        barred = f"who lent you the role: {barred}" if barred else ""
    if barred:
        others = who(sheet.may_sign(row.demand))
        return Refusal(f"row {row.number} cannot be yours: {barred}", f"It can be signed by {others}.")
    return seat


def _record(fine: list[tuple[ChangeRow, Seat]], note: str | None, sheet: ChangeSheet) -> Effect:
    keep = Keep()
    digest = keep(note) if note else None
    proposal = sheet.facts.proposal
    bodies: list[Body] = []
    by_role: dict[tuple[str, int | None, SignedAs], list[SignedItem]] = {}
    for row, seat in fine:
        lent = seat.for_account.id if seat.for_account else None
        if row.digest is None:
            answered = ChangeAnswered(
                pull=proposal.pulls[0], item=row.demand.id, answer="yes", role=seat.recorded, for_account=lent
            )
            bodies.append(answered.model_copy(update={"signed": sheet.digest(row.demand, answered)}))
            continue
        kind: SignedAs = "answer" if row.demand.question else row.demand.kind
        by_role.setdefault((seat.recorded, lent, kind), []).append(SignedItem(item=row.demand.id, digest=row.digest))
    for (role, lent, says), items in by_role.items():
        bodies.append(
            ChangeSigned(
                pull=proposal.pulls[0],
                base=proposal.base_ref,
                head=proposal.head,
                role=role,
                says=says,
                items=tuple(items),
                for_account=lent,
                note=digest,
            )
        )
    return Effect(tuple(bodies), keep.objects)


def withdraw(command: Command, asking: Asking) -> Effect | Refusal:
    """Takes back what is there of the person's own."""
    sheet = asking.changes
    wanted: tuple[str, ...] = getattr(command, "rows", ())
    own = [row for row in sheet.rows if _is_mine(row, asking)]
    try:
        meant = own if ALL in wanted else [row for row in rows_named(wanted, sheet) if row in own]
    except UnknownRowError as error:
        return Refusal(str(error), _TABLE)
    if not meant:
        return Refusal("nothing there was answered or signed by you", "Only one's own can be taken back.")
    number = sheet.facts.proposal.pulls[0]
    return Effect((ChangeWithdrawn(pull=number, items=tuple(row.demand.id for row in meant)),))


def _is_mine(row: ChangeRow, asking: Asking) -> bool:
    if row.answer is not None and row.answer[0].actor == asking.by.id:
        return True
    return any(each.person == asking.by.id for each in row.signatures)


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """What was signed, how long it holds, and what is missing."""
    sheet = asking.changes
    rows = {row.demand.id: row for row in sheet.rows}
    numbers: list[int] = []
    says: list[str] = []
    role = ""
    for each in noted:
        body = each.body
        if isinstance(body, ChangeAnswered) and body.item in rows:
            row = rows[body.item]
            question = row.demand.question.text if row.demand.question else ""
            numbers.append(row.number)
            says.append(f"answered `{body.answer}` to '{question}' for {row.demand.about}")
            role = asking.spoken(body.role)
        elif isinstance(body, ChangeSigned):
            signed = [rows[item.item] for item in body.items if item.item in rows]
            numbers += [row.number for row in signed]
            about = ", ".join(f"row {row.number} ({row.demand.about})" for row in signed)
            says.append(f"signed {about}" if about else "signed rows that are not asked for any more")
            role = asking.spoken(body.role)
    if not says:
        return None
    undo = f"Undo: `/reassay withdraw {' '.join(map(str, sorted(numbers)))}`" if numbers else ""
    holds = "Holds until that object or its base changes; other pushes keep it"
    more = tuple(each for each in (holds, still_missing(sheet), undo) if each)
    return Receipt(f"@{asking.by.login}, {role}, {'; '.join(says)}", more)


def withdrawn_receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Which rows are open again."""
    body, sheet = noted[0].body, asking.changes
    if not isinstance(body, ChangeWithdrawn):
        return None
    numbers = [str(row.number) for row in sheet.rows if row.demand.id in body.items]
    rows = f"row{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}" if numbers else "what is not asked for any more"
    return Receipt(f"@{asking.by.login} took back {rows}", (still_missing(sheet),))
