"""The page of a verdict: what is missing first, then what if, rows, rules and changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from reassay.common.calendar import day_words
from reassay.dashboard.verdict_values import DashboardVerdict, VerdictRule, WhatIf
from reassay.dashboard.views.state_words import CONCLUSIONS, ToneWords, tone_words
from reassay.dashboard.what_if_words import done_words

_BLOCKING = frozenset({"unmet", "error"})
_RULES = {
    "met": ToneWords("Met", "good"),
    "unmet": ToneWords("Not met", "bad"),
    "skipped": ToneWords("Does not apply", "quiet"),
    "error": ToneWords("Cannot be judged", "bad"),
}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A leaf of the verdict with its mark."""

    rule: VerdictRule
    status: ToneWords


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    """One group of people, and the verdict if they acted."""

    what_if: WhatIf
    anchor: str
    group: str
    """Numbers of its people among `VerdictPage.people`, ascending: `0-2`."""
    conclusion: ToneWords
    done: str


@dataclass(frozen=True, slots=True)
class VerdictPage:
    """A verdict with its words."""

    verdict: DashboardVerdict
    conclusion: ToneWords
    notes: tuple[str, ...]
    """What limits the verdict, each a sentence."""
    blocking: tuple[RuleLine, ...]
    others: tuple[RuleLine, ...]
    people: tuple[str, ...]
    """Everybody in a what-if, in the order in which they act."""
    what_if: tuple[WhatIfRow, ...]
    is_complete: bool
    """Whether every group of these people was computed, so that people can be chosen one by one."""
    enough: tuple[WhatIfRow, ...]
    """The smallest groups after which it would be ready to merge."""
    all_of_them: WhatIfRow | None
    """All people together; None if nobody may sign anything that is missing."""


def verdict_page(verdict: DashboardVerdict) -> VerdictPage:
    """A verdict as its page shows it."""
    people = _people(verdict.what_if)
    rows = tuple(_row(what_if, people) for what_if in verdict.what_if)
    rules = [RuleLine(rule, tone_words(_RULES, rule.status)) for rule in verdict.rules]
    return VerdictPage(
        verdict=verdict,
        conclusion=tone_words(CONCLUSIONS, verdict.conclusion),
        notes=tuple(_notes(verdict)),
        blocking=tuple(line for line in rules if line.rule.status in _BLOCKING),
        others=tuple(line for line in rules if line.rule.status not in _BLOCKING),
        people=people,
        what_if=rows,
        is_complete=len(people) > 1 and len(rows) == 2 ** len(people) - 1,
        enough=_smallest([row for row in rows if row.what_if.conclusion == "success"]),
        all_of_them=next((row for row in rows if len(row.what_if.people) == len(people)), None),
    )


def _people(groups: Sequence[WhatIf]) -> tuple[str, ...]:
    """The people of the largest group, which has all of them, then whoever is in another."""
    largest = max(groups, key=lambda group: len(group.people), default=None)
    every = [login for group in ([largest, *groups] if largest else ()) for login in group.people]
    return tuple(dict.fromkeys(every))


def _row(what_if: WhatIf, people: Sequence[str]) -> WhatIfRow:
    numbers = sorted(people.index(login) for login in what_if.people)
    group = "-".join(str(number) for number in numbers)
    words = tone_words(CONCLUSIONS, what_if.conclusion)
    return WhatIfRow(what_if, f"what-if-{group}", group, words, done_words(what_if))


def _smallest(rows: Sequence[WhatIfRow]) -> tuple[WhatIfRow, ...]:
    """Groups of which no part is enough."""
    groups = [set(row.what_if.people) for row in rows]
    return tuple(row for row, group in zip(rows, groups, strict=True) if not any(other < group for other in groups))


def _notes(verdict: DashboardVerdict) -> list[str]:
    notes = []
    if verdict.overridden:
        notes.append(f"Overridden by {verdict.overridden.rstrip('.')}.")
    if not verdict.enforces:
        notes.append("The gate only advises here: it does not block the merge.")
    if verdict.is_offline:
        notes.append("Authors, pushers, reviews and teams were not read, so who is excluded is not known.")
    if verdict.valid_until:
        notes.append(f"Valid until {day_words(verdict.valid_until, year=True)}; judged again then.")
    return notes
