"""Changes and verdicts as JSON for programs."""

from collections.abc import Sequence

from reassay.approvals.row import ApprovalRow
from reassay.changes.base import Change
from reassay.gate.input import GateInput
from reassay.gate.verdict import Node, Verdict


def diff_document(changes: Sequence[Change]) -> dict[str, object]:
    """`reassay/diff/v1`."""
    return {"schema": "reassay/diff/v1", "changes": [_change(each) for each in changes]}


def _change(each: Change) -> dict[str, object]:
    return {
        "object": each.name,
        "kind": each.kind,
        "field": each.field,
        "change": each.change,
        "before": each.before,
        "after": each.after,
        "direction": str(each.direction),
        "significant": each.significant,
        "why": each.why,
        "path": each.at.path if each.at else None,
        "line": each.at.line if each.at else None,
    }


def gate_document(verdict: Verdict, facts: GateInput) -> dict[str, object]:
    """`reassay/gate/v1`."""
    proposal = facts.proposal
    return {
        "schema": "reassay/gate/v1",
        "conclusion": verdict.conclusion,
        "base": proposal.base_commit,
        "head": proposal.head,
        "content": verdict.content,
        "valid_until": verdict.valid_until.isoformat() if verdict.valid_until else None,
        "overridden": verdict.overridden or None,
        "tree": _node(verdict.tree),
        "required": [row for each in verdict.rows for row in _required(each, facts)],
        "opens": [
            {
                "subject": each.subject,
                "deployment": each.cell,
                "trigger": each.fired.kind,
                "reason": each.fired.reason,
                "before_merge": each.fired.before_change,
            }
            for each in verdict.openings
        ],
        "changes": [_change(each) for each in verdict.changes],
    }


def _node(node: Node) -> dict[str, object]:
    return {
        "rule": node.name,
        "status": str(node.status),
        "why": node.why,
        "how": node.how or None,
        "who": list(node.who),
        "notes": list(node.notes),
        "parts": [_node(each) for each in node.children],
    }


def _required(row: ApprovalRow, facts: GateInput) -> list[dict[str, object]]:
    """One for each signature, and one for a row that has none."""
    base = {
        "row": row.number,
        "item": row.requirement.id,
        "object": row.requirement.about,
        "role": " or ".join(row.requirement.roles),
        "min": row.requirement.min,
        "kind": "question" if row.requirement.question else row.requirement.kind,
    }
    login = facts.situation.people.login
    signed = [
        base
        | {
            "signed_by": login(each.person) if each.noted else "(assumed)",
            "holds": each.holds,
            "why_not": each.why_not or None,
        }
        for each in row.signatures
    ]
    return signed or [base | {"signed_by": None, "holds": False, "why_not": "not signed"}]
