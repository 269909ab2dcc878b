"""Changes and verdicts in a terminal."""

from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from reassay.changes.base import Change, Direction
from reassay.changes.words import change_words
from reassay.common.inert import plain
from reassay.common.terminal import console
from reassay.gate.input import GateInput
from reassay.gate.verdict import Node, Status, Verdict

_MARK = {
    Status.MET: ("yes ", "green"),
    Status.UNMET: ("no  ", "bold red"),
    Status.ERROR: ("?!  ", "bold red"),
    Status.SKIPPED: ("-   ", "dim"),
}
_WAY = {Direction.LOOSER: "bold yellow", Direction.TIGHTER: "green", Direction.NEUTRAL: "dim"}


def show_changes(changes: Sequence[Change], out: TextIO) -> None:
    """Object by object; what is significant is marked, with its reason."""
    screen = console(out)
    if not changes:
        _line(screen, "Nothing that the register or the policy says is changed.")
        return
    shown = ""
    for change in changes:
        if change.key != shown:
            shown = change.key
            at = f"  {plain(change.at.path)}:{change.at.line}" if change.at else ""
            _line(screen, (plain(shown.replace("/", " ", 1)), "bold"), (at, "dim"))
        mark = "significant" if change.significant else str(change.direction)
        star = "* " if change.significant else "  "
        _line(screen, star, (f"{mark:<11} ", _WAY[change.direction]), plain(change_words(change)), indent=2)
        _line(screen, plain(change.why), style="dim", indent=16)
    wanted = sum(change.significant for change in changes)
    looser = sum(change.is_looser for change in changes)
    _line(screen, f"{len(changes)} change{'s' if len(changes) != 1 else ''}: {looser} looser, {wanted} significant.")


def show_verdict(verdict: Verdict, facts: GateInput, out: TextIO) -> None:
    """The tree, with what to do; then what merging would open, and what is not known here."""
    screen = console(out)
    words = {
        "success": ("May be merged", "bold green"),
        "failure": ("Blocked", "bold red"),
        "error": ("Error, so blocked", "bold red"),
    }
    _line(screen, words[verdict.conclusion], f": {plain(verdict.tree.why)}")
    if verdict.overridden:
        _line(screen, f"Overridden by {plain(verdict.overridden)}", style="yellow")
    for node in verdict.tree.children:
        _node(node, 2, screen)
    for each in verdict.openings:
        where = "" if each.cell == "*" else f" for {each.cell}"
        when = "before the merge" if each.fired.before_change else "after the merge"
        _line(screen, f"opens {when}: {each.subject}{where}: {plain(each.fired.reason)}", style="cyan", indent=2)
    if verdict.valid_until:
        _line(screen, f"Holds until {verdict.valid_until}, then it is looked at again.")
    proposal = facts.proposal
    made = f"Base {proposal.base_commit[:7]}, head {proposal.head[:7]}, ledger entry {facts.situation.history.seq}."
    _line(screen, made, style="dim")
    if not proposal.people:
        text = "Not known here: who wrote and pushed it, reviews, teams, and whether the base is still the tip."
        _line(screen, text, style="dim")


def _node(node: Node, indent: int, screen: Console) -> None:
    mark, style = _MARK[node.status]
    name = f"{node.name}: " if node.children or indent == 2 else ""  # noqa: PLR2004 -- the first level
    _line(screen, (mark, style), plain(f"{name}{node.why}"), indent=indent)
    who = f" ({', '.join(f'@{each}' for each in node.who)})" if node.who else ""
    if node.how and node.status in {Status.UNMET, Status.ERROR}:
        _line(screen, plain(f"{node.how}{who}"), indent=indent + 4)
    for note in node.notes:
        _line(screen, plain(f"does not count: {note}"), style="dim", indent=indent + 4)
    if node.status is not Status.SKIPPED and not (len(node.children) == 1 and node.children[0].why == node.why):
        for child in node.children:
            _node(child, indent + 4, screen)


def _line(screen: Console, *parts: str | tuple[str, str], style: str = "", indent: int | None = None) -> None:
    """One line, or as many as it takes; with an indent, all of them are. A part is words, or words and their style."""
    line = Text.assemble(*parts, style=style)
    screen.print(line if indent is None else Padding(line, (0, 0, 0, indent)))
