"""Decisions as OSCAL assessment results (https://pages.nist.gov/OSCAL/).

One result for each decision, in the order of the ledger. Controls are the register's subjects. Observations are the decision, its
criteria, the evidence attached to the re-assessment, and the evidence items of the register at the decision's commit. Each
says when it was collected; those that end say when they expire: at the end of that day, in the time zone of the register at the
decision's commit, or in UTC where the clone does not have it. Findings are the decision and
each criterion, risks are those that are not satisfied, with the follow-ups as planned remediations. Free text may name people,
so only its digest is exported. Every uuid follows from the ledger and the entry, so a second export gives the same document
where the clone has the same commits.
"""

import uuid
from collections.abc import Iterator, Sequence

from reassay.audit.evidence_rows import performed_at, readings_of
from reassay.audit.views.oscal_words import (
    ATTACHED,
    CRITERIA,
    GATHERED,
    METHODS,
    REASONS,
    Json,
    covered_words,
    criterion_words,
    decision_properties,
    end_of_day,
    expires_at_end,
    instant_text,
    objective_id,
    prop,
    relevant_evidence,
    start_of_day,
    token,
)
from reassay.audit.views.register_evidence import register_evidence
from reassay.common.errors import UsageError
from reassay.common.json_text import to_json
from reassay.ledger.answers import Attached
from reassay.ledger.entry import Decided, Entry, Opened, basis_word
from reassay.ledger.history import History
from reassay.ledger.reassessment import decision_of
from reassay.ledger.risks import Corrected
from reassay.ledger.store import verified_ledger as _verified_ledger
from reassay.ledger.store.branch import read_objects
from reassay.ledger.store.codec import StoredEntry, anchor

OSCAL = "1.1.2"
"""Version of OSCAL; tools for later 1.x versions read it as well."""


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
        self.ended = {name: body for name, body in self.corrected.items() if body.how == "withdraw"}
        attached = [entry.entry for entry in written if isinstance(entry.entry.body, Attached)]
        self.attached = attached
        named = {body.result.readings for entry in attached if isinstance(body := entry.body, Attached) and body.result}
        snapshots = {entry.entry.body.snapshot for entry in written if isinstance(entry.entry.body, Decided)}
        self.objects = read_objects(opened.git, opened.verification.commit, named | snapshots)
        commits = {entry.entry.register_commit for entry in written if isinstance(entry.entry.body, Decided)}
        self.register_evidence = register_evidence(opened.git, commits)
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
            "last-modified": instant_text(self.last.entry.recorded_at),
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
                "remarks": "The register states what was to be assessed, and when.",
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
        about = [*prop("ledger-digest", last.digest), *prop("register-commit", last.entry.register_commit)]
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
        criteria = list(self._criteria_seen(entry, body))
        rests_on = [*self._attached_seen(entry, body), *self._items_seen(entry, body)]
        observations = [self._decision_seen(entry, body), *criteria, *rests_on]
        risks = [*self._risks(entry, body)]
        return {
            "uuid": self.id(f"{entry.seq}"),
            "title": f"{body.reassessment}: {body.subject}",
            "description": f"Re-assessment {body.reassessment} of {body.subject}, decided on {body.decided_on}: {body.verdict}.",
            "start": instant_text(start),
            "end": instant_text(entry.recorded_at),
            "props": [*self._entry_properties(written), *decision_properties(body)],
            "reviewed-controls": {"control-selections": [{"include-controls": [{"control-id": token(body.subject)}]}]},
            "observations": observations,
            **({"risks": risks} if risks else {}),
            "findings": [
                self._finding(entry, body, observations, risks),
                *self._criteria_found(entry, body, criteria),
            ],
        } | self._remarks(body)

    def _entry_properties(self, written: StoredEntry) -> Iterator[Json]:
        yield from prop("ledger-entry", written.entry.seq)
        yield from prop("ledger-digest", written.digest)
        yield from prop("standing", self.trust.standing(written.entry.seq))

    def _remarks(self, body: Decided) -> Json:
        corrected = self.corrected.get(body.reassessment)
        if corrected is None:
            return {}
        words = {
            "erratum": "An erratum to it was recorded later.",
            "withdraw": "It was withdrawn later: it no longer counts.",
        }
        return {"remarks": words[corrected.how]}

    def _decision_seen(self, entry: Entry, body: Decided) -> Json:
        about = [*prop("snapshot", body.snapshot), *prop("content", body.content)]
        about += prop("because", body.because)
        seen: Json = {
            "uuid": self.id(f"{entry.seq}/decision"),
            "description": (
                f"Basis of the decision: {basis_word(body.basis)}. The snapshot is what was assessed, by its digest."
            ),
            "props": about,
            "methods": [METHODS[body.basis]],
            "types": ["control-objective"],
        }
        expires = min((due.due for due in body.next_due if due.due), default=None)
        zone = self.register_evidence.days_in(entry.register_commit)
        return (
            seen | self._origins(entry) | {"collected": instant_text(entry.recorded_at)} | expires_at_end(expires, zone)
        )

    def _attached_seen(self, entry: Entry, body: Decided) -> Iterator[Json]:
        """The evidence attached to the re-assessment until it was decided: what was counted, by digest."""
        for own in self.attached:
            attached = own.body
            if not isinstance(attached, Attached) or (attached.reassessment, own.seq < entry.seq) != (
                body.reassessment,
                True,
            ):
                continue
            readings = readings_of(attached, self.objects)
            instants = [instant for reading in readings if (instant := performed_at(reading))]
            about = [
                *prop("criterion", attached.criterion),
                *prop("provenance", attached.provenance),
                *prop("arm", attached.result.arm if attached.result else None),
                *prop("trained-on", attached.result.trained_on if attached.result else None),
            ]
            seen: Json = {
                "uuid": self.id(f"{entry.seq}/evidence/{own.seq}"),
                "description": f"Evidence of kind {attached.evidence}, attached by entry {own.seq}.",
                "props": [*prop("ledger-entry", own.seq), *about],
                "methods": ["UNKNOWN" if attached.provenance == "word" else ATTACHED[attached.evidence]],
                "types": ["control-objective"],
            }
            relevant = list(relevant_evidence(attached, readings))
            collected = {"collected": instant_text(max(instants) if instants else own.recorded_at)}
            yield seen | ({"relevant-evidence": relevant} if relevant else {}) | collected

    def _items_seen(self, entry: Entry, body: Decided) -> Iterator[Json]:
        """The evidence items of the register about the subject, as of the decision."""
        commit, day = entry.register_commit, body.decided_on
        zone = self.register_evidence.days_in(commit)
        for item in self.register_evidence.about(commit, body.subject, day):
            relevant: Json = {
                "description": f"Evidence item {item.id} of the register at commit {entry.register_commit}.",
                "props": [*prop("salted-digest", item.sealed.salted_digest)] if item.sealed else [],
            }
            yield {
                "uuid": self.id(f"{entry.seq}/item/{item.id}"),
                "description": f"Evidence item {item.id}: {item.method} of {item.performed_at}.",
                "props": [*prop("evidence-item", item.id), *prop("register-commit", entry.register_commit)],
                "methods": [GATHERED[item.method]],
                "types": ["control-objective"],
                "relevant-evidence": [{key: value for key, value in relevant.items() if value}],
                "collected": start_of_day(item.performed_at, zone),
            } | expires_at_end(self.register_evidence.expiry(commit, body.subject, item, day), zone)

    def _criteria_found(self, entry: Entry, body: Decided, seen: Sequence[Json]) -> Iterator[Json]:
        """One finding for each criterion, by its observation."""
        for number, (criterion, observation) in enumerate(zip(body.criteria, seen, strict=True), 1):
            yield {
                "uuid": self.id(f"{entry.seq}/finding/{number}"),
                "title": f"{criterion.name} of {body.subject}",
                "description": f"Criterion {criterion.name}: {criterion_words(criterion)}.",
                "target": {
                    "type": "objective-id",
                    "target-id": f"{objective_id(body.subject)}.{number}",
                    "status": {
                        "state": "satisfied" if criterion.verdict == "met" else "not-satisfied",
                        "reason": CRITERIA[criterion.verdict],
                        "remarks": f"{criterion_words(criterion)}.",
                    },
                },
                "related-observations": [{"observation-uuid": observation["uuid"]}],
            }

    def _risks(self, entry: Entry, body: Decided) -> Iterator[Json]:
        """The risk that a decision leaves: it is closed once the decision was withdrawn."""
        if body.decision == "effective":
            return
        unmet = [criterion for criterion in body.criteria if criterion.verdict != "met"]
        words = "; ".join(f"{criterion.name}: {criterion.verdict}" for criterion in unmet)
        risk: Json = {
            "uuid": self.id(f"{entry.seq}/risk"),
            "title": f"{body.subject} is {body.verdict}",
            "description": f"{body.subject} was found {body.verdict}{covered_words(body)}.",
            "statement": f"Not met: {words}." if words else "The record, given by its digest, states what remains.",
            "status": "closed" if body.reassessment in self.ended else "open",
        }
        planned = [
            {
                "uuid": self.id(f"{entry.seq}/follow-up/{number}"),
                "lifecycle": "planned",
                "title": f"Follow-up {number}, by {follow_up.due}",
                "description": "The record, given by its digest, states what has to be done.",
                "props": [*prop("follow-up-due", follow_up.due), *prop("text", follow_up.text)],
            }
            for number, follow_up in enumerate(body.follow_ups, 1)
        ]
        last = max((follow_up.due for follow_up in body.follow_ups), default=None)
        deadline: Json = (
            {"deadline": end_of_day(last, self.register_evidence.days_in(entry.register_commit))} if last else {}
        )
        yield risk | deadline | ({"remediations": planned} if planned else {})

    def _criteria_seen(self, entry: Entry, body: Decided) -> Iterator[Json]:
        for number, criterion in enumerate(body.criteria, 1):
            seen: Json = {
                "uuid": self.id(f"{entry.seq}/criterion/{number}"),
                "description": f"Criterion {criterion.name}: {criterion_words(criterion)}.",
                "props": [
                    *prop("criterion", criterion.name),
                    *prop("verdict", criterion.verdict),
                    *prop("inputs", criterion.inputs),
                ],
                "methods": [METHODS[criterion.basis]],
                "types": ["control-objective"],
            }
            yield seen | self._origins(entry) | {"collected": instant_text(entry.recorded_at)}

    def _origins(self, entry: Entry) -> Json:
        if entry.actor is None:
            return {}
        actor: Json = {"type": "party", "actor-uuid": self.id(f"account/{entry.actor}"), "role-id": "assessor"}
        return {"origins": [{"actors": [actor]}]}

    def _finding(self, entry: Entry, body: Decided, observations: Sequence[Json], risks: Sequence[Json]) -> Json:
        state = "satisfied" if body.decision == "effective" else "not-satisfied"
        finding: Json = {
            "uuid": self.id(f"{entry.seq}/finding"),
            "title": f"{body.subject} is {body.verdict}",
            "description": f"{body.subject} was found {body.verdict}{covered_words(body)}.",
        }
        target: Json = {
            "type": "objective-id",
            "target-id": objective_id(body.subject),
            "status": {"state": state, "reason": REASONS[body.decision], "remarks": f"Decided: {body.verdict}."},
        }
        related = [{"observation-uuid": observation["uuid"]} for observation in observations]
        at_risk: Json = {"related-risks": [{"risk-uuid": risk["uuid"]} for risk in risks]} if risks else {}
        return finding | self._origins(entry) | {"target": target, "related-observations": related} | at_risk
