"""Decisions in force as an evaluation log of Gemara (https://github.com/gemaraproj/gemara, `#EvaluationLog`).

One evaluation for each decision in force, in the order of the ledger, with an assessment log for each criterion, or one for the
decision where it has no criteria. *Unknown* stands where the numbers show neither, *Not Run* where nobody measured, *Needs
Review* where numbers do not count or a mitigation is degraded. Each applies to the deployments about which nothing was decided
since, and an effective one is not better than the worst of its criteria. Free text may name people, so only digests are
exported. A decision that was withdrawn is in force no more.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Literal

from reassay import __version__
from reassay.assessment.history_index import HistoryIndex
from reassay.audit.evidence_rows import performed_at, readings_of
from reassay.common.errors import UsageError
from reassay.common.json_text import to_json
from reassay.ledger.answers import Attached
from reassay.ledger.criterion_result import CriterionResult, CriterionVerdictWord
from reassay.ledger.entry import Decided, Decision, basis_word
from reassay.ledger.history import History
from reassay.ledger.reassessment import LedgerRecord, Reassessment
from reassay.ledger.store import verified_ledger as _verified_ledger
from reassay.ledger.store.branch import read_objects
from reassay.ledger.store.codec import anchor
from reassay.register.base import Depth

GEMARA: Final = "1.5.0"
"""Version of the specification."""
GemaraResult = Literal["Not Run", "Passed", "Failed", "Needs Review", "Not Applicable", "Unknown"]
CRITERIA: Final[Mapping[CriterionVerdictWord, GemaraResult]] = {
    "met": "Passed",
    "missed": "Failed",
    "exceeded": "Failed",
    "insufficient": "Unknown",
    "refused": "Needs Review",
    "not-measured": "Not Run",
}
DECISIONS: Final[Mapping[Decision, GemaraResult]] = {
    "effective": "Passed",
    "degraded": "Needs Review",
    "ineffective": "Failed",
    "inconclusive": "Unknown",
}
WORST_FIRST: Final[tuple[GemaraResult, ...]] = ("Failed", "Unknown", "Needs Review", "Not Run", "Passed")
Json = dict[str, object]


def as_gemara(opened: _verified_ledger.VerifiedLedger) -> str:
    """The evaluation log. Raises UsageError if no decision is in force: it needs at least one evaluation."""
    written = opened.verification.chain.written
    history = History.of(stored.entry for stored in written)
    decided = _in_force(history)
    if not decided:
        remedy = "Export it as JSON or CSV, or conclude a re-assessment first."
        raise UsageError(
            "the ledger has no decision in force, and an evaluation log needs at least one.",
            where=opened.ref,
            remedy=remedy,
        )
    last = written[-1]
    identity = written[0].entry.ledger
    results = {
        body.result.readings for own, _ in decided for _, body in own.records_of(Attached) if body.result is not None
    }
    objects = read_objects(opened.git, opened.verification.commit, results)
    evaluations = [_evaluation(own, cells, objects) for own, cells in decided]
    document: Json = {
        "metadata": {
            "id": f"reassay-{identity.ledger_id}-{last.entry.seq}",
            "type": "EvaluationLog",
            "gemara-version": GEMARA,
            "version": anchor(last.entry.seq, last.digest),
            "date": _instant(last.entry.recorded_at),
            "description": f"Decisions in force by ledger {identity.ledger_id} of repository {identity.repository_id}.",
            "author": {"id": "reassay", "name": "reassay", "type": "Software", "version": __version__},
            "mapping-references": [
                {"id": "register", "title": "The framework's register", "version": last.entry.register_commit},
                {"id": "ledger", "title": "The ledger", "version": anchor(last.entry.seq, last.digest)},
            ],
        },
        "target": {
            "id": f"{identity.host}/{identity.repository_id}",
            "name": f"Framework in repository {identity.repository_id}",
            "type": "Software Assisted",
        },
        "result": _worst(str(evaluation["result"]) for evaluation in evaluations),
        "evaluations": evaluations,
    }
    return to_json(document)


def _in_force(history: History) -> tuple[tuple[Reassessment, tuple[str, ...]], ...]:
    """The last decision about each cell with those cells, and the last one about each subject, in order of the ledger.

    An inconclusive decision replaces none, so it has its own cells, and those before it keep theirs.
    """
    index, cells = HistoryIndex.of(history), dict[str, list[str]]()
    for (_, cell), last in index.last[Depth.LIGHT].items():
        cells.setdefault(last.reassessment.id, []).append(cell)
    for own in index.latest.values():
        cells.setdefault(own.id, list(own.decided.cells) if own.decided else [])
    decided = sorted((history.reassessments[name] for name in cells), key=lambda own: own.decided_seq or 0)
    return tuple((own, tuple(cells[own.id])) for own in decided)


def _evaluation(own: Reassessment, cells: Sequence[str], objects: Mapping[str, object]) -> Json:
    decided = own.decided
    if decided is None:
        raise ValueError(f"{own.id} is not decided")
    control: Json = {"reference-id": "register", "entry-id": own.subject}
    result = DECISIONS[decided.decision]
    if result == "Passed":
        result = _worst((result, *(CRITERIA[criterion.verdict] for criterion in decided.criteria)))
    return {
        "name": f"{own.id}: {own.subject}",
        "result": result,
        "message": f"Decided on {decided.decided_on}: {decided.verdict}.",
        "control": control,
        "assessment-logs": [
            {**_assessment(own, decided, criterion, objects), "applicability": _applicable(cells)}
            for criterion in decided.criteria or (None,)
        ],
    }


def _applicable(cells: Sequence[str]) -> list[str]:
    return [cell if cell != "*" else "all deployments" for cell in cells]


def _assessment(
    own: Reassessment, decided: Decided, criterion: CriterionResult | None, objects: Mapping[str, object]
) -> Json:
    """The verdict on one criterion; of a decision without criteria the decision itself."""
    name = criterion.name if criterion else own.subject
    basis = basis_word(criterion.basis if criterion else decided.basis)
    verdict = criterion.verdict.replace("-", " ") if criterion else decided.decision
    about = [
        (record, body)
        for record, body in own.records_of(Attached)
        if record.seq < (own.decided_seq or 0) and (criterion is None or body.criterion == criterion.name)
    ]
    evidence = [_evidence(record, body, objects) for record, body in about]
    return {
        "requirement": {"reference-id": "register", "entry-id": f"{own.subject}/{name}" if criterion else own.subject},
        "description": f"Criterion {name} of {own.subject}" if criterion else f"Re-assessment of {own.subject}",
        "result": CRITERIA[criterion.verdict] if criterion else DECISIONS[decided.decision],
        "message": f"{verdict}, {basis}",
        "steps": [f"Decided by people on evidence that is {basis}"],
        "start": _instant(own.opened_at),
        "end": _instant(own.closed_at or own.opened_at),
        **({"evidence": evidence} if evidence else {}),
    }


def _evidence(record: LedgerRecord, body: Attached, objects: Mapping[str, object]) -> Json:
    readings = readings_of(body, objects)
    instants = [instant for reading in readings if (instant := performed_at(reading))]
    source: Json = {"reference-id": "ledger", "coordinate": f"entry {record.seq}"}
    if digest := _digest(body, readings):
        source["digest"] = digest
    return {
        "id": f"entry-{record.seq}",
        "type": body.evidence,
        "collected-at": _instant(max(instants) if instants else record.at),
        "source": source,
        "description": f"Evidence of kind {body.evidence} ({body.provenance})",
    }


def _digest(body: Attached, readings: Sequence[Mapping[str, object]]) -> str:
    """`sha256:...` of the file; for sealed content that with the custodian's salt."""
    read = [str(reading["digest"]) for reading in readings if reading.get("digest")]
    digest = read[0] if read else body.digest or ""
    return digest.removeprefix("file:").removeprefix("salted:")


def _worst(results: Iterable[str]) -> GemaraResult:
    given = set(results)
    return next(result for result in WORST_FIRST if result in given)


def _instant(at: datetime) -> str:
    """An instant in UTC to the second, as Gemara writes it."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
