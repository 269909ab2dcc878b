"""Appending records: one commit for all of them, and the history they make."""

from collections.abc import Mapping, Sequence

from reassay.common.errors import UpstreamError
from reassay.ledger.append import Append
from reassay.ledger.entry import LedgerIdentity, Record
from reassay.ledger.history import History
from reassay.ledger.state import LedgerState, Policy, entries_for
from reassay.sweep.actions import AppendToLedger
from reassay.sweep.gather import World
from reassay.sweep.ports import Ports
from reassay.sweep.watch import policy_digest


def identity_of(world: World, ports: Ports) -> LedgerIdentity:
    """Of the ledger there is; a new ledger gets an id nobody else has."""
    if world.content.ledger.entries:
        known = world.content.ledger.entries[0].ledger
        _refuse_another(known, world)
        return known
    return LedgerIdentity(host=ports.host, repository_id=world.look.repository.id, ledger_id=ports.nonce())


def _refuse_another(known: LedgerIdentity, world: World) -> None:
    here = world.look.repository.id
    if known.repository_id != here:
        message = f"this ledger is of repository {known.repository_id} on {known.host}, and this is repository {here}."
        remedy = (
            "A renamed or transferred repository keeps its number: the branch was copied. Rename it to start a new one."
        )
        raise UpstreamError(message, where="reassay-ledger", remedy=remedy)


def preview(ledger: LedgerState, records: Sequence[Record], world: World) -> History:
    """The history as it will be once `records` are appended to `ledger`. Raises UpstreamError if it is not of this repository."""
    if ledger.entries:
        _refuse_another(ledger.entries[0].ledger, world)
    identity = LedgerIdentity(host="", repository_id=world.look.repository.id, ledger_id="")
    base = (world.content.branch, world.content.commit)
    entries = entries_for(records, ledger, identity, base, world.situation.now)
    return world.situation.history.with_entries(entries)


def policy_of(world: World) -> Policy:
    """Under which rules this run records."""
    configuration = world.situation.register.configuration
    return Policy(configuration.mode or "remind", policy_digest(configuration))


def append_action(
    records: Sequence[Record], objects: Mapping[str, bytes], world: World, ports: Ports
) -> AppendToLedger:
    """What to do to have `records` in the ledger."""
    counts: dict[str, int] = {}
    for record in records:
        counts[record.body.kind] = counts.get(record.body.kind, 0) + 1
    what = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    append = Append(
        state=world.content.ledger,
        records=tuple(records),
        objects=objects,
        identity=identity_of(world, ports),
        base=(world.content.branch, world.content.commit),
        at=world.situation.now,
        summary=f"reassay: {what}",
        policy=policy_of(world),
    )
    return AppendToLedger(append, what)
