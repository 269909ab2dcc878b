"""A rule of the merge gate, and how far a sentence about everything reaches."""

from collections.abc import Callable
from dataclasses import dataclass

from reassay.gate.input import GateInput
from reassay.gate.verdict import Node


@dataclass(frozen=True, slots=True)
class GateRule:
    """One rule: its name in a verdict, and its evaluation."""

    name: str
    evaluate: Callable[[GateInput], Node]
    is_about_approvals: bool
    """Whether it looks at answers, sign-offs or holds of the pull request: if not, `decide_assumed` takes its node as it was."""
    is_overridable: bool = True
    """Whether an override skips the rule when it is unmet. Errors and holds are never overridden."""


def of_readable(sentence: str, gate_input: GateInput) -> str:
    """A sentence about every entry, limited to those that can be read where some cannot."""
    unread = unread_entries(gate_input)
    if not unread:
        return sentence
    noun = "entry has errors and was" if len(unread) == 1 else "entries have errors and were"
    return f"of the entries that can be read, {sentence}; {len(unread)} {noun} not checked: {', '.join(unread)}"


def unread_entries(gate_input: GateInput) -> tuple[str, ...]:
    """Entries with errors on either side, as `mitigation filter`, or the file of those without an id; no rule looks at them."""
    sides = (gate_input.proposal.base, gate_input.proposal.merged)
    entries = (entry for register in sides for entry in register.unreadable if entry.is_error)
    return tuple(sorted({f"{own.kind or 'entry'} {own.id}" if own.id else own.finding.at.path for own in entries}))
