"""The plan as terminal text. Untrusted text is printed as text, never as console markup."""

from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.padding import Padding
from rich.text import Text

from reassay.assessment.schedule.forecast import Step
from reassay.common.calendar import day_words, due_words
from reassay.common.inert import plain
from reassay.common.sentences import capitalised
from reassay.common.terminal import console


def show_plan(steps: Sequence[Step], heading: str, footer: Iterable[str], out: TextIO) -> None:
    """Prints the steps of a plan in order of time."""
    screen = console(out)
    screen.print(Text(heading, "bold"))
    screen.print()
    if not steps:
        screen.print("Nothing to do.")
    widest = max((len(step.subject) for step in steps), default=0)
    kinds = max((len(step.kind) + 1 for step in steps), default=0)
    for step in steps:
        due = f"  decide by {due_words(step.due, step.due_at)}" if step.due else ""
        when = f"{day_words(step.when, year=True):<17}"
        style = {"open": "green", "join": "cyan", "close": "cyan"}.get(step.kind, "bold red")
        kind = (f"{step.kind:<{max(6, kinds)}}", style)
        screen.print(Text.assemble(when, kind, (f"{step.subject:<{widest}}", "bold"), due))
        reason = plain(step.reason)
        screen.print(Padding(Text(capitalised(reason), "dim"), (0, 0, 0, 23), expand=False))
    screen.print()
    for line in footer:
        screen.print(Text(plain(line), "dim"))
