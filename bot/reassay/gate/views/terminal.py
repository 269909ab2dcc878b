"""Changes and verdicts in a terminal."""

from collections.abc import Sequence
from typing import TextIO

from reassay.changes.base import Change, Direction
from reassay.changes.words import change_words
from reassay.common.inert import plain
from reassay.common.screen import Screen
from reassay.gate.facts import GateFacts
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
    screen = Screen(out)
    if not changes:
        screen.line("Nothing that the register or the policy says is changed.")
        return
    shown = ""
    for change in changes:
        if change.key != shown:
            shown = change.key
            at = f"  {plain(change.at.path)}:{change.at.line}" if change.at else ""
            screen.line((plain(shown.replace("/", " ", 1)), "bold"), (at, "dim"))
        mark = "significant" if change.significant else str(change.direction)
        star = "* " if change.significant else "  "
        screen.line(star, (f"{mark:<11} ", _WAY[change.direction]), plain(change_words(change)), indent=2)
        screen.line(plain(change.why), style="dim", indent=16)
    wanted = sum(change.significant for change in changes)
    looser = sum(change.is_looser for change in changes)
    screen.line(f"{len(changes)} change{'s' if len(changes) != 1 else ''}: {looser} looser, {wanted} significant.")


def show_verdict(verdict: Verdict, facts: GateFacts, out: TextIO) -> None:
    """The tree, with what to do; then what merging would open, and what is not known here."""
    screen = Screen(out)
    words = {
        "success": ("May be merged", "bold green"),
        "failure": ("Blocked", "bold red"),
        "error": ("Error, so blocked", "bold red"),
    }
    screen.line(words[verdict.conclusion], f": {plain(verdict.tree.why)}")
    if verdict.overridden:
        screen.line(f"Overridden by {plain(verdict.overridden)}", style="yellow")
    for node in verdict.tree.children:
        _node(node, 2, screen)
    for each in verdict.openings:
        where = "" if each.cell == "*" else f" for {each.cell}"
        when = "before the merge" if each.fired.before_change else "after the merge"
        screen.line(f"opens {when}: {each.subject}{where}: {plain(each.fired.reason)}", style="cyan", indent=2)
    if verdict.valid_until:
        screen.line(f"Holds until {verdict.valid_until}, then it is looked at again.")
    proposal = facts.proposal
    made = f"Base {proposal.base_commit[:7]}, head {proposal.head[:7]}, ledger entry {facts.situation.history.seq}."
    screen.line(made, style="dim")
    if not proposal.people:
        text = "Not known here: who wrote and pushed it, reviews, teams, and whether the base is still the tip."
        screen.line(text, style="dim")


def _node(node: Node, indent: int, screen: Screen) -> None:
    mark, style = _MARK[node.status]
    name = f"{node.name}: " if node.children or indent == 2 else ""  # noqa: PLR2004 -- the first level
    screen.line((mark, style), plain(f"{name}{node.why}"), indent=indent)
    who = f" ({', '.join(f'@{each}' for each in node.who)})" if node.who else ""
    if node.how and node.status in {Status.UNMET, Status.ERROR}:
        screen.line(plain(f"{node.how}{who}"), indent=indent + 4)
    for note in node.notes:
        screen.line(plain(f"does not count: {note}"), style="dim", indent=indent + 4)
    if node.status is not Status.SKIPPED and not (len(node.children) == 1 and node.children[0].why == node.why):
        for child in node.children:
            _node(child, indent + 4, screen)
