"""The next steps of a blocked pull request: one line for each person or group of people, with the commands to copy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reassay.approvals.digests import brief
from reassay.approvals.ledger_entries import answer_command
from reassay.approvals.row import ApprovalRow
from reassay.common.sentences import alternatives, capitalised, names
from reassay.gate.input import GateInput
from reassay.gate.rules.signed import NAME as SIGNED
from reassay.gate.verdict import Node, Verdict


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: a command to copy, or a sentence where no command does it."""

    command: str = ""
    words: str = ""
    """A sentence without its full stop; beside a command, why it cannot be given yet."""

    @property
    def sentence(self) -> str:
        """The words with the mark that ends them."""
        return self.words if self.words.endswith(("?", "!")) else f"{self.words}."


@dataclass(frozen=True, slots=True)
class AssignedStep:
    """What one person can do, or any of several."""

    who: tuple[str, ...]
    """Logins, any of whom can; empty where it is not known who."""
    actions: tuple[Action, ...]

    @property
    def people(self) -> str:
        """The logins as plain text: `@a or @b`; empty where it is not known who."""
        return alternatives(*(f"@{login}" for login in self.who))


@dataclass(frozen=True, slots=True)
class _Part:
    who: tuple[str, ...]
    action: Action


def next_steps(verdict: Verdict, gate_input: GateInput) -> tuple[AssignedStep, ...]:
    """In the order in which they have to be done; what any of the same people can do is one line.

    A step of which it is not known who can do it is a line of its own.
    """
    grouped: dict[tuple[str, ...], list[AssignedStep]] = {}
    for part in dict.fromkeys((*_other_parts(verdict), *_row_parts(verdict, gate_input))):
        steps = grouped.setdefault(part.who, [])
        if part.who and steps:
            steps[0] = AssignedStep(part.who, (*steps[0].actions, part.action))
        else:
            steps.append(AssignedStep(part.who, (part.action,)))
    return tuple(step for steps in grouped.values() for step in steps)


def open_rows(verdict: Verdict, gate_input: GateInput) -> tuple[ApprovalRow, ...]:
    """Rows that still need an answer or a sign-off."""
    if not any(node.name == SIGNED for node in verdict.missing):
        return ()
    return tuple(row for row in verdict.rows if not row.is_signed and not gate_input.is_overridden(row.requirement))


def _other_parts(verdict: Verdict) -> Iterator[_Part]:
    for node in verdict.missing:
        if node.name != SIGNED:
            words = f"{capitalised(node.why)}{f'. {node.how}' if node.how else ''}".rstrip(".")
            yield _Part(node.who, Action(node.command, words))


def _row_parts(verdict: Verdict, gate_input: GateInput) -> Iterator[_Part]:
    """Answers, then sign-offs: rows that the same people settle in the same way are one command."""
    nodes = _row_nodes(verdict)
    nobody: dict[str, list[ApprovalRow]] = {}
    answers: dict[tuple[tuple[str, ...], str, str], list[ApprovalRow]] = {}
    signs: dict[tuple[tuple[str, ...], int], list[ApprovalRow]] = {}
    for row in open_rows(verdict, gate_input):
        people, requirement = gate_input.approvals.may_sign(row.requirement), row.requirement
        how = nodes[row.number].how if row.number in nodes else ""
        if not people:
            nobody.setdefault(how, []).append(row)
        elif requirement.question is not None:
            how = f"answered `{row.answer.body.answer}`. {how}" if row.answer else how
            answers.setdefault((people, requirement.question, how), []).append(row)
        else:
            signs.setdefault((people, requirement.needed - row.taken), []).append(row)
    for how, rows in nobody.items():
        which = f"Row {_numbers(rows)}" if len(rows) == 1 else f"Rows {_numbers(rows)}"
        yield _Part((), Action(words=f"{which}: nobody may sign off. {how}".rstrip(". ")))
    for (people, _, how), rows in answers.items():
        yield _Part(people, _answer_action(rows, how))
    for (people, left), rows in signs.items():
        yield _Part(people, _sign_action(rows, left, gate_input))


def _answer_action(rows: Sequence[ApprovalRow], how: str) -> Action:
    command = answer_command(rows[0].number, in_words=rows[0].requirement.in_words)
    others = f"likewise row{'s' if len(rows) > 2 else ''} {_numbers(rows[1:])}" if rows[1:] else ""  # noqa: PLR2004 -- plural
    return Action(command, "; ".join(filter(None, [others, how.rstrip(".")])))


def _numbers(rows: Sequence[ApprovalRow]) -> str:
    return names(*(str(row.number) for row in rows))


def _row_nodes(verdict: Verdict) -> dict[int, Node]:
    """The parts of the rule about sign-offs by number of their row."""
    rule = next((node for node in verdict.tree.children if node.name == SIGNED), None)
    parts = rule.children if rule else ()
    return {row.number: node for row, node in zip(verdict.rows, parts, strict=False)}


def _sign_action(rows: Sequence[ApprovalRow], left: int, gate_input: GateInput) -> Action:
    numbers = " ".join(str(row.number) for row in rows)
    command = f"/reassay signoff {numbers} {brief(gate_input.approvals.content)}"
    notes = []
    if left > 1:
        notes.append(f"{left} of them")
    if more := next((row.requirement.more_because for row in rows if row.requirement.more), ""):
        notes.append(f"one more than usual, because {more}")
    if first := _first(rows, gate_input):
        notes.append(f"after {first}")
    return Action(command, "; ".join(notes))


def _first(rows: Sequence[ApprovalRow], gate_input: GateInput) -> str:
    """The roles of the open rows of others that come before these; empty if none does."""
    own = {row.number for row in rows}
    before = [earlier for row in rows for earlier in gate_input.approvals.before(row) if earlier.number not in own]
    return names(*dict.fromkeys(alternatives(*row.requirement.roles) for row in before))
