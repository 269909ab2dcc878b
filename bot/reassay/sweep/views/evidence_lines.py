"""Evidence in an issue: each criterion with its interval, every result of the episode, and what is still needed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reassay.assessment.explanation import inputs_of
from reassay.common.calendar import day_words
from reassay.common.inert import Markdown, code, inert, prose
from reassay.common.sentences import capitalised
from reassay.evidence.criterion_bounds import bound_words, criteria_of
from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.criterion_verdicts import criterion_verdicts, verdict_word
from reassay.evidence.evidence_input import EvidenceInput, readings_of
from reassay.evidence.inputs import RunFinding, VerdictInputs
from reassay.evidence.kinds.figures import figures_stated
from reassay.evidence.reading import Reading
from reassay.evidence.reading_words import of_what, short, unmarked
from reassay.evidence.result_request import measured_parts
from reassay.evidence.verdict_figures import figures_words, interval_bar, legend
from reassay.ledger.answers import Attached, AttachedResult, EvidenceFigures
from reassay.ledger.history import History
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.run_history import RecordedResult, results_of
from reassay.ledger.views.words import criterion_result_words
from reassay.register.assessable import Assessable

MOST_RUNS = 50
"""Results that an issue lists; the others are counted."""
FOLDED_FROM = 6
"""From this number of results on their table is folded."""
MOST_REASONS = 3
BAR = 20
"""Characters of an interval: a line of code on a phone holds no more, and breaks at its hyphens."""


@dataclass(frozen=True, slots=True)
class CriterionLines:
    """A criterion of an issue: its bound and verdict, and for what was counted the lines below."""

    text: str
    """Name, bound, verdict and why."""
    bar: str = ""
    """The interval against the bound; empty where nothing was counted."""
    legend: str = ""
    """What the marks of the bar mean."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """A result of the episode, as a row of a table. The texts are ready for Markdown."""

    entry: int
    source: Markdown
    about: Markdown
    counts: str
    weight: Markdown
    """Whether it counts, and why not."""
    says: str
    """What the person who brought it says of findings and limits; empty for a run."""


@dataclass(frozen=True)
class EvidenceLines:
    """The evidence of one re-assessment in words."""

    subject: Assessable | None
    reassessment: Reassessment
    facts: EvidenceInput

    @property
    def verdicts(self) -> tuple[CriterionVerdict, ...]:
        """Verdicts on all criteria by the evidence so far; empty once it is closed."""
        if self.subject is None or self.reassessment.state != "open":
            return ()
        return criterion_verdicts(self.subject, self.reassessment, self.facts)

    @property
    def criteria(self) -> tuple[CriterionLines, ...]:
        """Every criterion with its bound and least n; while it is open with the result by the evidence, then as decided."""
        bounds = {criterion.name: bound_words(criterion) for criterion in criteria_of(self.subject)}
        decided = self.reassessment.decided
        if decided is not None:
            words = {result.name: criterion_result_words(result) for result in decided.criteria}
            return tuple(
                CriterionLines(f"{words[name]}{f' ({bounds[name]})' if name in bounds else ''}") for name in words
            )
        return tuple(_criterion(verdict, bounds[verdict.name]) for verdict in self.verdicts)

    @property
    def wants_results(self) -> bool:
        """Whether a criterion that result files can meet is not met, and not shown to be exceeded."""
        counted = {own.name for own in criteria_of(self.subject) if measured_parts((own,))}
        return any(own.name in counted and own.verdict not in {"met", "exceeded"} for own in self.verdicts)

    @property
    def for_criterion(self) -> str:
        """What a command has to say where several criteria are measured by result files."""
        return " for <criterion>" if len(measured_parts(criteria_of(self.subject))) > 1 else ""

    @property
    def of_languages(self) -> str:
        """What a command has to say where the deployments have languages, which a result has to cover."""
        declared = self.facts.register.deployments
        cells = [declared[cell].value for cell in self.reassessment.cells if cell in declared]
        languages = {name for deployment in cells for name in deployment.languages or ()}
        return f" languages <of {','.join(sorted(languages))}>" if languages else ""

    @property
    def attached(self) -> tuple[str, ...]:
        """Evidence without counts, in words."""
        return tuple(
            f"{body.evidence}{_figures(body.figures)}{figures_stated(body)}"
            f"{f' for {body.criterion}' if body.criterion else ''} (entry {record.seq}, "
            f"{'stated without a file' if body.provenance == 'word' else body.provenance}"
            f"{'' if body.independent else ', self-assessed'}): {self._written(body.says)}"
            for record, body in self.reassessment.records_of(Attached)
            if body.result is None
        )

    @property
    def runs(self) -> tuple[RunLine, ...]:
        """The results of the episode, newest first, at most MOST_RUNS."""
        results = self._results
        outcomes = self._outcomes
        shown = sorted(results.values(), key=lambda result: -result.seq)[:MOST_RUNS]
        return tuple(self._run(result, outcomes.get(result.seq, ())) for result in shown)

    @property
    def count(self) -> int:
        """Results of the episode."""
        return len(self._results)

    @property
    def is_folded(self) -> bool:
        """Whether their table is folded."""
        return self.count >= FOLDED_FROM

    @property
    def rests_on(self) -> tuple[str, ...]:
        """For the record: figures, model, version and languages that the verdicts rest on."""
        models = {
            result.seq: _models(readings_of(self.facts.objects.get(result.result.readings)) or ())
            for result in self._results.values()
        }
        return tuple(_basis_lines(self._inputs, models))

    @property
    def unlisted(self) -> int:
        """Results that the table leaves out."""
        return max(0, len(self._results) - MOST_RUNS)

    @property
    def lost(self) -> tuple[str, ...]:
        """Registered runs of the episode whose result nobody brought."""
        states = {own.run: own.state for inputs in self._inputs for case in inputs.cases for own in case.without_result}
        return tuple(f"{run} ({state})" for run, state in states.items())

    @property
    def _inputs(self) -> tuple[VerdictInputs, ...]:
        decided = self.reassessment.decided
        if decided is None:
            return tuple(own.computed_from for own in self.verdicts if own.computed_from is not None)
        values = (self.facts.objects.get(own.inputs or "") for own in decided.criteria)
        return tuple(own for value in values if (own := inputs_of(value)) is not None)

    @property
    def _outcomes(self) -> Mapping[int, tuple[tuple[str, str, RunFinding], ...]]:
        """By entry: criterion, cell and what became of the result there."""
        found: dict[int, tuple[tuple[str, str, RunFinding], ...]] = {}
        for inputs in self._inputs:
            for cell in inputs.verdicts:
                for run in cell.runs:
                    found[run.entry] = (*found.get(run.entry, ()), (inputs.criterion, cell.cell, run))
        return found

    @property
    def _results(self) -> Mapping[int, RecordedResult]:
        entries = set(self._outcomes)
        entries |= {record.seq for record, body in self.reassessment.records_of(Attached) if body.result is not None}
        return {
            result.seq: result
            for result in results_of(self.facts.history, self.reassessment.subject)
            if result.seq in entries
        }

    def _run(self, result: RecordedResult, outcomes: Sequence[tuple[str, str, RunFinding]]) -> RunLine:
        readings = readings_of(self.facts.objects.get(result.result.readings)) or ()
        record = _record(self.facts.history, result)
        return RunLine(
            entry=result.seq,
            source=Markdown(f"{day_words(result.recorded_at.date(), year=True)}, {self._source(result, record)}"),
            about=_about(readings, result),
            counts=_counts(outcomes),
            weight=_weight(outcomes),
            says=self._written(record.says) if record and record.says else "",
        )

    def _source(self, result: RecordedResult, record: Attached | None) -> str:
        if result.run is not None and record is None:
            return f"run {code(result.run)}"
        locator = self.facts.objects.get(record.locator or "") if record else None
        place = locator.get("stored") or locator.get("path") if isinstance(locator, dict) else None
        where = code(short(str(place))) if place else "a file"
        where += f" for run {code(result.run)}" if result.run is not None else ""
        if result.reassessment in {None, self.reassessment.id}:
            return where
        other = self.facts.history.reassessments.get(result.reassessment or "")
        withdrawn = ", whose decision was withdrawn" if other and other.withdrawn_seq else ""
        return f"{where} of {result.reassessment}{withdrawn}"

    def _written(self, name: str | None) -> str:
        value = self.facts.objects.get(name or "")
        return value if isinstance(value, str) else "(redacted)"


def _record(history: History, result: RecordedResult) -> Attached | None:
    own = history.reassessments.get(result.reassessment or "")
    return next((body for record, body in own.records_of(Attached) if record.seq == result.seq), None) if own else None


def _criterion(verdict: CriterionVerdict, bound: str) -> CriterionLines:
    word = verdict_word(verdict.verdict)
    stated = bound if bound.endswith(("?", "!")) else f"{bound.rstrip('.')}."
    # What is said of single results stands in their table.
    why = verdict.why.split("; entry ", maxsplit=1)[0] if verdict.computed_from else verdict.why
    text = unmarked(f"{verdict.name}: {stated} {capitalised(word)}: {why}")
    figures = verdict.figures
    if figures is None:
        return CriterionLines(text)
    return CriterionLines(text, interval_bar(figures, BAR), legend(figures))


def _about(readings: Sequence[Reading], result: RecordedResult) -> Markdown:
    if not readings:
        return Markdown("counts redacted")
    reading = readings[0]
    more = f" and {len(readings) - 1} more metrics" if len(readings) > 1 else ""
    return Markdown(f"{code(short(reading.metric))}{more}, {inert(short(of_what(reading)))}{_declared(result.result)}")


def _declared(result: AttachedResult) -> str:
    arm = "" if result.arm == "measured" else f", {result.arm.replace('-', ' ')}"
    version = f", version {result.version}" if result.version is not None else ""
    languages = f", {inert(', '.join(result.languages))}" if result.languages else ""
    return f"{version}{arm}{languages}"


def _counts(outcomes: Sequence[tuple[str, str, RunFinding]]) -> str:
    words = []
    for _, _, run in outcomes:
        counts = run.counts
        if counts is None:
            continue
        found = " found" if run.arm == "positive-control" else ""
        text = f"{counts.adverse:,} of {counts.assessed:,}{found}"
        if counts.not_assessed:
            text += f"; {counts.not_assessed:,} not assessed"
        words.append(text)
    return " / ".join(dict.fromkeys(words)) or "not counted"


def _weight(outcomes: Sequence[tuple[str, str, RunFinding]]) -> Markdown:
    """Whether it counts: once, or where cells and criteria differ for each."""
    if not outcomes:
        return Markdown("no: it is for no criterion")
    words = {(criterion, cell): _one_weight(run) for criterion, cell, run in outcomes}
    if len(set(words.values())) == 1:
        return Markdown(next(iter(words.values())))
    cells = len({cell for _, cell in words}) > 1
    return Markdown(
        "; ".join(
            f"{inert(criterion)}{f', {code(cell)}' if cells else ''}: {text}"
            for (criterion, cell), text in words.items()
        )
    )


def _one_weight(run: RunFinding) -> str:
    reasons = [*run.why_not[:MOST_REASONS], *run.remarks[: MOST_REASONS - 1]]
    if len(run.why_not) > MOST_REASONS:
        reasons.append(f"and {len(run.why_not) - MOST_REASONS} more reasons")
    word = {"counts": "yes", "only-against": "only against it", "no": "no"}[run.weight]
    mark = ":" if run.why_not else "; note:"
    return f"{word}{mark} {prose(unmarked('; '.join(reasons)))}" if reasons else word


def _models(readings: Sequence[Reading]) -> tuple[str, ...]:
    """The models that answered, or else those that were asked."""
    return tuple(
        dict.fromkeys(short(name) for reading in readings for name in reading.models_answered or reading.models_asked)
    )


def _basis_lines(inputs: Sequence[VerdictInputs], models: Mapping[int, tuple[str, ...]]) -> Iterator[str]:
    for own in inputs:
        for case, verdict in zip(own.cases, own.verdicts, strict=True):
            if verdict.figures is None:
                continue
            counting = [run.entry for run in verdict.runs if run.weight != "no"]
            answered = dict.fromkeys(name for entry in counting for name in models.get(entry, ()))
            model = f"model {', '.join(answered)}" if answered else "a model that the files do not name"
            languages = f", languages {', '.join(case.languages)}" if case.languages else ""
            where = "" if case.cell == "*" else f" on {case.cell}"
            words = figures_words(verdict.figures)
            yield f"{own.criterion}{where}: {words}; {model}, version {case.version}{languages}"


def _figures(figures: EvidenceFigures) -> str:
    if figures.counted is not None:
        return f" {figures.counted}/{figures.total}"
    return "" if figures.passed is None else " passed" if figures.passed else " failed"
