"""Requirements for concluding a re-assessment; all missing ones are listed at once.

What the criteria state has to be shown in every mode; answers and sign-offs are asked for from mode `record` on.
"""

from collections.abc import Iterator

from reassay.approvals.approvals import Approvals
from reassay.approvals.arguments import Conclude
from reassay.approvals.command_context import CommandContext, Refusal, unreadable
from reassay.approvals.eligibility import not_shown
from reassay.approvals.ledger_entries import IN_WORDS, answer_command
from reassay.approvals.reassessment import ReassessmentSource
from reassay.approvals.row import ApprovalRow
from reassay.assessment.authority import assessors
from reassay.assessment.cells import AssessmentInput
from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.criterion_verdicts import criterion_verdicts, verdict_words
from reassay.ledger.reassessment import Reassessment
from reassay.people.people import who
from reassay.register.approval import cases
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.mitigation import Mitigation


def unready(command: Conclude, context: CommandContext) -> Refusal | None:
    """Why this cannot be concluded yet; None if it can."""
    approvals = context.approvals
    if approvals is None or not isinstance(approvals.source, ReassessmentSource):
        return unreadable(context.reassessment)
    if refused := not_shown(context, approvals):
        return refused
    wanted = tuple(_wanted(command, approvals, approvals.source, context))
    if not wanted:
        return None
    count = f"{len(wanted)} thing{'s are' if len(wanted) > 1 else ' is'} missing"
    return Refusal(count, _remedy(approvals), wanted)


def _wanted(
    command: Conclude, approvals: Approvals, source: ReassessmentSource, context: CommandContext
) -> Iterator[str]:
    if not source.items:
        yield "the checklist of this re-assessment can no longer be read"
    yield from _unread_commitments(command, source)
    yield from _another_role(approvals, source, context)
    for hold in approvals.holds:
        role = approvals.spoken(hold.role)
        yield f"{role} put a hold on this (entry {hold.record.seq}): `/reassay unhold` lifts it"
    yield from missing_rows(approvals)
    for step in approvals.steps:
        if not step.is_signed and is_needed(step, command.decision, source.reassessment.depth):
            yield step_words(step, approvals)
    yield from _open_answers(command, approvals, source)
    yield from _evidence(command, approvals, source)
    yield from unmet_criteria(command, source.subject, context)


def _unread_commitments(command: Conclude, source: ReassessmentSource) -> Iterator[str]:
    """What a commitment that cannot be read asks for is not known, and may be missing. A verdict against it never waits."""
    if command.decision in {"effective", "degraded"} and isinstance(source.subject, Mitigation):
        words = source.assessment_input.register_index.unread_words(frozenset({"commitment"}))
        if words:
            yield f"{words}, so nobody knows what it asks for: fix it first"


def _another_role(approvals: Approvals, source: ReassessmentSource, context: CommandContext) -> Iterator[str]:
    """Refuses a person who already signed in another role than assessor, because a person counts once."""
    acted, facts = approvals.acted_as(context.by.id), context.assessment_input
    if acted is not None and acted not in approvals.recorded(assessors(source.subject, facts.register, facts.today)):
        yield f"you signed as {approvals.spoken(acted)} here, and a person counts once: another assessor must conclude"


def missing_rows(approvals: Approvals) -> Iterator[str]:
    """One sentence for each question that is not answered or not signed off."""
    for row in approvals.questions:
        people = who(approvals.people(row.requirement.roles))
        if row.answer is None:
            yield f"row {row.number} is not answered ({people})"
        elif not row.is_signed:
            void = next((f": {signature.why_not}" for signature in row.signatures if not signature.counts), "")
            yield f"row {row.number} is not signed off{void} ({people})"


def step_words(step: ApprovalRow, approvals: Approvals) -> str:
    """A sentence about an approval step that is not complete."""
    requirement = step.requirement
    left, roles = requirement.needed - step.taken, " or ".join(requirement.roles)
    people = who(approvals.may_sign(requirement))
    void = "; ".join(
        f"one does not count: {signature.why_not}" for signature in step.signatures if not signature.counts
    )
    count = f"{left} sign-offs" if left > 1 else "1 sign-off"
    asked = f", {requirement.asked_words}" if requirement.asked_by else ""
    return f"row {step.number} ({requirement.kind}{asked}) needs {count} from {roles} ({people}){f'; {void}' if void else ''}"


def is_needed(step: ApprovalRow, decision: str, depth: Depth) -> bool:
    """Whether a step applies: its `when` names this decision or depth, or has other words, which a program cannot judge."""
    words = cases(step.requirement.when)
    return not words or bool(words & {decision, str(depth)})


def is_accepted(reassessment: Reassessment, subject: Assessable, assessment_input: AssessmentInput) -> bool:
    """Whether a risk acceptance of the register or of an issue covers every cell of a re-assessment today."""
    valid = [
        acceptance
        for acceptance in assessment_input.register_index.acceptances.get(subject.id, ())
        if acceptance.expires_at >= assessment_input.today
    ]
    return all(any(acceptance.covers(cell) for acceptance in valid) for cell in reassessment.cells)


def _open_answers(command: Conclude, approvals: Approvals, source: ReassessmentSource) -> Iterator[str]:
    rows = ", ".join(str(row.number) for row in approvals.questions if row.answer and not row.answer.is_fine)
    covered = bool(command.follow_ups) or is_accepted(source.reassessment, source.subject, source.assessment_input)
    if rows and not covered and command.decision != "inconclusive":
        yield f"{_rows(rows)} answered `no` or `not-tested`: add `follow-up <date> <what>`, or `/reassay accept-risk` first"


def _evidence(command: Conclude, approvals: Approvals, source: ReassessmentSource) -> Iterator[str]:
    if command.decision != "effective":
        return
    asked = ", ".join(
        str(row.number)
        for row in approvals.questions
        if row.requirement.needs_evidence and row.answer and row.answer.body.answer in {"yes", IN_WORDS}
    )
    if asked and not source.evidence:
        yield f"{_rows(asked)} answered without evidence: attach it with `/reassay evidence`"


def unmet_criteria(command: Conclude, subject: Assessable, context: CommandContext) -> Iterator[str]:
    """One sentence for each criterion that `effective` needs, in every mode, and that the evidence does not show."""
    if command.decision != "effective":
        return
    for finding in criterion_verdicts(subject, context.reassessment, context.evidence_input):
        if finding.verdict != "met":
            text = verdict_words(finding)
            yield f"{text[:1].lower()}{text[1:]}{_next_step(finding)}"


def _next_step(finding: CriterionVerdict) -> str:
    """What would change a verdict, where its sentence does not say so."""
    if finding.verdict == "not-measured":
        return f": attach evidence with `/reassay evidence ... for {finding.name}`"
    return (
        ": decide `degraded`, `ineffective` or `inconclusive`, or test a new version"
        if finding.verdict == "exceeded"
        else ""
    )


def _rows(numbers: str) -> str:
    return f"rows {numbers} are" if "," in numbers else f"row {numbers} is"


def _remedy(approvals: Approvals) -> str:
    first = next((row for row in approvals.questions if row.answer is None), None)
    if first:
        return f"Start with: `{answer_command(first.number, in_words=first.requirement.in_words)}`"
    return "To list what is missing again, comment: `/reassay explain`"
