"""The one table of a verdict: each changed object with its meaning, what it needs, and who has signed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reassay.approvals.row import ApprovalRow
from reassay.changes.base import Change
from reassay.changes.policy import KIND as POLICY
from reassay.changes.words import change_words
from reassay.common.inert import Markdown, code, mention, prose
from reassay.common.sentences import alternatives, capitalised
from reassay.gate.input import GateInput
from reassay.gate.verdict import Verdict
from reassay.register.approval import StepKind

_STEPS: Mapping[StepKind, str] = {"approve": "approval", "review": "review", "recommend": "recommendation"}
_OF_ONE = 10
"""Changes of one object that are listed."""
_OF_ALL = 40
"""Changes that are listed in all."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row, as Markdown of cells."""

    number: str
    change: Markdown
    needs: Markdown
    status: Markdown


def table_rows(verdict: Verdict, gate_input: GateInput) -> tuple[TableRow, ...]:
    """Object by object: its rows, or one without a number where it needs no sign-off."""
    return tuple(_rows(verdict, gate_input))


def _rows(verdict: Verdict, gate_input: GateInput) -> Iterator[TableRow]:
    room = _OF_ALL
    for key, changes in _by_object(verdict.changes).items():
        rows = [row for row in verdict.rows if row.requirement.about == key]
        told = _changes(changes[: max(0, min(room, _OF_ONE))], len(changes))
        room -= min(len(changes), _OF_ONE)
        if not rows:
            yield TableRow("", told, Markdown("no sign-off"), Markdown(""))
        for row in rows:
            first = rows[0].number
            change = told if row.number == first else Markdown(f"as row {first}")
            yield TableRow(str(row.number), change, _needs(row, gate_input), _status(row, gate_input))


def _by_object(changes: Sequence[Change]) -> dict[str, list[Change]]:
    grouped: dict[str, list[Change]] = {}
    for change in changes:
        grouped.setdefault(POLICY if change.kind == POLICY else change.key, []).append(change)
    return grouped


def _changes(changes: Sequence[Change], count: int) -> Markdown:
    lines = [_change(change) for change in changes]
    if count > len(changes):
        lines.append(Markdown(f"and {count - len(changes)} more; `reassay diff` lists them"))
    return Markdown("<br>".join(lines))


def _change(change: Change) -> Markdown:
    mark = "**significant** " if change.significant else "" if change.direction == "neutral" else f"{change.direction} "
    words = prose(f"{change_words(change)}. {capitalised(change.why)}")
    place = f" {code(f'{change.at.path}:{change.at.line}')}" if change.at else ""
    return Markdown(f"{mark}{code(f'{change.kind} {change.name}')}: {words}.{place}")


def _needs(row: ApprovalRow, gate_input: GateInput) -> Markdown:
    requirement = row.requirement
    asks = requirement.question or _STEPS[requirement.kind]
    asked = f", {requirement.asked_words}" if requirement.asked_by else ""
    people = gate_input.approvals.may_sign(requirement)
    by = alternatives(*(mention(login) for login in people)) if people else prose(" or ".join(requirement.roles))
    count = f" ({requirement.needed} people)" if requirement.needed > 1 else ""
    return Markdown(f"{prose(f'{asks}{asked}')}{'' if requirement.question else ' by'} {by}{count}")


def _status(row: ApprovalRow, gate_input: GateInput) -> Markdown:
    approvals, people = gate_input.approvals, gate_input.assessment_input.people
    signers = ", ".join(
        prose(f"@{people.login(signature.person)} as {approvals.spoken(signature.role)}")
        for signature in row.signatures
        if signature.counts
    )
    answer = f"answered `{row.answer.body.answer}`" if row.answer else ""
    if gate_input.is_overridden(row.requirement):
        return Markdown("overridden on its own pull request")
    if row.is_signed:
        return Markdown(", ".join(filter(None, [f"signed off: {signers}" if signers else "signed off", answer])))
    return Markdown(
        ", ".join(filter(None, [answer, f"{row.taken} of {row.requirement.needed}: {signers}" if signers else ""]))
        or "open"
    )
