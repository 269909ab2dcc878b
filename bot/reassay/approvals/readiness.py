"""What has to stand before a re-assessment is concluded, from mode `record` on: all of it is named at once."""

from collections.abc import Iterator

from reassay.approvals.holds import standing
from reassay.approvals.sheet import Sheet, StepRow
from reassay.approvals.shown import content_race
from reassay.assessment.authority import assessors
from reassay.assessment.risk_acceptances import is_accepted
from reassay.commands.asking import Asking, Refusal
from reassay.commands.base import Conclude
from reassay.evidence.criterion_verdicts import criterion_verdicts, verdict_words
from reassay.people.people import who
from reassay.register.base import Depth

_WHEN = frozenset({"effective", "degraded", "ineffective", "inconclusive", "light", "full"})
NEEDS_MORE = frozenset({"no", "not-tested"})


def unready(command: Conclude, asking: Asking) -> Refusal | None:
    """Why this cannot be concluded yet; None if it can."""
    sheet = asking.sheet
    if sheet is None:
        return Refusal("what it is about cannot be read", "Run `reassay check` and mend what it names.")
    race = content_race(asking, sheet)
    if race is not None:
        return race
    wanted = tuple(_wanted(command, sheet, asking))
    if not wanted:
        return None
    count = f"{len(wanted)} thing{'s are' if len(wanted) > 1 else ' is'} missing"
    return Refusal(count, _remedy(sheet), wanted)


def _wanted(command: Conclude, sheet: Sheet, asking: Asking) -> Iterator[str]:
    if not sheet.items:
        yield "the checklist that was frozen when this was opened cannot be read any more"
    yield from _another_role(sheet, asking)
    for noted, held in standing(sheet.each):
        yield f"{sheet.spoken(held.role)} put a hold on it (entry {noted.seq}); they lift it with `/reassay unhold`"
    yield from missing_rows(sheet)
    for step in sheet.steps:
        if not step.is_taken and is_needed(step, command.decision, sheet.each.depth):
            yield said_of_step(step, sheet)
    yield from _open_answers(command, sheet, asking)
    yield from _evidence(command, sheet, asking)


def _another_role(sheet: Sheet, asking: Asking) -> Iterator[str]:
    """One human counts once: whoever signed in another role does not conclude as an assessor."""
    acted = sheet.acted_as(asking.by.id or 0)
    if acted is not None and acted not in sheet.recorded(assessors(sheet.subject)):
        yield f"you signed as {sheet.spoken(acted)} here, and one person counts once: another assessor concludes"


def missing_rows(sheet: Sheet) -> Iterator[str]:
    """One sentence for each row that is not answered, or not signed as it stands."""
    for row in sheet.rows:
        people = who(sheet.people(row.roles))
        if row.answer is None:
            yield f"row {row.number} is not answered ({people})"
        elif not row.is_signed:
            void = next((f": {each.why_not}" for each in row.signatures if not each.holds), "")
            yield f"row {row.number} is not signed{void} ({people})"


def said_of_step(step: StepRow, sheet: Sheet) -> str:
    """A sentence about an approval step that is not taken."""
    left = step.step.min - step.taken
    people = who(sheet.people((step.step.role,)))
    void = "; ".join(f"one does not count: {each.why_not}" for each in step.signatures if not each.holds)
    return f"row {step.number} wants {left} of {step.step.role} to {step.step.kind} ({people}){f'; {void}' if void else ''}"


def is_needed(step: StepRow, decision: str, depth: Depth) -> bool:
    """Whether a step applies. `when` may name a decision or a depth; other words a program cannot judge, so it applies."""
    words = frozenset((step.step.when or "").casefold().replace(",", " ").replace(" or ", " ").split())
    return not words or not words <= _WHEN or bool(words & {decision, str(depth)})


def _open_answers(command: Conclude, sheet: Sheet, asking: Asking) -> Iterator[str]:
    rows = [row.number for row in sheet.rows if row.answer and row.answer[1].answer in NEEDS_MORE]
    covered = bool(command.follow_ups) or is_accepted(sheet.each, sheet.subject, asking.situation)
    if rows and not covered and command.decision != "inconclusive":
        listed = ", ".join(map(str, rows))
        yield f"row {listed} is answered `no` or `not-tested`: add `follow-up <date> <what>`, or `/reassay accept-risk` first"


def _evidence(command: Conclude, sheet: Sheet, asking: Asking) -> Iterator[str]:
    if command.decision != "effective":
        return
    asked = [row.number for row in sheet.rows if row.item.evidence and row.answer and row.answer[1].answer == "yes"]
    if asked and not sheet.evidence:
        listed = ", ".join(map(str, asked))
        yield f"row {listed} asks for evidence, and none is attached (`/reassay evidence`)"
    for finding in criterion_verdicts(sheet.subject, asking.reassessment):
        if finding.can_be_read and finding.verdict != "met":
            text = verdict_words(finding)
            yield f"{text[:1].lower()}{text[1:]}"


def _remedy(sheet: Sheet) -> str:
    open_row = next((row.number for row in sheet.rows if row.answer is None), None)
    if open_row:
        return f"Begin with `/reassay answer {open_row} yes because ...`; `/reassay explain` shows all of it again."
    return "`/reassay explain` shows all of it again."
