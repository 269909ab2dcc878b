"""Words of the ledger as words of OSCAL: methods, reasons, tokens and dates."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from reassay.ledger.answers import Attached
from reassay.ledger.criterion_result import Basis, CriterionResult, CriterionVerdictWord
from reassay.ledger.entry import Decided, Decision, basis_word

NAMESPACE = "reassay://oscal/1"
"""Namespace of the properties that OSCAL has no field for. It is an identifier, not an address to fetch."""
Json = dict[str, object]
METHODS: dict[Basis, Literal["TEST", "EXAMINE", "UNKNOWN"]] = {
    "counted": "TEST",
    "tested": "TEST",
    "measured": "TEST",
    "exercised": "TEST",
    "judged": "EXAMINE",
    "attested": "UNKNOWN",
}
"""Basis -> OSCAL method. An attested decision does not say how it was reached, hence UNKNOWN."""
REASONS: dict[Decision, Literal["pass", "fail", "other"]] = {
    "effective": "pass",
    "degraded": "other",
    "ineffective": "fail",
    "inconclusive": "other",
}
CRITERIA: dict[CriterionVerdictWord, Literal["pass", "fail", "other"]] = {
    "met": "pass",
    "missed": "fail",
    "exceeded": "fail",
    "insufficient": "other",
    "refused": "other",
    "not-measured": "other",
}
GATHERED: dict[str, Literal["TEST", "EXAMINE", "INTERVIEW"]] = {
    "inquiry": "INTERVIEW",
    "observation": "EXAMINE",
    "inspection": "EXAMINE",
    "re-performance": "TEST",
    "exercise": "TEST",
    "test": "TEST",
}
"""Method of an evidence item -> OSCAL method."""
ATTACHED: dict[str, Literal["TEST", "EXAMINE", "UNKNOWN"]] = {
    "census": "TEST",
    "exercise": "TEST",
    "result": "TEST",
    "judgement": "EXAMINE",
    "attested": "UNKNOWN",
}
"""Kind of attached evidence -> OSCAL method; a statement without a file is UNKNOWN, whatever its kind."""


def decision_properties(body: Decided) -> Iterator[Json]:
    """What OSCAL has no field for."""
    yield from prop("re-assessment", body.reassessment)
    yield from prop("subject", body.subject)
    yield from prop("version", body.version)
    yield from prop("decision", body.decision)
    yield from prop("deployment-decision", body.deployment_decision)
    yield from prop("basis", basis_word(body.basis))
    yield from prop("mode", body.mode)
    yield from prop("self-assessed", str(body.self_assessed).lower())
    for cell in body.cells:
        yield from prop("deployment", cell)
    for due_date in body.next_due:
        yield from prop("next-due", f"{due_date.cell} {due_date.due or 'not stated'}")
    for follow_up in body.follow_ups:
        yield from prop("follow-up-due", follow_up.due)


def prop(name: str, value: object) -> list[Json]:
    """The list with one property; empty for None."""
    return [] if value is None else [{"name": name, "ns": NAMESPACE, "value": str(value)}]


def covered_words(body: Decided) -> str:
    """` for public-api`, or nothing where no deployment is named."""
    named = [cell for cell in body.cells if cell != "*"]
    return f" for {', '.join(named)}" if named else ""


def token(subject: str) -> str:
    """A subject as an OSCAL token, which must not begin with a digit."""
    return subject if subject[:1].isalpha() else f"_{subject}"


def objective_id(subject: str) -> str:
    """The id of the objective that a subject is effective."""
    return f"{token(subject)}_objective"


def instant_text(at: datetime) -> str:
    """An instant with its zone."""
    return at.isoformat()


def relevant_evidence(attached: Attached, readings: Sequence[Mapping[str, object]]) -> Iterator[Json]:
    """What an observation rests on: a file by its digest, and its readings in the ledger."""
    digests = dict.fromkeys(str(reading["digest"]) for reading in readings if reading.get("digest"))
    for digest in digests or ([attached.digest] if attached.digest else []):
        yield {"description": "The file, by its digest.", "props": [*prop("digest", digest)]}
    if attached.result:
        yield {
            "description": "What was counted in it: an object of the ledger, by its digest.",
            "props": [*prop("readings", attached.result.readings)],
        }


def criterion_words(criterion: CriterionResult) -> str:
    """`not measured, attested`."""
    return f"{criterion.verdict.replace('-', ' ')}, {basis_word(criterion.basis)}"


def expires_at_end(last_day: date | None, zone: tzinfo = UTC) -> Json:
    """`expires` at the end of the last day; nothing where nothing ends."""
    return {"expires": end_of_day(last_day, zone)} if last_day else {}


def end_of_day(day: date, zone: tzinfo = UTC) -> str:
    """The end of a day in a time zone: the first instant of the next one."""
    return start_of_day(day + timedelta(days=1), zone)


def start_of_day(day: date, zone: tzinfo = UTC) -> str:
    """The first instant of a day in a time zone."""
    return datetime.combine(day, time(), zone).isoformat()
