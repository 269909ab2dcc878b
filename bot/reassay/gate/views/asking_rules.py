"""The rules that require the rows of a verdict, in words, with their place in the configuration or the register."""

from collections.abc import Sequence

from reassay.approvals.row import ApprovalRow
from reassay.changes.policy import KIND as POLICY
from reassay.common.sentences import names


def asking_rules(rows: Sequence[ApprovalRow]) -> tuple[str, ...]:
    """One sentence for each rule, without its full stop, with the rows that it asks for."""
    asked: dict[str, list[str]] = {}
    for row in rows:
        asked.setdefault(_rule(row), []).append(str(row.number))
    return tuple(
        f"{'rows' if len(numbers) > 1 else 'row'} {names(*numbers)}: {rule}" for rule, numbers in asked.items()
    )


def _rule(row: ApprovalRow) -> str:
    requirement = row.requirement
    suffix = requirement.id.removeprefix(requirement.about)
    if requirement.asked_by:
        return f"commitment `{requirement.asked_by}`, under `approval`"
    if requirement.question is not None:
        return "`gate: {questions: ...}` of the configuration"
    if suffix == ":review":
        return "a change that only tightens needs one person who did not write it"
    if suffix.startswith(":step-"):
        policy = requirement.about == POLICY or requirement.is_lending
        name = "policy" if policy else "loosening"
        own = "" if policy else ", or `approval` of the object"
        return f"`gate: {{{name}: ...}}` of the configuration{own}"
    if suffix.startswith(":judge"):
        return "it records a judgement, so a person who may give that judgement signs it"
    return "no approval steps are configured, so one person of the roles concerned signs"
