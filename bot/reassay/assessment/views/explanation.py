"""An explained verdict as terminal text and as JSON."""

from collections.abc import Iterator, Mapping, Sequence

from reassay.assessment.explanation import ExplainedCell, ExplainedCriterion, Explanation
from reassay.common.calendar import day_words
from reassay.common.inert import plain
from reassay.common.sentences import wrapped
from reassay.evidence.verdict_figures import figures_words, interval_bar, legend
from reassay.ledger.views.words import criterion_result_words


def explanation_text(explained: Explanation, objects: Mapping[str, object], as_of: str | None = None) -> str:
    """What was decided and on what basis, each criterion with its figures then, and what is known since, up to `as_of`."""
    return "\n".join((*_head(explained), *_then(explained), *_now(explained, objects, as_of))) + "\n"


def _head(explained: Explanation) -> Iterator[str]:
    own = explained.reassessment
    decided = own.decided
    if decided is None:
        return
    yield from wrapped(
        f"{own.id}: {own.subject} version {decided.version} was decided {decided.verdict} on"
        f" {day_words(decided.decided_on, year=True)} (entry {own.decided_seq}), for {', '.join(decided.cells)}.",
        0,
    )
    if own.withdrawn_seq is not None:
        yield f"WITHDRAWN by entry {own.withdrawn_seq}: it no longer counts."
    yield ""


def _then(explained: Explanation) -> Iterator[str]:
    yield "Known at the decision"
    if not explained.criteria:
        yield from wrapped("No criterion was stated, so nothing was counted.")
    for criterion in explained.criteria:
        yield from wrapped(f"{plain(criterion_result_words(criterion.result))}; {criterion.recomputed}.")
        for cell in criterion.cells:
            yield from _cell(cell)
    yield ""


def _cell(cell: ExplainedCell) -> Iterator[str]:
    verdict = cell.verdict
    where = "" if verdict.cell == "*" else f"{verdict.cell}: "
    yield from wrapped(f"{where}{verdict.verdict}, because {plain(verdict.why)}.", 4)
    if verdict.figures is not None:
        yield from wrapped(f"{figures_words(verdict.figures)}.", 6)
        yield f"      {interval_bar(verdict.figures)}"
        yield from wrapped(legend(verdict.figures), 6)
    for run in verdict.runs:
        reasons = f": {plain('; '.join(run.why_not))}" if run.why_not else ""
        weight = {"counts": "counts", "only-against": "counts only against it", "no": "does not count"}[run.weight]
        yield from wrapped(f"entry {run.entry} ({run.arm}) {weight}{reasons}", 6)


def _now(explained: Explanation, objects: Mapping[str, object], as_of: str | None) -> Iterator[str]:
    yield f"Known by {plain(as_of)}, but not at the decision" if as_of else "Became known since"
    if not explained.later and as_of:
        yield from wrapped("Nothing. Later entries are left out; they are shown without --as-of.")
    elif not explained.later:
        yield from wrapped("Nothing: the ledger has nothing later about it.")
    for fact in explained.later:
        text = objects.get(fact.text or "")
        said = f": {plain(text)}" if isinstance(text, str) else ""
        yield from wrapped(f"entry {fact.entry}, {day_words(fact.at.date(), year=True)}: {plain(fact.words)}{said}")


def explanation_document(
    explained: Sequence[Explanation], objects: Mapping[str, object], provenance: Mapping[str, str]
) -> dict[str, object]:
    """`reassay/explain/v1`."""
    return {
        "schema": "reassay/explain/v1",
        "verdicts": [_verdict(own, objects) for own in explained],
        **provenance,
    }


def _verdict(explained: Explanation, objects: Mapping[str, object]) -> dict[str, object]:
    own, decided = explained.reassessment, explained.reassessment.decided
    if decided is None:
        return {}
    return {
        "reassessment": own.id,
        "subject": own.subject,
        "version": decided.version,
        "cells": list(decided.cells),
        "decision": decided.decision,
        "basis": decided.basis,
        "decided_on": str(decided.decided_on),
        "entry": own.decided_seq,
        "withdrawn_by": own.withdrawn_seq,
        "criteria": [_criterion(criterion) for criterion in explained.criteria],
        "later": [
            {
                "entry": fact.entry,
                "at": fact.at.isoformat(),
                "words": fact.words,
                "text": objects.get(fact.text) if fact.text else None,
            }
            for fact in explained.later
        ],
    }


def _criterion(criterion: ExplainedCriterion) -> dict[str, object]:
    return {
        "name": criterion.result.name,
        "verdict": criterion.result.verdict,
        "basis": criterion.result.basis,
        "recomputed": criterion.recomputed,
        "differs": criterion.differs,
        "cells": [cell.verdict.model_dump(mode="json") for cell in criterion.cells],
    }
