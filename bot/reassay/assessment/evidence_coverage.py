"""Coverage by evidence: kinds of evaluation, deployments and languages of each mitigation.

Only evidence of a slice covers it: an evidence item that names the deployment and the language, or a result of the version in
force that was measured there. Declarations of the register, now or at a decision, do not count as evidence. Evidence that names
no deployment or no language covers none; but a result was measured in the cells of its re-assessment, unless it names some.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.register_index import EVERYWHERE
from reassay.evidence.cell_coverage import LANGUAGE
from reassay.evidence.evidence_input import readings_of
from reassay.ledger.answers import Attached, AttachedResult
from reassay.ledger.history import LastDecision
from reassay.ledger.run_history import RecordedResult, results_of
from reassay.register.base import Depth
from reassay.register.evaluation_kind import EvaluationKind
from reassay.register.evidence_item import EvidenceItem
from reassay.register.mitigation import Mitigation

KIND_OF: Final[Mapping[str, EvaluationKind]] = {
    "effort": "red-teaming",
    "capability": "capability-evaluation",
    "exercise": "drill",
    "judgement": "review",
}
"""Kind of attached evidence -> the kind of evaluation that it is, where nobody states another."""


@dataclass(frozen=True, slots=True)
class CoveringEvidence:
    """One piece of evidence about a mitigation, with the slices that it names."""

    source: str
    """`evidence/<id>`, or the re-assessment in which it was attached."""
    deployments: frozenset[str]
    languages: frozenset[str]
    """In small letters."""


@dataclass(frozen=True, slots=True)
class EvaluationCoverage:
    """The kinds of evaluation that one mitigation rests on."""

    mitigation: str
    kinds: Mapping[EvaluationKind, tuple[str, ...]]
    """Kind -> its sources, in order of the kinds' names."""
    unstated: tuple[str, ...]
    """Sources of evidence that does not say which kind it is."""
    on_a_word: tuple[str, ...]
    """Sources of statements without a file, which count for no kind."""

    @property
    def gap(self) -> str:
        """What is missing, in words; empty if it rests on several kinds."""
        if len(self.kinds) > 1:
            return ""
        if self.kinds:
            return f"rests on {next(iter(self.kinds))} alone"
        return "no evidence says which kind of evaluation it is" if self.unstated else "no evidence"


def covering_evidence(
    mitigations: Sequence[Mitigation], assessment_input: AssessmentInput, objects: Mapping[str, object]
) -> Mapping[str, tuple[CoveringEvidence, ...]]:
    """Evidence that names a slice, by mitigation.

    `objects` are readings of results by digest. Without them only languages that are stated for a whole file count.
    """
    results = results_in_force(mitigations, assessment_input)
    return {
        mitigation.id: (
            *_items(mitigation, assessment_input),
            *(
                _of_result(recorded, assessment_input, objects)
                for recorded in results.get(mitigation.id, ())
                if not _has_problems(recorded.result, objects)
            ),
        )
        for mitigation in mitigations
    }


def results_in_force(
    mitigations: Iterable[Mitigation], assessment_input: AssessmentInput
) -> Mapping[str, tuple[RecordedResult, ...]]:
    """By mitigation, results of the version in force, measured on the protected system and not known to be trained on."""
    measured = assessment_input.register_index.measured
    return {
        mitigation.id: tuple(
            recorded
            for recorded in results_of(measured[mitigation.id], mitigation.id)
            if recorded.result.version == mitigation.version
            and recorded.result.arm == "measured"
            and recorded.result.trained_on != "yes"
        )
        for mitigation in mitigations
        if mitigation.id in measured
    }


def items_in_force(mitigation: Mitigation, assessment_input: AssessmentInput) -> tuple[EvidenceItem, ...]:
    """The evidence items about a mitigation that were gathered by today, and are still valid."""
    items, today = assessment_input.register_index.evidence.get(mitigation.id, ()), assessment_input.today
    return tuple(
        item for item in items if item.performed_at <= today and (item.valid_until is None or today <= item.valid_until)
    )


def _items(mitigation: Mitigation, assessment_input: AssessmentInput) -> Iterator[CoveringEvidence]:
    for item in items_in_force(mitigation, assessment_input):
        languages = frozenset(language.casefold() for language in item.scope.languages)
        yield CoveringEvidence(f"evidence/{item.id}", frozenset(item.scope.deployments), languages)


def _of_result(
    recorded: RecordedResult, assessment_input: AssessmentInput, objects: Mapping[str, object]
) -> CoveringEvidence:
    result, own = recorded.result, assessment_input.history.reassessments.get(recorded.reassessment or "")
    cells = own.cells if own else ()
    everywhere = tuple(assessment_input.register.deployments) if EVERYWHERE in cells else cells
    languages = {*result.languages, *_languages_of(result, objects)}
    return CoveringEvidence(
        recorded.reassessment or recorded.run or f"entry {recorded.seq}",
        frozenset(result.deployments or everywhere),
        frozenset(language.casefold() for language in languages),
    )


def _has_problems(result: AttachedResult, objects: Mapping[str, object]) -> bool:
    """Whether nothing of a file that was read can close a re-assessment, so that it covers nothing either."""
    readings = readings_of(objects.get(result.readings))
    return readings is not None and all(reading.problems for reading in readings)


def _languages_of(result: AttachedResult, objects: Mapping[str, object]) -> Iterator[str]:
    """Languages of which the readings of a result have an assessed prompt."""
    for reading in readings_of(objects.get(result.readings)) or ():
        for prompt in reading.prompts:
            if prompt.outcomes:
                yield from (value for name, value in prompt.slices if name.casefold() == LANGUAGE)


def evaluation_coverage(
    mitigations: Iterable[Mitigation], assessment_input: AssessmentInput
) -> tuple[EvaluationCoverage, ...]:
    """The kinds of evaluation that each mitigation rests on: evidence items, and what its last decisions had."""
    decisions: dict[str, dict[str, LastDecision]] = {}
    for (subject, _), decision in assessment_input.history_index.last[Depth.LIGHT].items():
        decisions.setdefault(subject, {})[decision.reassessment.id] = decision
    return tuple(
        _evaluations(mitigation, tuple(decisions.get(mitigation.id, {}).values()), assessment_input)
        for mitigation in mitigations
    )


def _evaluations(
    mitigation: Mitigation, decisions: Sequence[LastDecision], assessment_input: AssessmentInput
) -> EvaluationCoverage:
    kinds: dict[EvaluationKind, dict[str, None]] = {}
    unstated: dict[str, None] = {}
    on_a_word: dict[str, None] = {}
    for source, kind, is_word in _sources(mitigation, decisions, assessment_input):
        place = on_a_word if is_word else unstated if kind is None else kinds.setdefault(kind, {})
        place[source] = None
    return EvaluationCoverage(
        mitigation.id,
        {kind: tuple(kinds[kind]) for kind in sorted(kinds)},
        tuple(unstated),
        tuple(on_a_word),
    )


def _sources(
    mitigation: Mitigation, decisions: Sequence[LastDecision], assessment_input: AssessmentInput
) -> Iterator[tuple[str, EvaluationKind | None, bool]]:
    for item in items_in_force(mitigation, assessment_input):
        yield f"evidence/{item.id}", item.kind_of_evaluation, False
    for decision in decisions:
        if decision.decided.version != mitigation.version:
            continue
        for _, body in decision.reassessment.records_of(Attached):
            if body.result is not None and body.result.arm != "measured":
                continue
            yield (
                decision.reassessment.id,
                body.kind_of_evaluation or KIND_OF.get(body.evidence),
                body.provenance == "word",
            )
