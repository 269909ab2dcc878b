"""The next steps of an open re-assessment: one line for each person or group of people, with the commands to copy."""

from collections.abc import Iterator, Sequence

from reassay.approvals.approvals import Approvals
from reassay.approvals.ledger_entries import answer_command
from reassay.approvals.row import ApprovalRow
from reassay.common.sentences import names
from reassay.gate.views.next_steps import Action, AssignedStep
from reassay.sweep.views.issue_model import IssueModel

_CONCLUDE = "/reassay conclude ineffective|degraded|inconclusive|effective because <findings>"


def issue_steps(model: IssueModel) -> tuple[AssignedStep, ...]:
    """Answers first, then sign-offs, then the conclusion; what the same people do is one line. Empty once it is closed."""
    if model.reassessment.state != "open" or model.allowed is None:
        return ()
    grouped: dict[tuple[str, ...], list[Action]] = {}
    approvals = model.approvals if model.records else None
    if approvals is not None:
        for people, action in (*_answers(approvals), *_sign_offs(approvals)):
            grouped.setdefault(people, []).append(action)
    missing = approvals is not None and any(not row.is_signed for row in approvals.rows)
    grouped.setdefault(tuple(model.allowed.people), []).append(
        Action(_CONCLUDE, "once every row is signed off" if missing else "")
    )
    return tuple(AssignedStep(people, tuple(actions)) for people, actions in grouped.items())


def _answers(approvals: Approvals) -> Iterator[tuple[tuple[str, ...], Action]]:
    """Rows without an answer by the people who answer them, yes/no ones and open ones apart."""
    grouped: dict[tuple[tuple[str, ...], bool], list[ApprovalRow]] = {}
    for row in approvals.questions:
        if row.answer is None:
            people = approvals.may_sign(row.requirement)
            grouped.setdefault((people, row.requirement.in_words), []).append(row)
    for (people, in_words), rows in grouped.items():
        yield people, Action(answer_command(rows[0].number, in_words=in_words), _likewise(rows))


def _sign_offs(approvals: Approvals) -> Iterator[tuple[tuple[str, ...], Action]]:
    """Answers that others gave, and approval steps."""
    grouped: dict[tuple[str, ...], list[ApprovalRow]] = {}
    for row in approvals.rows:
        is_question = row.requirement.question is not None
        if not row.is_signed and (row.answer is not None or not is_question):
            grouped.setdefault(approvals.may_sign(row.requirement), []).append(row)
    for people, rows in grouped.items():
        numbers = {row.number for row in rows}
        waits = any(earlier.number not in numbers for row in rows for earlier in approvals.before(row))
        command = f"/reassay signoff {' '.join(str(row.number) for row in rows)}"
        yield people, Action(command, "after the rows before" if waits else "")


def _likewise(rows: Sequence[ApprovalRow]) -> str:
    others = [str(row.number) for row in rows[1:]]
    return f"likewise row{'s' if len(others) > 1 else ''} {names(*others)}" if others else ""
