"""Records of a round, the situation after them, and the append that writes them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reassay.assessment.cells import AssessmentInput
from reassay.common.errors import UpstreamError
from reassay.ledger.entry import LedgerIdentity, Record
from reassay.ledger.state import Append, LedgerState, Policy, entries_for
from reassay.sweep.actions import AppendToLedger
from reassay.sweep.audit_events import policy_digest
from reassay.sweep.input import SweepInput
from reassay.sweep.run_context import RunContext


@dataclass(slots=True)
class LedgerDraft:
    """Records to append, and the situation after them."""

    inputs: SweepInput
    assessment_input: AssessmentInput
    records: list[Record] = field(default_factory=list)
    objects: dict[str, bytes] = field(default_factory=dict)
    """Objects that the records name, by digest."""

    @staticmethod
    def of(inputs: SweepInput) -> "LedgerDraft":
        """An empty draft. Raises UpstreamError for another repository's ledger."""
        refuse_foreign(inputs.content.ledger, inputs.repository_state.repository.id)
        return LedgerDraft(inputs, inputs.assessment_input)

    def add(self, records: Sequence[Record], objects: Mapping[str, bytes] | None = None) -> None:
        """Adds records to the draft and to its situation."""
        inputs = self.inputs
        identity = LedgerIdentity(host="", repository_id=inputs.repository_state.repository.id, ledger_id="")
        base = (inputs.content.branch, inputs.content.commit)
        entries = entries_for(records, self.assessment_input.history.seq, identity, base, self.assessment_input.now)
        # With their objects: a decision without its snapshot would read as one that does not say what it was about.
        parsed = {name: json.loads(data) for name, data in (objects or {}).items()}
        self.assessment_input = self.assessment_input.after(entries, parsed)
        self.records += records
        self.objects |= objects or {}


def identity_of(inputs: SweepInput, context: RunContext) -> LedgerIdentity:
    """The identity of the ledger; a new one gets an id that no other ledger has."""
    ledger, repository_id = inputs.content.ledger, inputs.repository_state.repository.id
    if ledger.entries:
        refuse_foreign(ledger, repository_id)
        return ledger.entries[0].ledger
    return LedgerIdentity(host=context.host, repository_id=repository_id, ledger_id=context.nonce())


def refuse_foreign(ledger: LedgerState, repository_id: int) -> None:
    """Raises UpstreamError if a ledger was written for another repository."""
    if not ledger.entries or ledger.entries[0].ledger.repository_id == repository_id:
        return
    owner = ledger.entries[0].ledger
    message = f"the ledger belongs to repository {owner.repository_id} on {owner.host}, not to this repository ({repository_id})."
    remedy = "The branch was copied from another repository. Rename it to start a new ledger."
    raise UpstreamError(message, where="reassay-ledger", remedy=remedy)


def policy_of(inputs: SweepInput) -> Policy:
    """The rules under which this run records."""
    configuration = inputs.assessment_input.register.configuration
    return Policy(configuration.mode or "remind", policy_digest(configuration))


def append_action(
    records: Sequence[Record], objects: Mapping[str, bytes], inputs: SweepInput, context: RunContext
) -> AppendToLedger:
    """The append that writes `records` to the ledger."""
    counts: dict[str, int] = {}
    for record in records:
        counts[record.body.kind] = counts.get(record.body.kind, 0) + 1
    what = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    append = Append(
        state=inputs.content.ledger,
        records=tuple(records),
        objects=objects,
        identity=identity_of(inputs, context),
        base=(inputs.content.branch, inputs.content.commit),
        at=inputs.assessment_input.now,
        summary=f"reassay: {what}",
        policy=policy_of(inputs),
    )
    return AppendToLedger(append, what)
