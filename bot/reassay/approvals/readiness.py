"""What has to stand before a re-assessment is concluded, from mode `record` on: all of it is named at once."""

from collections.abc import Iterator

from reassay.approvals.approvals import Approvals
from reassay.approvals.arguments import Conclude
from reassay.approvals.asking import Asking, Refusal
from reassay.approvals.reassessment import ReassessmentSource
from reassay.approvals.row import ApprovalRow
from reassay.approvals.shown import not_shown
from reassay.assessment.authority import assessors
from reassay.assessment.cells import Situation
from reassay.evidence.criterion_verdicts import criterion_verdicts, verdict_words
from reassay.ledger.reassessment import Reassessment
from reassay.people.people import who
from reassay.register.assessable import Assessable
from reassay.register.base import Depth

_WHEN = frozenset({"effective", "degraded", "ineffective", "inconclusive", "light", "full"})


def unready(command: Conclude, asking: Asking) -> Refusal | None:
    """Why this cannot be concluded yet; None if it can."""
    approvals = asking.approvals
    if approvals is None or not isinstance(approvals.source, ReassessmentSource):
        return Refusal("what it is about cannot be read", "Run `reassay check` and mend what it names.")
    if refused := not_shown(asking, approvals):
        return refused
    wanted = tuple(_wanted(command, approvals, approvals.source, asking))
    if not wanted:
        return None
    count = f"{len(wanted)} thing{'s are' if len(wanted) > 1 else ' is'} missing"
    return Refusal(count, _remedy(approvals), wanted)


def _wanted(command: Conclude, approvals: Approvals, source: ReassessmentSource, asking: Asking) -> Iterator[str]:
    if not source.items:
        yield "the checklist that was frozen when this was opened cannot be read any more"
    yield from _another_role(approvals, source, asking)
    for hold in approvals.holds:
        role = approvals.spoken(hold.role)
        yield f"{role} put a hold on it (entry {hold.noted.seq}); they lift it with `/reassay unhold`"
    yield from missing_rows(approvals)
    for step in approvals.steps:
        if not step.is_signed and is_needed(step, command.decision, source.reassessment.depth):
            yield said_of_step(step, approvals)
    yield from _open_answers(command, approvals, source)
    yield from _evidence(command, approvals, source)


def _another_role(approvals: Approvals, source: ReassessmentSource, asking: Asking) -> Iterator[str]:
    """One human counts once: whoever signed in another role does not conclude as an assessor."""
    acted = approvals.acted_as(asking.by.id)
    if acted is not None and acted not in approvals.recorded(assessors(source.subject)):
        yield f"you signed as {approvals.spoken(acted)} here, and one person counts once: another assessor concludes"


def missing_rows(approvals: Approvals) -> Iterator[str]:
    """One sentence for each question that is not answered, or not signed as it stands."""
    for row in approvals.questions:
        people = who(approvals.people(row.requirement.roles))
        if row.answer is None:
            yield f"row {row.number} is not answered ({people})"
        elif not row.is_signed:
            void = next((f": {each.why_not}" for each in row.signatures if not each.holds), "")
            yield f"row {row.number} is not signed{void} ({people})"


def said_of_step(step: ApprovalRow, approvals: Approvals) -> str:
    """A sentence about an approval step that is not taken."""
    wants = step.requirement
    left, roles = wants.min - step.taken, " or ".join(wants.roles)
    people = who(approvals.may_sign(wants))
    void = "; ".join(f"one does not count: {each.why_not}" for each in step.signatures if not each.holds)
    return f"row {step.number} wants {left} of {roles} to {wants.kind} ({people}){f'; {void}' if void else ''}"


def is_needed(step: ApprovalRow, decision: str, depth: Depth) -> bool:
    """Whether a step applies. `when` may name a decision or a depth; other words a program cannot judge, so it applies."""
    words = frozenset((step.requirement.when or "").casefold().replace(",", " ").replace(" or ", " ").split())
    return not words or not words <= _WHEN or bool(words & {decision, str(depth)})


def is_accepted(reassessment: Reassessment, subject: Assessable, situation: Situation) -> bool:
    """Whether a risk acceptance of the register or of an issue covers every cell of a re-assessment today."""
    valid = [
        acceptance
        for acceptance in situation.register_index.acceptances.get(subject.id, ())
        if acceptance.expires_at >= situation.today
    ]
    return all(any(acceptance.covers(cell) for acceptance in valid) for cell in reassessment.cells)


def _open_answers(command: Conclude, approvals: Approvals, source: ReassessmentSource) -> Iterator[str]:
    rows = ", ".join(str(row.number) for row in approvals.questions if row.answer and not row.answer.is_fine)
    covered = bool(command.follow_ups) or is_accepted(source.reassessment, source.subject, source.situation)
    if rows and not covered and command.decision != "inconclusive":
        yield f"row {rows} is answered `no` or `not-tested`: add `follow-up <date> <what>`, or `/reassay accept-risk` first"


def _evidence(command: Conclude, approvals: Approvals, source: ReassessmentSource) -> Iterator[str]:
    if command.decision != "effective":
        return
    asked = ", ".join(
        str(row.number)
        for row in approvals.questions
        if row.requirement.needs_evidence and row.answer and row.answer.body.answer == "yes"
    )
    if asked and not source.evidence:
        yield f"row {asked} asks for evidence, and none is attached (`/reassay evidence`)"
    for finding in criterion_verdicts(source.subject, source.reassessment):
        if finding.can_be_read and finding.verdict != "met":
            text = verdict_words(finding)
            yield f"{text[:1].lower()}{text[1:]}"


def _remedy(approvals: Approvals) -> str:
    first = next((row.number for row in approvals.questions if row.answer is None), None)
    if first:
        return f"Begin with `/reassay answer {first} yes because ...`; `/reassay explain` shows all of it again."
    return "`/reassay explain` shows all of it again."
