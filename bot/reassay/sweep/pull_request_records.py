"""Records about pull requests: counting reviews, openings and ends."""

from collections.abc import Iterator
from dataclasses import replace

from reassay.approvals.reviews import signed_by_review
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.content import content_of, proposed_content
from reassay.assessment.schedule.plan import Claim
from reassay.gate.openings import proposal_plan
from reassay.github.repository_state import Pull
from reassay.ledger.entry import Opened, Record, Superseded
from reassay.ledger.history import Reassessment
from reassay.ledger.pull_requests import Landed
from reassay.sweep.content import MergeResult
from reassay.sweep.input import SweepInput
from reassay.sweep.ledger_records import LedgerDraft


def add_pull_request_records(draft: LedgerDraft, claim: Claim) -> None:
    """Adds approving reviews, and re-assessments of what open pull requests would merge; nothing of a merge queue's group."""
    inputs = draft.inputs
    if not inputs.assessment_input.register.configuration.gates or inputs.is_about_a_group:
        return
    for number in sorted(inputs.pull_requests.pulls):
        gate_input = inputs.gate_input(number, draft.assessment_input)
        if gate_input is None:
            continue
        # A review counts after those of the rows before its own: each of them may make way for the next.
        while gate_input is not None and (reviewed := signed_by_review(gate_input.source)):
            draft.add(reviewed, {})
            gate_input = inputs.gate_input(number, draft.assessment_input)
        if gate_input is None:
            continue
        used = sum(isinstance(record.body, Opened) for record in draft.records)
        opened = proposal_plan(gate_input, replace(claim, nonces=claim.nonces[used:]))
        draft.add(opened.records, opened.objects)


def ended(assessment_input: AssessmentInput, inputs: SweepInput) -> tuple[Record, ...]:
    """Records of closed and merged pull requests: their re-assessments end, or their decisions come into force."""
    return tuple(Record(body=body) for body in _ended(assessment_input, inputs))


def _ended(assessment_input: AssessmentInput, inputs: SweepInput) -> Iterator[Superseded | Landed]:
    pull_requests = inputs.pull_requests
    for reassessment in assessment_input.history.reassessments.values():
        pull = pull_requests.pulls.get(reassessment.proposal.pull) if reassessment.proposal else None
        if pull is None or pull.issue.is_open:
            continue
        if reassessment.state == "open":
            how = "was merged before this was decided" if pull.is_merged else "was closed without being merged"
            yield Superseded(reassessment=reassessment.id, reason=f"#{pull.number} {how}")
        elif reassessment.decided is not None and reassessment.landed is None:
            landed = _landed(reassessment, pull, pull_requests.merges.get(pull.number))
            if landed is not None:
                yield landed


def _landed(reassessment: Reassessment, pull: Pull, merge: MergeResult | str | None) -> Landed | None:
    """The record of a merge or closing; None while the merged content cannot be read."""
    if not pull.is_merged:
        return Landed(reassessment=reassessment.id, pull=pull.number, merged=False)
    if not isinstance(merge, MergeResult) or merge.landed is None or reassessment.decided is None:
        return None
    # Decisions recorded by earlier versions name the narrower digest.
    digests = (proposed_content, content_of)
    same = reassessment.decided.covered in {
        content(reassessment.subject, reassessment.cells, merge.landed) for content in digests
    }
    return Landed(reassessment=reassessment.id, pull=pull.number, merged=same, commit=pull.merged_as if same else None)
