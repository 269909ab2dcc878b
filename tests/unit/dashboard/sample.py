"""A made-up dashboard with something in every field, and the same with hostile texts."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Literal, get_args, get_origin

from pydantic import BaseModel

from reassay.dashboard.values import Dashboard
from tests.unit.dashboard.sample_cells import CELLS
from tests.unit.dashboard.sample_coverage import (
    COMMITMENTS,
    DEPLOYMENTS,
    INCIDENTS,
    LANGUAGES,
    LAYERS,
    SERIES,
    STANDARDS,
    TIMELINE,
)
from tests.unit.dashboard.sample_subjects import DUTIES, PROBLEMS, SUBJECTS
from tests.unit.dashboard.sample_values import AT, COMMIT, TODAY, URL, in_days
from tests.unit.dashboard.sample_verdicts import VERDICTS


@cache
def sample() -> Dashboard:
    """A small lab on a Monday: overdue, ordered, unreadable and blind things beside current ones."""
    return Dashboard(
        repository="example-lab/framework",
        url=URL,
        source="41.github.com",
        commit=COMMIT,
        at=AT,
        timezone="Europe/Berlin",
        today=TODAY,
        provenance=(
            ("Register", "commit 0df4f7d2a1b3"),
            ("Ledger", f"anchor 26:{'4c' * 32}"),
            ("Version", "reassay 0.1.0"),
        ),
        trust="Enforced: the App signs the ledger, and the check is bound to it.",
        swept=AT - timedelta(hours=2),
        problems=PROBLEMS,
        duties=DUTIES,
        cells=CELLS,
        subjects=SUBJECTS,
        series=SERIES,
        timeline=TIMELINE,
        planned_until=in_days(365),
        deployments=DEPLOYMENTS,
        layers=LAYERS,
        languages=LANGUAGES,
        standards=STANDARDS,
        commitments=COMMITMENTS,
        incident_charts=INCIDENTS,
        incident_charts_left_out=2,
        verdicts=VERDICTS,
    )


@cache
def empty() -> Dashboard:
    """A repository without anything."""
    return Dashboard(repository="example-lab/empty", at=AT, timezone="UTC", today=TODAY, provenance=())


KEPT = frozenset({"Dashboard.timezone"})
"""Texts that are no data of strangers: the time zone is checked when the configuration is read."""

POISON = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><style>*{display:none}</style>",
    "javascript:alert(1)//https://evil.example/\" onmouseover=alert(1) x='",
    "\u202egnp.exe\u2066\u200b\u200d\ufeff\x00\x1b[31m",
    "](javascript:alert(1)) [x](https://evil.example) ![x](https://evil.example/i.svg) @everyone | `$x$` {{ 7 * 7 }} {% raw %}",
    "../../../etc/passwd?#%2e%2e/ & &amp; &#106; --> ]]> \r\nSet-Cookie: x=y",
)
LONG_WORD = "W" * 10_000


def with_texts(value: Dashboard, change: Callable[[str, str], str]) -> Dashboard:
    """The dashboard with `change(field, text)` for each of its texts; the field is `Class.field`. Choices, dates and numbers stay."""
    return _changed(value, "Dashboard", change)  # type: ignore[return-value]


def _changed(value: object, field: str, change: Callable[[str, str], str]) -> object:
    if isinstance(value, BaseModel):
        fields = {}
        for name, info in type(value).model_fields.items():
            own, where = getattr(value, name), f"{type(value).__name__}.{name}"
            is_choice = get_origin(info.annotation) is Literal and bool(get_args(info.annotation))
            fields[name] = own if is_choice or where in KEPT else _changed(own, where, change)
        return type(value).model_validate(fields)
    if isinstance(value, tuple):
        return tuple(_changed(item, field, change) for item in value)
    return change(field, value) if isinstance(value, str) else value


@cache
def hostile() -> Dashboard:
    """The sample with hostile words in every text. Equal texts stay equal, so that ids still refer; each field has a long word once."""
    texts: dict[str, str] = {}
    long_in: set[str] = set()

    def poisoned(field: str, text: str) -> str:
        if text not in texts:
            word = "" if field in long_in else LONG_WORD
            texts[text] = f"{''.join(POISON)}{word} {text}"
            long_in.add(field)
        return texts[text]

    return with_texts(sample(), poisoned)
