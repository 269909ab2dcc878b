"""Records that a round makes: what the ledger will say with them, and the one append that writes them."""

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
    """Records still to be appended, and the situation as it will be once they are."""

    inputs: SweepInput
    assessment_input: AssessmentInput
    records: list[Record] = field(default_factory=list)
    objects: dict[str, bytes] = field(default_factory=dict)
    """Objects that the records name, by digest."""

    @staticmethod
    def of(inputs: SweepInput) -> "LedgerDraft":
        """An empty one. Raises UpstreamError for another repository's ledger."""
        refuse_foreign(inputs.content.ledger, inputs.look.repository.id)
        return LedgerDraft(inputs, inputs.assessment_input)

    def add(self, records: Sequence[Record], objects: Mapping[str, bytes] | None = None) -> None:
        """Further records; only these are added to the history."""
        inputs = self.inputs
        identity = LedgerIdentity(host="", repository_id=inputs.look.repository.id, ledger_id="")
        base = (inputs.content.branch, inputs.content.commit)
        entries = entries_for(records, self.assessment_input.history.seq, identity, base, self.assessment_input.now)
        self.assessment_input = self.assessment_input.after(entries)
        self.records += records
        self.objects |= objects or {}


def identity_of(inputs: SweepInput, context: RunContext) -> LedgerIdentity:
    """The identity of the ledger; a new one gets an id that no other ledger has."""
    ledger, repository_id = inputs.content.ledger, inputs.look.repository.id
    if ledger.entries:
        refuse_foreign(ledger, repository_id)
        return ledger.entries[0].ledger
    return LedgerIdentity(host=context.host, repository_id=repository_id, ledger_id=context.nonce())


def refuse_foreign(ledger: LedgerState, repository_id: int) -> None:
    """Raises UpstreamError if a ledger was written for another repository."""
    if not ledger.entries or ledger.entries[0].ledger.repository_id == repository_id:
        return
    owner = ledger.entries[0].ledger
    message = (
        f"this ledger is of repository {owner.repository_id} on {owner.host}, and this is repository {repository_id}."
    )
    remedy = (
        "A renamed or transferred repository keeps its number: the branch was copied. Rename it to start a new one."
    )
    raise UpstreamError(message, where="reassay-ledger", remedy=remedy)


def policy_of(inputs: SweepInput) -> Policy:
    """The rules under which this run records."""
    configuration = inputs.assessment_input.register.configuration
    return Policy(configuration.mode or "remind", policy_digest(configuration))


def append_action(
    records: Sequence[Record], objects: Mapping[str, bytes], inputs: SweepInput, context: RunContext
) -> AppendToLedger:
    """The append that brings `records` into the ledger."""
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
