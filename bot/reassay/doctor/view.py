"""The doctor's findings for a terminal and for programs."""

from collections.abc import Sequence
from textwrap import wrap
from typing import TextIO

from rich.console import Console
from rich.text import Text

from reassay.common.inert import plain
from reassay.common.json_text import to_json
from reassay.common.terminal import console
from reassay.doctor.checks import Check
from reassay.doctor.checks.base import IMPORT

_STYLE = {"weak": "bold red", "unknown": "bold magenta", "ok": "green"}
_ORDER = ("weak", "unknown", "ok")
_HOW = (
    "To import a ruleset: save what 'reassay doctor --repo {repository} --ruleset default' prints (or '--ruleset ledger'), then"
    " open Settings, Rules, Rulesets, New ruleset, Import a ruleset."
)


def show(repository: str, viewer: str, checks: Sequence[Check], out: TextIO) -> None:
    """Prints the checks of a repository."""
    show_checks(repository, f"checked as {viewer}", checks, out)
    if any(check.standing != "ok" and IMPORT in check.mend for check in checks):
        screen = console(out)
        screen.print()
        _print(screen, plain(_HOW.format(repository=repository)), 0)


def show_checks(subject: str, how: str, checks: Sequence[Check], out: TextIO) -> None:
    """Prints weak checks with their meaning and fix, then unknown ones, then those that are ok."""
    screen = console(out)
    counts = ", ".join(f"{sum(check.standing == word for check in checks)} {word}" for word in _ORDER)
    screen.print(Text.assemble((subject, "bold"), f", {how}: {counts}"))
    for word in _ORDER:
        own = [check for check in checks if check.standing == word]
        if own:
            screen.print()
            screen.print(Text(word, _STYLE[word]))
        for check in own:
            _print(screen, f"{plain(check.what)} ({check.id})", 2)
            for line in filter(None, [check.means, check.mend and f"Fix: {check.mend}"]):
                _print(screen, plain(line), 6, "dim" if line == check.means else "")


def _print(screen: Console, text: str, indent: int, style: str = "") -> None:
    """Prints a text with an indent, and without blanks behind it."""
    for line in wrap(text, screen.width - indent, break_long_words=False, break_on_hyphens=False):
        screen.print(Text(f"{' ' * indent}{line}", style), soft_wrap=True)


def document(repository: str, viewer: str, checks: Sequence[Check]) -> str:
    """Document `reassay/doctor/v1`."""
    return to_json({"schema": "reassay/doctor/v1", "repository": repository, "viewer": viewer, "checks": _rows(checks)})


def server_document(server: str, checks: Sequence[Check]) -> str:
    """Document `reassay/server-checks/v1`."""
    return to_json({"schema": "reassay/server-checks/v1", "server": server, "checks": _rows(checks)})


def _rows(checks: Sequence[Check]) -> list[dict[str, str]]:
    return [
        {"id": check.id, "standing": check.standing, "what": check.what, "means": check.means, "mend": check.mend}
        for check in checks
    ]
