"""`index.html` and `README.txt`: what stands in a pack, for people. The page loads nothing and needs no script."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from statistics import median_low

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reassay.assessment.cells import State
from reassay.audit.exceptions import ExceptionRow
from reassay.audit.figures import Figures
from reassay.audit.obligations import OUTCOMES
from reassay.audit.sample import METHOD
from reassay.audit.views.made import Made
from reassay.audit.views.tables import STAND_OUT, Table, table
from reassay.common.calendar import day_words, span_words
from reassay.common.environment import templates_folder
from reassay.common.inert import plain
from reassay.ledger.entry import Basis, Decision

KINDS = (
    "extension",
    "override",
    "self-assessed decision",
    "imported anchor",
    "correction",
    "bypass",
    "outage",
    "containment",
    "waiver",
    "risk acceptance",
    "risk acceptance (register)",
    "snooze",
    "dissent",
    "hold",
    "side exit",
    "unsigned entries",
    "untrusted entries",
    "unknown entries",
    "role change",
    "policy change",
    "key change",
)
"""Kinds of exception that the page names even where there is none; others follow."""


@dataclass(frozen=True, slots=True)
class Count:
    """A figure of a summary."""

    name: str
    number: int
    means: str = ""


@cache
def _environment(*, escapes: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_folder() / "audit"),
        autoescape=escapes,  # noqa: S701 -- off for README.txt alone, which is plain text
        undefined=StrictUndefined,
        finalize=_one_line if escapes else None,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"day": _day, "lines": _lines}
    return environment


def _one_line(value: object) -> object:
    """Nothing invisible and no other direction of writing gets in; what is ours already stays as it is."""
    return value if isinstance(value, Markup | int) else plain(str(value))


def _day(day: date) -> str:
    return day_words(day, year=True)


def _lines(text: str) -> Markup:
    """Several lines of untrusted text, escaped, with their spaces and without anything invisible."""
    return Markup("\n").join("".join(each for each in line if each.isprintable()) for line in text.splitlines())


def page(made: Made) -> bytes:
    """`index.html`."""
    template = _environment(escapes=True).get_template("page.html.j2")
    text: str = template.render(**_values(made))
    return text.encode("utf-8", "replace")


def readme(made: Made) -> bytes:
    """`README.txt`: no text of register or ledger gets into it, because its commands are there to be copied."""
    template = _environment(escapes=False).get_template("readme.txt.j2")
    text: str = template.render(made=made, outcomes=OUTCOMES, method=METHOD)
    return text.encode("utf-8", "replace")


def _values(made: Made) -> Mapping[str, object]:
    found = made.figures
    return {
        "made": made,
        "figures": found,
        "period": made.parameters.period,
        "method": METHOD,
        "stand_out": STAND_OUT,
        "states": [
            (state, found.counts["cells_from"].get(state, 0), found.counts["cells_to"].get(state, 0)) for state in State
        ],
        "populations": _populations(made),
        "outcomes": [Count(name, found.counts["obligations"].get(name, 0), text) for name, text in OUTCOMES.items()],
        "obligations": _obligations(found),
        "bases": _bases(found),
        "decisions": table("decisions", "Decisions of the period", found.decisions),
        "corrected": sum(bool(row.corrections) for row in found.decisions),
        "kinds": _kinds(found.exceptions),
        "exceptions": list(_exceptions(found.exceptions)),
        "sign_offs": table("sign_offs", "Signatures given in the period", found.sign_offs),
        "minutes": _minutes(found),
        "follow_ups": table("follow_ups", "Everything promised until the end of the period", found.follow_ups),
        "roles": _roles(made),
        "sample": table("sample", "The sample", found.sample),
        "later": found.counts["entries"]["after it, in no figure"],
    }


def _populations(made: Made) -> list[Table]:
    rows = made.figures.population
    period = made.parameters.period
    return [
        table("population", f"At the end of {_day(day)}", [row for row in rows if row.side == side])
        for side, day in (("to", period.end), ("from", period.start))
    ]


def _obligations(found: Figures) -> list[Table]:
    fine = [row for row in found.obligations if row.outcome == "on time"]
    rest = [row for row in found.obligations if row.outcome != "on time"]
    return [table("obligations", "All that were not simply on time", rest), table("obligations", "On time", fine)]


def _bases(found: Figures) -> list[tuple[str, list[int], int]]:
    """For each basis: how many of each decision, and how many of them self-assessed."""
    pairs = Counter((row.basis, row.decision) for row in found.decisions)
    alone = Counter(row.basis for row in found.decisions if row.self_assessed)
    return [
        (basis, [pairs[basis, decision] for decision in Decision.__args__], alone[basis])  # type: ignore[attr-defined] # of a Literal
        for basis in Basis.__args__  # type: ignore[attr-defined] # same
    ]


def _kinds(rows: Sequence[ExceptionRow]) -> list[Count]:
    counted = Counter(row.kind for row in rows)
    return [Count(kind, counted[kind]) for kind in (*KINDS, *sorted(counted.keys() - set(KINDS)))]


def _exceptions(rows: Sequence[ExceptionRow]) -> Iterator[Table]:
    for kind in _kinds(rows):
        own = [row for row in rows if row.kind == kind.name]
        if own:
            yield table("exceptions", f"{kind.name[:1].upper()}{kind.name[1:]}: {len(own)}", own)


def _minutes(found: Figures) -> tuple[str, ...] | None:
    """Shortest, median and longest time between opening and signing."""
    every = [row.minutes for row in found.sign_offs]
    spans = (min(every), median_low(every), max(every)) if every else ()
    return tuple(span_words(timedelta(minutes=each)) for each in spans) or None


def _roles(made: Made) -> list[Table]:
    period = made.parameters.period
    return [
        table(
            "roles",
            f"At the end of {_day(day)}",
            [row for row in made.figures.roles if row.side == side],
        )
        for side, day in (("to", period.end), ("from", period.start))
    ]
