"""Errors of the register after the merge. An entry with an error counts as removed."""

from collections import Counter
from collections.abc import Iterator

from reassay.assessment.ended_ids import spent_ids
from reassay.changes.came_and_went import Arrivals
from reassay.changes.renames import merged_id_findings
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, RuleStatus, joined
from reassay.register.configuration import CONFIGURATION_PATH
from reassay.register.finding import Finding, quoted
from reassay.register.register import Register

NAME = "readable"
MOST = 20
"""Findings that are listed; the rest are counted."""


def _evaluate(gate_input: GateInput) -> Node:
    """Errors that the change adds, and configurations that cannot be read; other errors of the base are not counted."""
    findings = [*_added(gate_input), *_lives(gate_input)]
    nodes = [_node(finding) for finding in findings[:MOST]]
    nodes += _configurations(gate_input)
    more = f", and {len(findings) - MOST} more are not listed" if len(findings) > MOST else ""
    valid = Node(NAME, RuleStatus.MET, "the register has no new errors")
    return joined(NAME, nodes or [valid], met=valid.why, unmet=f"the register has errors{more}", skipped="")


def _configurations(gate_input: GateInput) -> Iterator[Node]:
    """Rules that are not known, and a change that leaves the configuration unreadable.

    One that touches no configuration, and one that fixes it, is judged by the last one that could be read.
    """
    proposal, default = gate_input.proposal, gate_input.assessment_input.register
    base, merged = proposal.base, proposal.merged
    if not default.has_rules:
        yield _broken(
            f"the configuration of the default branch cannot be read{_place(default)}, and no earlier one is known to judge by",
            "A person who may bypass this check reviews the fix and merges it. Then every pull request is judged again."
            " `reassay check` lists the errors.",
        )
    if not merged.configuration_is_broken:
        return
    if not base.configuration_is_broken:
        if merged.configuration_problem not in set(_added(gate_input)):
            yield _broken(f"the configuration cannot be read after this change{_place(merged)}", _CHECK)
    elif base.prior is None and default.has_rules:
        yield _broken(
            f"the configuration of {proposal.base_ref} has errors{_place(base)}, so its rules are not known",
            f"Fix it there first: {_CHECK}",
        )
    elif proposal.files.keys() & {CONFIGURATION_PATH} or _said(base) != _said(merged):
        yield _broken(f"this changes the configuration and leaves it unreadable{_place(merged)}", _CHECK)


_CHECK = "`reassay check` lists its errors."


def _said(register: Register) -> tuple[str, str, str]:
    problem = register.configuration_problem
    return (problem.code, problem.at.path, problem.message) if problem else ("", "", "")


def _place(register: Register) -> str:
    problem = register.configuration_problem
    return f" ({problem.at.path}:{problem.at.line}: {problem.message})" if problem else ""


def _broken(why: str, how: str) -> Node:
    return Node(NAME, RuleStatus.ERROR, why, how)


def _node(finding: Finding) -> Node:
    at = finding.at
    return Node(
        NAME, RuleStatus.ERROR, f"{finding.message} ({at.path}:{at.line})", finding.remedy, place=(at.path, at.line)
    )


def _added(gate_input: GateInput) -> Iterator[Finding]:
    """Errors that are not on the base, and those of objects that could be read there: the same typo elsewhere is another."""
    base, merged = gate_input.proposal.base, gate_input.proposal.merged
    lost_before = {entry.id for entry in base.unreadable if entry.is_error}
    lost = {entry.finding for entry in merged.unreadable if entry.is_error and entry.id and entry.id not in lost_before}
    before = Counter((finding.code, finding.at.path, finding.message) for finding in base.errors)
    for finding in merged.errors:
        own = (finding.code, finding.at.path, finding.message)
        if finding in lost or not before[own]:
            yield finding
        else:
            before[own] -= 1


def _lives(gate_input: GateInput) -> Iterator[Finding]:
    """Errors of ids: one present object for several former ones, and an id whose mitigation was removed before."""
    base, merged = gate_input.proposal.base, gate_input.proposal.merged
    yield from merged_id_findings(base, merged)
    spent = spent_ids(gate_input.assessment_input)
    arrivals = Arrivals(base, gate_input.assessment_input.today)
    for name, entry in merged.subjects.items():
        before = base.subjects.get(name)
        if before is entry or any(
            arrivals.was_unread(kind, name, entry.origin) for kind in ("mitigation", "commitment")
        ):
            continue
        claimed = {*entry.value.formerly, name} - ({*before.value.formerly, name} if before else set())
        for former in sorted(claimed & spent - base.subjects.keys()):
            message = f"{quoted(former)} was used by a mitigation that was removed, and ids are never reused"
            remedy = "Give it an id that was never used; then nothing is inherited, and its first assessment comes due."
            yield Finding(
                entry.origin.at_key("id" if former == name else "formerly"), "id-used-before", message, remedy
            )


RULE = GateRule(NAME, _evaluate, is_about_approvals=False, is_overridable=False)
