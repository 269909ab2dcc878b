"""Changes and verdicts as JSON for programs."""

from collections.abc import Sequence

from reassay.approvals.row import ApprovalRow
from reassay.changes.base import Change
from reassay.gate.input import GateInput
from reassay.gate.verdict import Node, Verdict


def diff_document(changes: Sequence[Change]) -> dict[str, object]:
    """`reassay/diff/v1`."""
    return {"schema": "reassay/diff/v1", "changes": [_change(change) for change in changes]}


def _change(change: Change) -> dict[str, object]:
    return {
        "object": change.name,
        "kind": change.kind,
        "field": change.field,
        "change": change.change,
        "before": change.before,
        "after": change.after,
        "direction": str(change.direction),
        "significant": change.significant,
        "why": change.why,
        "path": change.at.path if change.at else None,
        "line": change.at.line if change.at else None,
    }


def gate_document(verdict: Verdict, gate_input: GateInput) -> dict[str, object]:
    """`reassay/gate/v1`."""
    proposal = gate_input.proposal
    return {
        "schema": "reassay/gate/v1",
        "conclusion": verdict.conclusion,
        "base": proposal.base_commit,
        "head": proposal.head,
        "content": verdict.content,
        "valid_until": verdict.valid_until.isoformat() if verdict.valid_until else None,
        "overridden": verdict.overridden or None,
        "tree": node_document(verdict.tree),
        "required": [document for row in verdict.rows for document in _required(row, gate_input)],
        "opens": [
            {
                "subject": opening.subject,
                "deployment": opening.cell,
                "trigger": opening.fired.kind,
                "reason": opening.fired.reason,
                "before_merge": opening.fired.before_change,
            }
            for opening in verdict.openings
        ],
        "changes": [_change(change) for change in verdict.changes],
    }


def node_document(node: Node) -> dict[str, object]:
    """One rule of a verdict with its parts."""
    return {
        "rule": node.name,
        "status": str(node.status),
        "why": node.why,
        "how": node.next_step or None,
        "who": list(node.who),
        "notes": list(node.notes),
        "parts": [node_document(child) for child in node.children],
    }


def _required(row: ApprovalRow, gate_input: GateInput) -> list[dict[str, object]]:
    """One document for each sign-off; one for a row without any."""
    base = {
        "row": row.number,
        "item": row.requirement.id,
        "object": row.requirement.about,
        "role": " or ".join(row.requirement.roles),
        "min": row.requirement.needed,
        "kind": "question" if row.requirement.question else row.requirement.kind,
    }
    login = gate_input.assessment_input.people.login
    signed = [
        base
        | {
            "signed_by": login(signature.person),
            "assumed": gate_input.is_assumed(signature.record),
            "holds": signature.counts,
            "why_not": signature.why_not or None,
        }
        for signature in row.signatures
    ]
    return signed or [base | {"signed_by": None, "holds": False, "why_not": "not signed"}]
