"""Decisions as OSCAL assessment results (https://pages.nist.gov/OSCAL/).

One result for each decision, in the order of the ledger. Controls are the register's subjects. Free text may name people, so
only its digest is exported. Every uuid follows from the ledger and the entry, so a second export gives the same document.
"""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from reassay.common.errors import UsageError
from reassay.common.json_text import to_json
from reassay.ledger.criterion_result import Basis
from reassay.ledger.entry import Decided, Decision, Entry, Opened, basis_word
from reassay.ledger.history import History
from reassay.ledger.reassessment import decision_of
from reassay.ledger.risks import Corrected
from reassay.ledger.store import verified_ledger as _verified_ledger
from reassay.ledger.store.codec import StoredEntry, anchor

OSCAL = "1.1.2"
"""Version of OSCAL; tools for later 1.x versions read it as well."""
NAMESPACE = "reassay://oscal/1"
"""Namespace of the properties that OSCAL has no field for. It is an identifier, not an address to fetch."""
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
Json = dict[str, object]


def as_oscal(opened: _verified_ledger.VerifiedLedger) -> str:
    """The OSCAL document. Raises UsageError if nothing has been decided: OSCAL requires at least one result."""
    written = opened.verification.chain.written
    decisions = [written_entry for written_entry in written if isinstance(written_entry.entry.body, Decided)]
    if not decisions:
        remedy = "Export it as JSON or CSV, or conclude a re-assessment first."
        raise UsageError(
            "the ledger has no decision, and an OSCAL document needs at least one.", where=opened.ref, remedy=remedy
        )
    return to_json({"assessment-results": _Export(opened, written).document(decisions)})


class _Export:
    """State that the parts of one document share."""

    def __init__(self, opened: _verified_ledger.VerifiedLedger, written: Sequence[StoredEntry]) -> None:
        self.trust = opened.verification.trust
        self.last = written[-1]
        self.ledger = written[0].entry.ledger
        self.history = History.of(written_entry.entry for written_entry in written)
        self.opened = {
            written_entry.entry.body.reassessment: written_entry.entry
            for written_entry in written
            if isinstance(written_entry.entry.body, Opened)
        }
        self.corrected = {
            written_entry.entry.body.reassessment: written_entry.entry.body
            for written_entry in written
            if isinstance(written_entry.entry.body, Corrected)
        }
        self.urn = f"urn:reassay:ledger:{self.ledger.host}:{self.ledger.repository_id}:{self.ledger.ledger_id}"
        self.names = uuid.uuid5(uuid.NAMESPACE_URL, self.urn)

    def _decision(self, entry: Entry, body: Decided) -> Decided:
        return decision_of(entry, body, self.history.reassessments.get(body.reassessment))

    def id(self, name: str) -> str:
        """A uuid that depends on the ledger and the name alone."""
        return str(uuid.uuid5(self.names, name))

    def document(self, decisions: Sequence[StoredEntry]) -> Json:
        source = self.id("source")
        actors = dict.fromkeys(decision.entry.actor for decision in decisions if decision.entry.actor is not None)
        metadata: Json = {
            "title": f"Re-assessments recorded in ledger {self.ledger.ledger_id} of repository {self.ledger.repository_id}",
            "last-modified": _instant(self.last.entry.recorded_at),
            "version": anchor(self.last.entry.seq, self.last.digest),
            "oscal-version": OSCAL,
        }
        if actors:
            metadata["roles"] = [{"id": "assessor", "title": "Who concluded the re-assessment"}]
            metadata["parties"] = [self._party(actor) for actor in actors]
        return {
            "uuid": self.id(f"document/{self.last.digest}"),
            "metadata": metadata,
            "import-ap": {
                "href": f"#{source}",
                "remarks": "What was to be assessed, and when, stands in the register.",
            },
            "results": [
                self._result(decision, self._decision(decision.entry, decision.entry.body))
                for decision in decisions
                if isinstance(decision.entry.body, Decided)
            ],
            "back-matter": {"resources": [self._source(source)]},
        }

    def _source(self, name: str) -> Json:
        ledger, last = self.ledger, self.last
        text = f"Ledger {ledger.ledger_id} of repository {ledger.repository_id} on {ledger.host}, up to entry {last.entry.seq}"
        about = [*_property("ledger-digest", last.digest), *_property("register-commit", last.entry.register_commit)]
        return {
            "uuid": name,
            "title": "The ledger and the register",
            "props": about,
            "citation": {"text": text},
            "rlinks": [{"href": self.urn}],
        }

    def _party(self, actor: int) -> Json:
        account: Json = {"scheme": f"https://{self.ledger.host}", "id": str(actor)}
        return {"uuid": self.id(f"account/{actor}"), "type": "person", "external-ids": [account]}

    def _result(self, written: StoredEntry, body: Decided) -> Json:
        entry = written.entry
        start = self.opened.get(body.reassessment, entry).recorded_at
        observations = [self._decision_seen(entry, body), *self._criteria_seen(entry, body)]
        return {
            "uuid": self.id(f"{entry.seq}"),
            "title": f"{body.reassessment}: {body.subject}",
            "description": f"Re-assessment {body.reassessment} of {body.subject}, decided on {body.decided_on}: {body.verdict}.",
            "start": _instant(start),
            "end": _instant(entry.recorded_at),
            "props": [*self._entry_properties(written), *_properties(body)],
            "reviewed-controls": {"control-selections": [{"include-controls": [{"control-id": _token(body.subject)}]}]},
            "observations": observations,
            "findings": [self._finding(entry, body, observations)],
        } | self._remarks(body)

    def _entry_properties(self, written: StoredEntry) -> Iterator[Json]:
        yield from _property("ledger-entry", written.entry.seq)
        yield from _property("ledger-digest", written.digest)
        yield from _property("standing", self.trust.standing(written.entry.seq))

    def _remarks(self, body: Decided) -> Json:
        corrected = self.corrected.get(body.reassessment)
        if corrected is None:
            return {}
        words = {
            "erratum": "An erratum to it was recorded later.",
            "withdraw": "It was withdrawn later: it counts no more.",
        }
        return {"remarks": words[corrected.how]}

    def _decision_seen(self, entry: Entry, body: Decided) -> Json:
        about = [*_property("snapshot", body.snapshot), *_property("content", body.content)]
        about += _property("because", body.because)
        seen: Json = {
            "uuid": self.id(f"{entry.seq}/decision"),
            "description": (
                f"What the decision rests on: {basis_word(body.basis)}. The snapshot is what was assessed, by its digest."
            ),
            "props": about,
            "methods": [METHODS[body.basis]],
            "types": ["control-objective"],
        }
        return seen | self._origins(entry) | {"collected": _instant(entry.recorded_at)}

    def _criteria_seen(self, entry: Entry, body: Decided) -> Iterator[Json]:
        for number, criterion in enumerate(body.criteria, 1):
            seen: Json = {
                "uuid": self.id(f"{entry.seq}/criterion/{number}"),
                "description": f"Criterion {criterion.name}: {criterion.verdict}, {basis_word(criterion.basis)}.",
                "props": [*_property("criterion", criterion.name), *_property("verdict", criterion.verdict)],
                "methods": [METHODS[criterion.basis]],
                "types": ["control-objective"],
            }
            yield seen | self._origins(entry) | {"collected": _instant(entry.recorded_at)}

    def _origins(self, entry: Entry) -> Json:
        if entry.actor is None:
            return {}
        actor: Json = {"type": "party", "actor-uuid": self.id(f"account/{entry.actor}"), "role-id": "assessor"}
        return {"origins": [{"actors": [actor]}]}

    def _finding(self, entry: Entry, body: Decided, observations: Sequence[Json]) -> Json:
        state = "satisfied" if body.decision == "effective" else "not-satisfied"
        finding: Json = {
            "uuid": self.id(f"{entry.seq}/finding"),
            "title": f"{body.subject} is {body.verdict}",
            "description": f"{body.subject} was found {body.verdict}{_covered(body)}.",
        }
        target: Json = {
            "type": "objective-id",
            "target-id": _objective_id(body.subject),
            "status": {"state": state, "reason": REASONS[body.decision], "remarks": f"Decided: {body.verdict}."},
        }
        related = [{"observation-uuid": observation["uuid"]} for observation in observations]
        return finding | self._origins(entry) | {"target": target, "related-observations": related}


def _properties(body: Decided) -> Iterator[Json]:
    yield from _property("re-assessment", body.reassessment)
    yield from _property("subject", body.subject)
    yield from _property("version", body.version)
    yield from _property("decision", body.decision)
    yield from _property("deployment-decision", body.deployment_decision)
    yield from _property("basis", basis_word(body.basis))
    yield from _property("mode", body.mode)
    yield from _property("self-assessed", str(body.self_assessed).lower())
    for cell in body.cells:
        yield from _property("deployment", cell)
    for due_date in body.next_due:
        yield from _property("next-due", f"{due_date.cell} {due_date.due or 'not stated'}")
    for follow_up in body.follow_ups:
        yield from _property("follow-up-due", follow_up.due)


def _property(name: str, value: object) -> list[Json]:
    return [] if value is None else [{"name": name, "ns": NAMESPACE, "value": str(value)}]


def _covered(body: Decided) -> str:
    named = [cell for cell in body.cells if cell != "*"]
    return f" for {', '.join(named)}" if named else ""


def _token(subject: str) -> str:
    """A subject as an OSCAL token, which must not begin with a digit."""
    return subject if subject[:1].isalpha() else f"_{subject}"


def _objective_id(subject: str) -> str:
    return f"{_token(subject)}_objective"


def _instant(at: datetime) -> str:
    return at.isoformat()
