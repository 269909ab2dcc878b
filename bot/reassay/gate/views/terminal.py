"""Changes and verdicts in a terminal."""

from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.text import Text

from reassay.changes.base import Change, Direction
from reassay.changes.words import change_words
from reassay.common.calendar import day_words
from reassay.common.inert import plain
from reassay.common.sentences import count_words
from reassay.common.terminal import console
from reassay.gate.input import GateInput
from reassay.gate.rules.signed import NAME as SIGNED
from reassay.gate.verdict import Node, RuleStatus, Verdict
from reassay.gate.views.next_steps import AssignedStep, next_steps

_MARK = {
    RuleStatus.MET: ("yes ", "green"),
    RuleStatus.UNMET: ("no  ", "bold red"),
    RuleStatus.ERROR: ("?!  ", "bold red"),
    RuleStatus.SKIPPED: ("-   ", "dim"),
}
_NARROWEST = 20
_ORDER = (RuleStatus.ERROR, RuleStatus.UNMET, RuleStatus.MET, RuleStatus.SKIPPED)
_WAY = {Direction.LOOSER: "bold yellow", Direction.TIGHTER: "green", Direction.NEUTRAL: "dim"}


def show_changes(changes: Sequence[Change], out: TextIO) -> None:
    """Writes changes by object, each with its direction and reason; significant ones are marked."""
    screen = console(out)
    if not changes:
        paragraph(screen, "No entry that can be read, and no policy file, is changed.")
        return
    shown = ""
    for change in changes:
        if change.key != shown:
            shown = change.key
            at = f"  {plain(change.at.path)}:{change.at.line}" if change.at else ""
            paragraph(screen, (plain(shown.replace("/", " ", 1)), "bold"), (at, "dim"))
        mark = "significant" if change.significant else str(change.direction)
        star = "* " if change.significant else "  "
        paragraph(screen, star, (f"{mark:<11} ", _WAY[change.direction]), plain(change_words(change)), indent=2)
        paragraph(screen, plain(change.why), style="dim", indent=16)
    wanted = sum(change.significant for change in changes)
    looser = sum(change.is_looser for change in changes)
    paragraph(screen, f"{count_words(len(changes), 'change')}: {looser} looser, {wanted} significant.")


def show_verdict(verdict: Verdict, gate_input: GateInput, out: TextIO) -> None:
    """Writes the verdict with its rules and next steps, then re-assessments that merging would open."""
    screen = console(out)
    if verdict.passes:
        paragraph(screen, ("Ready to merge", "bold green"))
    else:
        enforces = gate_input.assessment_input.register.enforces
        state = "Blocked" if enforces else "Would be blocked in mode enforce"
        paragraph(screen, (state, "bold red"), f": {plain(verdict.tree.why)}")
    if verdict.overridden:
        paragraph(screen, f"Overridden by {plain(verdict.overridden)}", style="yellow")
    for step in next_steps(verdict, gate_input):
        _show_step(step, screen)
    if verdict.tree.children:
        paragraph(screen, "Why:", style="bold")
    # What blocks comes first, and what does not last.
    for node in sorted(verdict.tree.children, key=lambda node: _ORDER.index(node.status)):
        show_node(node, 2, screen, with_steps=False)
    for opening in verdict.openings:
        where = "" if opening.cell == "*" else f" for {opening.cell}"
        when = "before the merge" if opening.fired.before_change else "after the merge"
        paragraph(
            screen, f"opens {when}: {opening.subject}{where}: {plain(opening.fired.reason)}", style="cyan", indent=2
        )
    if verdict.valid_until and verdict.valid_until != gate_input.assessment_input.today:
        paragraph(screen, f"Valid until {day_words(verdict.valid_until, year=True)}; re-evaluated then.")
    proposal = gate_input.proposal
    state = f"Base {proposal.base_commit[:7]}, head {proposal.head[:7]}, ledger entry {gate_input.seq}."
    paragraph(screen, state, style="dim")
    if not proposal.people:
        text = "Not checked offline: authors, pushers, reviews, teams, and whether the base is the latest commit."
        paragraph(screen, text, style="dim")


def _show_step(step: AssignedStep, screen: Console) -> None:
    """One person, and below the commands to copy."""
    if step.who:
        paragraph(screen, (plain(step.people), "bold"), indent=2)
    for action in step.actions:
        if action.command:
            more = f"   ({plain(action.words)})" if action.words else ""
            paragraph(screen, (plain(action.command), "bold cyan"), more, indent=4)
        else:
            paragraph(screen, plain(action.sentence), indent=4)


def show_node(node: Node, indent: int, screen: Console, *, with_steps: bool = True) -> None:
    """Writes a rule with its parts, and their next steps unless they are written elsewhere."""
    mark, style = _MARK[node.status]
    name = f"{node.name}: " if node.children or indent == 2 else ""  # noqa: PLR2004 -- the first level
    paragraph(screen, (mark, style), plain(f"{name}{node.why}"), indent=indent)
    if with_steps and node.next_step and node.status in {RuleStatus.UNMET, RuleStatus.ERROR}:
        paragraph(screen, plain(node.next_step), indent=indent + 4)
    for note in node.notes:
        paragraph(screen, plain(f"does not count: {note}"), style="dim", indent=indent + 4)
    if node.status is not RuleStatus.SKIPPED and not (len(node.children) == 1 and node.children[0].why == node.why):
        for child in node.children:
            if not with_steps and node.name != SIGNED and not child.notes and child.status in {*_ORDER[:2]}:
                # The next steps have said it.
                continue
            show_node(child, indent + 4, screen, with_steps=with_steps)


def paragraph(screen: Console, *parts: str | tuple[str, str], style: str = "", indent: int | None = None) -> None:
    """Writes a paragraph, indented as a whole. A part is a text, or a text with its style.

    What others wrote comes through `plain`.
    """
    text = Text.assemble(*parts, style=style)
    if indent is None:
        screen.print(text)
        return
    for line in text.wrap(screen, max(_NARROWEST, screen.width - indent)):
        # No line ends with blanks: in a pipe they are just noise.
        line.rstrip()
        screen.print(Text(" " * indent) + line)
