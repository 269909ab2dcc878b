"""`index.html` and `README.txt` of a pack. The page loads nothing and needs no script."""

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
from reassay.audit.figures import AuditFigures
from reassay.audit.obligations import OUTCOMES
from reassay.audit.placement import TABLES_OF
from reassay.audit.sample import METHOD
from reassay.audit.views.manifest import PackContent
from reassay.audit.views.tables import STAND_OUT, Table, table
from reassay.common.calendar import day_words, span_words
from reassay.common.environment import templates_folder
from reassay.common.inert import plain
from reassay.common.sentences import capitalised
from reassay.ledger.criterion_result import Basis
from reassay.ledger.entry import Decision, basis_word

KINDS = (
    "extension",
    "override",
    "self-assessed decision",
    "imported anchor",
    "correction",
    "bypass",
    "protection change",
    "unreadable",
    "outage",
    "containment",
    "waiver",
    "risk acceptance",
    "risk acceptance (register)",
    "snooze",
    "dissent",
    "dissent on a pull request",
    "hold",
    "hold on a pull request",
    "side exit",
    "unsigned entries",
    "untrusted entries",
    "unknown entries",
    "role change",
    "policy change",
    "key change",
)
"""Kinds of exception in the order of the page; other kinds follow. Only those that occurred are listed."""


@dataclass(frozen=True, slots=True)
class Count:
    """One line of a summary: a name and its number."""

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
    """Untrusted text without invisible characters and direction marks; markup of our own is not changed."""
    return value if isinstance(value, Markup | int) else plain(str(value))


def _day(day: date) -> str:
    return day_words(day, year=True)


def _lines(text: str) -> Markup:
    """Several lines of untrusted text, escaped, with spaces kept and invisible characters removed."""
    return Markup("\n").join(
        "".join(character for character in line if character.isprintable()) for line in text.splitlines()
    )


def page(pack: PackContent) -> bytes:
    """The bytes of `index.html`."""
    template = _environment(escapes=True).get_template("page.html.j2")
    text: str = template.render(**_values(pack))
    return text.encode("utf-8", "replace")


def readme(pack: PackContent) -> bytes:
    """The bytes of `README.txt`, without any text of register or ledger, because its commands are meant to be copied."""
    template = _environment(escapes=False).get_template("readme.txt.j2")
    parameters = pack.parameters
    options = [f" --anchor {anchor}" for anchor in parameters.anchors]
    options += [f" --trusted-key {key}" for key in parameters.trusted_keys]
    text: str = template.render(
        pack=pack, outcomes=OUTCOMES, method=METHOD, placement=TABLES_OF, verify_options="".join(options)
    )
    return text.encode("utf-8", "replace")


def _values(pack: PackContent) -> Mapping[str, object]:
    figures = pack.figures
    return {
        "pack": pack,
        "figures": figures,
        "period": pack.parameters.period,
        "method": METHOD,
        "stand_out": STAND_OUT,
        "states": [
            (state, figures.counts["cells_from"].get(state, 0), figures.counts["cells_to"].get(state, 0))
            for state in State
            if state in {*figures.counts["cells_from"], *figures.counts["cells_to"]}
        ],
        "changes": table("changes", "Pull requests and pushes of the period", figures.changes),
        "populations": _populations(pack),
        "outcomes": [
            Count(name, number, text)
            for name, text in OUTCOMES.items()
            if (number := figures.counts["obligations"].get(name, 0))
        ],
        "obligations": _obligations(figures),
        "bases": _bases(figures),
        "decisions": table("decisions", "Decisions of the period", figures.decisions),
        "corrected": sum(bool(row.corrections) for row in figures.decisions),
        "kinds": _kinds(figures.exceptions),
        "exceptions": list(_exceptions(figures.exceptions)),
        "sign_offs": table("sign_offs", "Sign-offs of the period", figures.sign_offs),
        "minutes": _minutes(figures),
        "follow_ups": table("follow_ups", "Follow-ups promised until the end of the period", figures.follow_ups),
        "roles": _roles(pack),
        "runs": table("runs", "Evaluation runs of the period", figures.runs) if figures.runs else None,
        "sample": table("sample", "The sample", figures.sample),
        "later": figures.counts["entries"]["after it, in no figure"],
    }


def _populations(pack: PackContent) -> list[Table]:
    rows = pack.figures.population
    period = pack.parameters.period
    reach = pack.covered_until
    forecast = (
        f" (forecast: the ledger reaches to {_day(reach)})" if reach else " (forecast: not covered by the ledger)"
    )
    return [
        table(
            "population",
            f"At the end of {_day(day)}{forecast if reach is None or reach < day else ''}",
            [row for row in rows if row.side == side],
        )
        for side, day in (("to", period.end), ("from", period.start))
    ]


def _obligations(figures: AuditFigures) -> list[Table]:
    fine = [row for row in figures.obligations if row.outcome == "on time"]
    rest = [row for row in figures.obligations if row.outcome != "on time"]
    return [table("obligations", "Not on time", rest), table("obligations", "On time", fine)]


def _bases(figures: AuditFigures) -> list[tuple[str, list[int], int]]:
    """Basis, number of each decision, and number of self-assessed ones."""
    pairs = Counter((row.basis, row.decision) for row in figures.decisions)
    alone = Counter(row.basis for row in figures.decisions if row.self_assessed)
    return [
        (basis, [pairs[basis, decision] for decision in Decision.__args__], alone[basis])  # type: ignore[attr-defined] # of a Literal
        for basis in dict.fromkeys(map(basis_word, Basis.__args__))  # type: ignore[attr-defined] # same
        if any(row.basis == basis for row in figures.decisions)
    ]


def _kinds(rows: Sequence[ExceptionRow]) -> list[Count]:
    counted = Counter(row.kind for row in rows)
    order = (*KINDS, *sorted(counted.keys() - set(KINDS)))
    return [Count(kind, counted[kind]) for kind in order if counted[kind]]


def _exceptions(rows: Sequence[ExceptionRow]) -> Iterator[Table]:
    for kind in _kinds(rows):
        own = [row for row in rows if row.kind == kind.name]
        yield table("exceptions", f"{capitalised(kind.name)}: {len(own)}", own)


def _minutes(figures: AuditFigures) -> tuple[str, ...] | None:
    """Shortest, median and longest time between opening and signing."""
    every = [row.minutes for row in figures.sign_offs if row.minutes is not None]
    spans = (min(every), median_low(every), max(every)) if every else ()
    return tuple(span_words(timedelta(minutes=minutes)) for minutes in spans) or None


def _roles(pack: PackContent) -> list[Table]:
    period = pack.parameters.period
    return [
        table(
            "roles",
            f"At the end of {_day(day)}",
            [row for row in pack.figures.roles if row.side == side],
        )
        for side, day in (("to", period.end), ("from", period.start))
    ]
