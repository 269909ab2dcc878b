"""Pinned names: `red-team-lead#1003` is the account 1003, whoever has that login later; `example-lab/board#77` is team 77."""

import re

from reassay.register.base import NAME_PATTERN

_NUMBER = r"(?:#[1-9][0-9]{0,17})?"
LOGIN_PATTERN = rf"^{NAME_PATTERN.strip('^$')}{_NUMBER}$"
TEAM_PATTERN = rf"^[A-Za-z0-9](?:[A-Za-z0-9-]{{0,38}})/[A-Za-z0-9][A-Za-z0-9._-]*{_NUMBER}$"
LONGEST_PIN = 19
"""Characters of a `#` and a number."""
_PIN = re.compile(r"#(?P<number>[1-9][0-9]*)$")


def bare(name: str) -> str:
    """A login, role or team without its number."""
    return name.partition("#")[0]


def pinned(name: str) -> int | None:
    """The account or team id that a name is pinned to; None for a name without number."""
    match = _PIN.search(name)
    return int(match["number"]) if match else None
