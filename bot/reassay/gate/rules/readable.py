"""Errors of the register after the merge. An entry with an error counts as removed."""

from collections.abc import Iterator

from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, RuleStatus, joined
from reassay.register.finding import Finding

NAME = "readable"
MOST = 20
"""Findings that are listed; the rest are counted."""


def _evaluate(gate_input: GateInput) -> Node:
    """Errors that the change adds, and configurations that cannot be read; other errors of the base are not counted."""
    proposal = gate_input.proposal
    findings = list(_added(gate_input))
    nodes = [_node(finding) for finding in findings[:MOST]]
    if proposal.base.configuration_is_broken:
        nodes.append(_broken(f"the configuration of {proposal.base_ref} has errors, so its rules are not known"))
    if gate_input.assessment_input.register.configuration_is_broken:
        nodes.append(_broken("the configuration of the default branch has errors, so the roles are not known"))
    more = f", and {len(findings) - MOST} more are not listed" if len(findings) > MOST else ""
    valid = Node(NAME, RuleStatus.MET, "the register has no new errors")
    return joined(NAME, nodes or [valid], met=valid.why, unmet=f"the register has errors{more}", skipped="")


def _broken(why: str) -> Node:
    return Node(NAME, RuleStatus.ERROR, why, "Fix it there first: `reassay check` lists its errors.")


def _node(finding: Finding) -> Node:
    at = finding.at
    return Node(
        NAME, RuleStatus.ERROR, f"{finding.message} ({at.path}:{at.line})", finding.remedy, place=(at.path, at.line)
    )


def _added(gate_input: GateInput) -> Iterator[Finding]:
    before = {(finding.code, finding.at.path, finding.message) for finding in gate_input.proposal.base.errors}
    for finding in gate_input.proposal.merged.errors:
        if (finding.code, finding.at.path, finding.message) not in before:
            yield finding


RULE = GateRule(NAME, _evaluate, is_overridable=False)
