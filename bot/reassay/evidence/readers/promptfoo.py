"""promptfoo's JSON output (`-o out.json`), evaluations and red teams, formats 2 and 3.

Rows are counted one by one. promptfoo's own totals only serve to see whether rows are missing, and its rates are never read.
"""

from dataclasses import dataclass, field
from typing import Final

from reassay.evidence.readers.base import EvidenceReader, ResultFile, ResultOptions, UnreadableResultError, digest_of
from reassay.evidence.readers.json_stream import ItemList, Shape, picked, picked_of_head
from reassay.evidence.readers.json_values import Json, at, count_at, list_at, object_at, text_at
from reassay.evidence.readers.names import instant_of, name_of
from reassay.evidence.readers.problem_list import ProblemList
from reassay.evidence.readers.promptfoo_row import PromptfooRow, RowOutcome, read_row, row_shape
from reassay.evidence.readers.slice_pool import SlicePool
from reassay.evidence.readers.tally import Tally, TallyList
from reassay.evidence.reading import OutcomeDirection, Reading

NAME: Final = "promptfoo"
SUCCESS: Final = "success"
"""The metric of an evaluation: whether a test passed."""
RED_TEAM: Final = "red-team"
"""The metric of a red team: a test that failed is an attack that succeeded."""
_VERSIONS: Final = {2, 3}
_DIRECTIONS: Final = {
    RED_TEAM: OutcomeDirection(undesired="attack_success", adverse=("failed",), not_adverse=("passed",)),
    "": OutcomeDirection(undesired="failure", adverse=("failed",), not_adverse=("passed",)),
}
_METRICS: Final = ("testPassCount", "testFailCount", "testErrorCount")


@dataclass
class _Rows:
    """Counts of all rows, by provider and metric."""

    options: ResultOptions
    variable: str | None = None
    tallies: TallyList = field(default_factory=TallyList)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Key of a tally -> provider and metric."""
    problems: ProblemList = field(default_factory=ProblemList)
    stated: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("successes", "failures", "errors"), 0))
    """Rows by what promptfoo itself counts them as."""
    unscored: dict[tuple[str, str], int] = field(default_factory=dict)
    """Provider and reason -> rows."""
    needs_variable: bool = False
    pool: SlicePool = field(default_factory=SlicePool)

    def take(self, item: Json) -> None:
        """Counts a row."""
        if not isinstance(item, dict):
            self.problems.add("a row of the results is no object")
            return
        row = read_row(item, self.options, self.variable)
        errored = item.get("failureReason") == 2 or (row.outcome is RowOutcome.ERRORED)  # noqa: PLR2004 -- promptfoo's ERROR
        self.stated["errors" if errored else "successes" if item.get("success") is True else "failures"] += 1
        self.needs_variable |= row.needs_variable
        if row.has_open_metric:
            self.problems.add(
                "a test was not graded, and the name of its metric is a template that is not understood here: it is missing there"
            )
        if row.is_contradictory:
            self.problems.add("a row says both that its test passed and that it failed")
        if row.why_unscored:
            place = (row.provider, row.why_unscored)
            self.unscored[place] = self.unscored.get(place, 0) + 1
        self._add(row, RED_TEAM if row.is_red_team else SUCCESS, row.outcome)
        for metric, outcome in row.named.items():
            self._add(row, f"{metric} (named)" if metric in {SUCCESS, RED_TEAM} else metric, outcome)

    def _add(self, row: PromptfooRow, metric: str, outcome: RowOutcome) -> None:
        key = f"{row.provider}\x00{row.provider_id}\x00{metric}"
        self.keys.setdefault(key, (row.provider, metric))
        tally, slices = self.tallies.of(key), self.pool.of(row.slices)
        if outcome is RowOutcome.ERRORED:
            tally.add_errored(row.prompt, slices)
        else:
            tally.add(row.prompt, slices, None if outcome is RowOutcome.UNSCORED else outcome.value)


def _recognises(file: ResultFile) -> bool:
    if _is_lines(file):
        return True
    top = picked_of_head(file.head, {"results": {"*": {}, "version": True}})
    results = object_at(top, "results")
    return "version" in results and bool({"results", "prompts", "timestamp", "stats"} & set(results))


def _is_lines(file: ResultFile) -> bool:
    """Whether it is `-o out.jsonl`: a row a line, and nothing else."""
    return {"promptIdx", "testIdx", "success"} <= set(object_at(picked_of_head(file.head, {"*": {}})))


def _read(file: ResultFile, options: ResultOptions) -> tuple[Reading, ...]:
    if _is_lines(file):
        raise UnreadableResultError(
            "JSON lines of promptfoo do not say how many tests were run, so that missing rows would not be noticed",
            "Attach the JSON output of the same run (`promptfoo export eval ID -o out.json`).",
        )
    rows = _Rows(options)
    document = _counted(file, rows)
    variable = text_at(document, "config", "redteam", "injectVar")
    if rows.needs_variable and variable is not None:
        # Which variable holds the text of an attack is said after all rows.
        rows = _Rows(options, variable)
        _counted(file, rows)
    _check(document, rows)
    digest = digest_of(file)
    return tuple(
        _reading(document, rows, digest, key, rows.tallies.by_metric[key])
        for key in sorted(rows.keys, key=lambda key: rows.keys[key])
    )


READER = EvidenceReader(name=NAME, title="promptfoo", recognises=_recognises, read=_read)


def _counted(file: ResultFile, rows: _Rows) -> Json:
    """The document without its rows, which are counted meanwhile."""
    shape: Shape = {
        "metadata": {"promptfooVersion": True, "evaluationCreatedAt": True},
        "config": {"description": True, "redteam": {"injectVar": True}},
        "results": {
            "version": True,
            "timestamp": True,
            "prompts": [{"provider": True, "id": True, "metrics": dict.fromkeys(_METRICS, True)}],
            "stats": dict.fromkeys(rows.stated, True),
            "results": ItemList(row_shape(rows.options)),
        },
    }
    with file.open() as stream:
        return picked(stream, shape, rows.take)


def _check(document: Json, rows: _Rows) -> None:
    version = at(document, "results", "version")
    if count_at(document, "results", "version") not in _VERSIONS:
        raise UnreadableResultError(
            f"its format has version {name_of(version) or '?'}, and versions 2 and 3 can be read",
            "Use a version of promptfoo since 2024 that writes one of these, or ask for the new format to be added.",
        )
    if not rows.keys:
        raise UnreadableResultError(
            "the file has no row: nothing was run", "Attach the output of a run that has tests."
        )
    columns = [
        (name_of(at(head, "provider")), name_of(at(head, "id"))) for head in list_at(document, "results", "prompts")
    ]
    if len(set(columns)) < len(columns):
        rows.problems.add(
            "two columns have the same provider and prompt, and cannot be told apart; give providers labels"
        )
    stats = object_at(document, "results", "stats")
    stated = {key: count_at(stats, key) for key in rows.stated}
    counted = dict(rows.stated)
    if stated["errors"] is None:
        # Versions before 0.100 count errors among the failures.
        counted["failures"] += counted.pop("errors")
        del stated["errors"]
    if None in stated.values():
        rows.problems.add("the file does not say how many tests were run, so that missing rows would not be noticed")
    elif stated != counted:
        rows.problems.add(f"promptfoo counted {_words(stated)}, and the file has rows of {_words(counted)}")


def _words(numbers: dict[str, int] | dict[str, int | None]) -> str:
    return ", ".join(f"{number or 0:,} {key}" for key, number in numbers.items())


def _planned(document: Json, provider: str, attempted: int) -> int:
    """The tests of a provider as far as the heads of the columns say; never less than what is there."""
    numbers = [
        sum(count_at(prompt, "metrics", key) or 0 for key in _METRICS)
        for prompt in list_at(document, "results", "prompts")
        if name_of(at(prompt, "provider")) == provider
    ]
    return max(sum(numbers), attempted)


def _reading(document: Json, rows: _Rows, digest: str, key: str, tally: Tally) -> Reading:
    provider, metric = rows.keys[key]
    attempted = tally.attempted()
    planned = _planned(document, provider, attempted) if metric in {SUCCESS, RED_TEAM} else attempted
    if not tally.totals():
        tally.problems.add(f"nothing was judged: all {attempted:,} tests are without a verdict")
    reasons = [(why, number) for (name, why), number in sorted(rows.unscored.items()) if name == provider]
    reading = Reading(
        metric=metric,
        tool=NAME,
        tool_version=name_of(at(document, "metadata", "promptfooVersion")),
        format_version=name_of(at(document, "results", "version")),
        task=name_of(at(document, "config", "description")),
        models_asked=(provider,),
        performed_at=instant_of(at(document, "metadata", "evaluationCreatedAt"))
        or instant_of(at(document, "results", "timestamp")),
        digest=digest,
        planned=planned,
        attempted=attempted,
        totals=tally.totals(),
        unscored=tally.unscored,
        errored=tally.errored,
        directions=(_DIRECTIONS[RED_TEAM if metric == RED_TEAM else ""],),
        problems=(*rows.problems.sentences(), *tally.problems.sentences()),
        notes=tuple(f"{number:,} tests {why}, and count as not assessed" for why, number in reasons),
    )
    # The prompts are made here and not read from the file: validating them again would copy hundreds of thousands.
    return reading.model_copy(update={"prompts": tally.prompts()})
