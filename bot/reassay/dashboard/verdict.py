"""The explain view of a verdict: what is missing first, every rule, every row, and what if."""

from collections.abc import Iterator
from datetime import datetime

from reassay.approvals.row import ApprovalRow
from reassay.changes.base import Change
from reassay.changes.words import change_words
from reassay.dashboard.subject_values import SourcePlace
from reassay.dashboard.verdict_values import (
    DashboardVerdict,
    VerdictAction,
    VerdictRow,
    VerdictRule,
    VerdictStep,
)
from reassay.dashboard.what_if import what_ifs
from reassay.gate.input import GateInput
from reassay.gate.opening import Opening
from reassay.gate.rules.signed import requirement_words
from reassay.gate.verdict import Node, Verdict
from reassay.gate.views.next_steps import AssignedStep, next_steps


def dashboard_verdict(
    gate_input: GateInput, verdict: Verdict, *, name: str, title: str, judged_at: datetime
) -> DashboardVerdict:
    """A verdict with everything that explains it, and what-if. `name` is that of its page."""
    explained = explained_verdict(gate_input, verdict, name=name, title=title, judged_at=judged_at)
    return with_what_if(explained, gate_input, verdict)


def explained_verdict(
    gate_input: GateInput, verdict: Verdict, *, name: str, title: str, judged_at: datetime
) -> DashboardVerdict:
    """A verdict with everything that explains it, but what-if."""
    proposal = gate_input.proposal
    return DashboardVerdict(
        name=name,
        title=title,
        pull=proposal.pulls[0] if len(proposal.pulls) == 1 else None,
        base=proposal.base_ref,
        head=proposal.head,
        conclusion=verdict.conclusion,
        why="" if verdict.passes else verdict.tree.why,
        enforces=gate_input.assessment_input.register.enforces,
        judged_at=judged_at,
        valid_until=verdict.valid_until,
        seq=gate_input.seq,
        is_offline=not proposal.people,
        steps=tuple(_step(step) for step in next_steps(verdict, gate_input)),
        rules=tuple(_rule(leaf) for leaf in verdict.tree.leaves()),
        rows=tuple(_row(row, gate_input) for row in verdict.rows),
        changes=tuple(_change(change) for change in verdict.changes),
        opens=tuple(_opening(opening) for opening in verdict.openings),
        overridden=verdict.overridden,
    )


def with_what_if(explained: DashboardVerdict, gate_input: GateInput, verdict: Verdict) -> DashboardVerdict:
    """The same, with what the verdict would be once people have signed off."""
    groups, not_alone = what_ifs(verdict, gate_input)
    return explained.model_copy(update={"what_if": groups, "not_alone": not_alone})


def _step(step: AssignedStep) -> VerdictStep:
    actions = (VerdictAction(command=action.command, words=action.words) for action in step.actions)
    return VerdictStep(people=step.who, actions=tuple(actions))


def _rule(leaf: Node) -> VerdictRule:
    place = SourcePlace(path=leaf.place[0], line=leaf.place[1]) if leaf.place else None
    return VerdictRule(
        name=leaf.name,
        status=leaf.status.value,
        why=leaf.why,
        next_step=leaf.next_step,
        people=leaf.who,
        place=place,
        notes=leaf.notes,
    )


def _row(row: ApprovalRow, gate_input: GateInput) -> VerdictRow:
    approvals, requirement = gate_input.approvals, row.requirement
    return VerdictRow(
        number=row.number,
        what=requirement_words(row),
        role=" or ".join(requirement.roles),
        needed=requirement.needed,
        signed=tuple(_signers(row, gate_input)),
        people=approvals.may_sign(requirement),
        is_signed=row.is_signed or gate_input.is_overridden(requirement),
        answer=row.answer.body.answer if row.answer else "",
        void=tuple(
            f"@{gate_input.assessment_input.people.login(own.person)} as {approvals.spoken(own.role)}: {own.why_not}"
            for own in row.signatures
            if not own.counts
        ),
    )


def _signers(row: ApprovalRow, gate_input: GateInput) -> Iterator[str]:
    people, spoken = gate_input.assessment_input.people, gate_input.approvals.spoken
    for own in row.signatures:
        if own.counts:
            assumed = " (assumed)" if gate_input.is_assumed(own.record) else ""
            yield f"@{people.login(own.person)} as {spoken(own.role)}{assumed}"


def _change(change: Change) -> str:
    mark = "significant" if change.significant else str(change.direction)
    return f"{change.key.replace('/', ' ', 1)}: {change_words(change)} ({mark}: {change.why})"


def _opening(opening: Opening) -> str:
    where = "" if opening.cell == "*" else f" for {opening.cell}"
    when = "before the merge" if opening.fired.before_change else "after the merge"
    return f"{opening.subject}{where}, {when}: {opening.fired.reason}"
