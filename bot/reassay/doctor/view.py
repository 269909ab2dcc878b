"""The doctor's findings for a terminal and for programs."""

from collections.abc import Sequence
from typing import TextIO

from rich.padding import Padding
from rich.text import Text

from reassay.common.inert import plain
from reassay.common.json_text import to_json
from reassay.common.terminal import console
from reassay.doctor.checks import Check

_STYLE = {"weak": "bold red", "unknown": "bold magenta", "ok": "green"}
_ORDER = ("weak", "unknown", "ok")


def show(repository: str, viewer: str, checks: Sequence[Check], out: TextIO) -> None:
    """Prints weak checks with their meaning and fix, then unknown ones, then those that are ok."""
    screen = console(out)
    counts = ", ".join(f"{sum(check.standing == word for check in checks)} {word}" for word in _ORDER)
    screen.print(Text.assemble((f"{repository}", "bold"), f", checked as {viewer}: {counts}"))
    for word in _ORDER:
        own = [check for check in checks if check.standing == word]
        if own:
            screen.print()
            screen.print(Text(word, _STYLE[word]))
        for check in own:
            screen.print(Padding(Text(f"{plain(check.what)} ({check.id})"), (0, 0, 0, 2)))
            for line in filter(None, [check.means, check.mend and f"Fix: {check.mend}"]):
                screen.print(Padding(Text(plain(line), "dim" if line == check.means else ""), (0, 0, 0, 6)))


def document(repository: str, viewer: str, checks: Sequence[Check]) -> str:
    """Document `reassay/doctor/v1`."""
    rows = [
        {"id": check.id, "standing": check.standing, "what": check.what, "means": check.means, "mend": check.mend}
        for check in checks
    ]
    return to_json({"schema": "reassay/doctor/v1", "repository": repository, "viewer": viewer, "checks": rows})
