"""Appending records: one commit for all of them, and the history they make."""

from collections.abc import Mapping, Sequence

from bot.domain.ledger.entry import LedgerIdentity, Record
from bot.domain.ledger.history import History
from bot.domain.ledger.state import LedgerState, entries_for
from bot.services.actions import AppendToLedger
from bot.services.gather import World
from bot.services.ports import Append, Ports


def identity_of(world: World, ports: Ports) -> LedgerIdentity:
    """Of the ledger there is; a new ledger gets an id nobody else has."""
    if world.content.ledger.entries:
        return world.content.ledger.entries[0].ledger
    return LedgerIdentity(host=ports.host, repository_id=world.look.repository.id, ledger_id=ports.nonce())


def preview(ledger: LedgerState, records: Sequence[Record], world: World) -> History:
    """The history as it will be once `records` are appended to `ledger`."""
    identity = LedgerIdentity(host="", repository_id=world.look.repository.id, ledger_id="")
    base = (world.content.branch, world.content.commit)
    entries = entries_for(records, ledger, identity, base, world.situation.now)
    history = History.of(ledger.entries)
    for entry in entries:
        history = history.add(entry)
    return history


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
    )
    return AppendToLedger(append, what)
