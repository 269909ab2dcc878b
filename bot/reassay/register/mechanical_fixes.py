"""Fixes that need no judgement: what a finding says is wrong, and the only text that can have been meant there.

Whether a fix is right is seen by reading the register again (`files/fixing.py`): it stays only if its finding is gone and no
other came.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reassay.common.meant import dates_meant, interval_meant
from reassay.register.base import NAME_PATTERN
from reassay.register.finding import Finding

_DATE_TOKEN: Final = re.compile(r"[0-9][0-9./-]*[0-9]")
_INTERVAL_TOKEN: Final = re.compile(r"[0-9]+ ?[A-Za-z]+\.?")
_KEY_TOKEN: Final = re.compile(r"[A-Za-z_-]+")
_LOGIN_TOKEN: Final = re.compile(r"@([A-Za-z0-9-]+)(?=[\s,\]}'\"]|$)")
_KEY_BEFORE: Final = re.compile(r"([A-Za-z_]+)['\"]?\s*:\s*(?:\[[^\]]*)?$")
_NAME_KEYS: Final = frozenset(
    {"owner", "assessor", "assessors", "role", "roles", "users", "on_call", "override", "escalate_to", "from", "to"}
)
"""Keys whose value is an account or a role, so that a text with an @ before it can only mean that."""
_MEANT: Final = re.compile(r"Did you mean '([A-Za-z_-]+)'\?")
TAB_WIDTHS: Final = (2, 4, 8)
"""Columns for which a tab of indentation may stand."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement inside a line."""

    line: int
    """From 1."""
    column: int
    """From 1, in characters."""
    before: str
    after: str

    def applied(self, text: str) -> str:
        """The line with the replacement. Raises ValueError if it does not hold `before` at that place."""
        start = self.column - 1
        if not text.startswith(self.before, start):
            raise ValueError(f"line {self.line} has changed")
        return f"{text[:start]}{self.after}{text[start + len(self.before) :]}"


Fix = tuple[Edit, ...]
"""Edits that belong together."""


def fixes_of(finding: Finding, lines: Sequence[str]) -> tuple[Fix, ...]:
    """The fixes that a finding may have, of which one is right if only one stays; empty where a person has to decide."""
    if not 0 < finding.at.line <= len(lines):
        return ()
    fixes = _FIXES.get(finding.code)
    return tuple(fixes(finding, lines)) if fixes else ()


def _date(finding: Finding, lines: Sequence[str]) -> Iterator[Fix]:
    token = _token(_DATE_TOKEN, finding, lines)
    days = dates_meant(token) if token else ()
    if len(days) == 1:
        yield (_edit(finding, token, days[0].isoformat(), lines),)


def _interval(finding: Finding, lines: Sequence[str]) -> Iterator[Fix]:
    token = _token(_INTERVAL_TOKEN, finding, lines)
    if token and (meant := interval_meant(token)):
        yield (_edit(finding, token, meant, lines),)


def _name(finding: Finding, lines: Sequence[str]) -> Iterator[Fix]:
    line, start = lines[finding.at.line - 1], _start(finding, lines)
    match = _LOGIN_TOKEN.match(line, start)
    if match and re.fullmatch(NAME_PATTERN, match[1]):
        yield (Edit(finding.at.line, start + 1, "@", ""),)


def _syntax(finding: Finding, lines: Sequence[str]) -> Iterator[Fix]:
    line = lines[finding.at.line - 1]
    key = _KEY_BEFORE.search(line[: finding.at.column - 1])
    if key and key[1] in _NAME_KEYS:
        yield from _name(finding, lines)
    if "tab" in finding.message:
        indented = [(number, text) for number, text in enumerate(lines, 1) if "\t" in _indent(text)]
        for width in TAB_WIDTHS:
            yield tuple(Edit(number, 1, _indent(text), _indent(text).expandtabs(width)) for number, text in indented)


def _key(finding: Finding, lines: Sequence[str]) -> Iterator[Fix]:
    token, meant = _token(_KEY_TOKEN, finding, lines), _MEANT.match(finding.remedy)
    if token and meant and is_slip(token, meant[1]):
        yield (_edit(finding, token, meant[1], lines),)


def is_slip(wrong: str, right: str) -> bool:
    """Whether a word differs by one slip of the finger: a letter too many, too few or wrong, or two neighbours swapped."""
    if wrong == right:
        return False
    short, long = sorted((wrong, right), key=len)
    at = next((index for index, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short))
    if len(long) - len(short) == 1:
        return short[at:] == long[at + 1 :]
    if len(long) != len(short):
        return False
    is_swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or is_swapped


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" \t"))]


def _start(finding: Finding, lines: Sequence[str]) -> int:
    """The index in its line at which the value begins, after a quotation mark."""
    start = finding.at.column - 1
    return start + (lines[finding.at.line - 1][start : start + 1] in {"'", '"'})


def _token(pattern: re.Pattern[str], finding: Finding, lines: Sequence[str]) -> str:
    """The word at a finding's place, if it is the whole value; empty otherwise."""
    line, start = lines[finding.at.line - 1], _start(finding, lines)
    match = pattern.match(line, start)
    ends = match and (match.end() == len(line) or line[match.end()] in " \t,]}:'\"")
    return match[0] if match and ends else ""


def _edit(finding: Finding, before: str, after: str, lines: Sequence[str]) -> Edit:
    return Edit(finding.at.line, _start(finding, lines) + 1, before, after)


_FIXES: Final[Mapping[str, Callable[[Finding, Sequence[str]], Iterator[Fix]]]] = {
    "not-a-date": _date,
    "not-a-duration": _interval,
    "bad-name": _name,
    "yaml-syntax": _syntax,
    "unknown-key": _key,
}
"""By code of a finding."""
