"""The history of one record: its entries in order, and its verdict at the time and today."""

from collections.abc import Mapping, Sequence
from typing import TextIO

from reassay.common.calendar import due_words
from reassay.common.errors import UsageError
from reassay.common.json_text import to_json
from reassay.ledger.entry import basis_word, named_objects
from reassay.ledger.history import History, Reassessment
from reassay.ledger.store.branch import read_objects
from reassay.ledger.store.codec import StoredEntry
from reassay.ledger.store.verified_ledger import VerifiedLedger
from reassay.ledger.views.documents import full
from reassay.register.finding import inert

_LONGEST = 300
_BULKY = frozenset(
    {"kind", "reassessment", "subject", "nonce", "run", "lease_until", "snapshot", "checklist", "content"}
)


def show_record(opened: VerifiedLedger, name: str, out: TextIO, *, as_json: bool) -> None:
    """Prints the history of a record. Raises UsageError if there is no such record."""
    wanted = name.upper()
    chain = opened.verification.chain.written
    history = History.of(written.entry for written in chain)
    reassessment = history.reassessments.get(wanted)
    if reassessment is None:
        remedy = "`reassay ledger log` lists all records."
        raise UsageError(f"the ledger has no record '{name}'.", where=opened.ref, remedy=remedy)
    own = [written for written in chain if getattr(written.entry.body, "reassessment", None) == wanted]
    if as_json:
        entries = [full(opened, written) for written in own]
        document = {
            "schema": "reassay/ledger-record/v1",
            "record": wanted,
            "subject": reassessment.subject,
            **_verdicts(reassessment),
        }
        out.write(to_json(document | {"entries": entries}))
        return
    objects = read_objects(
        opened.git, opened.verification.commit, {name for written in own for name in named_objects(written.entry)}
    )
    print(inert(f"{wanted}: {reassessment.subject}, {', '.join(reassessment.cells)}, {reassessment.depth}"), file=out)
    for written in own:
        print(inert(_line(written, objects, opened)), file=out)
    for when, verdict in _verdicts(reassessment).items():
        print(inert(f"{when.replace('_', ' ').capitalize()}: {verdict}"), file=out)


def _verdicts(reassessment: Reassessment) -> Mapping[str, str]:
    decided = reassessment.decided
    if decided is None:
        words = {
            "open": f"open, due {due_words(reassessment.due, reassessment.due_at) if reassessment.due_at else reassessment.due}",
            "superseded": "closed, no longer due",
            "side-exit": "closed without a decision",
        }
        return {"as_known_now": words[reassessment.state]}
    stamp = ", self-assessed" if decided.self_assessed else ""
    then = f"{decided.decision} ({basis_word(decided.basis)}{stamp}), entry {reassessment.decided_seq} of {decided.decided_on}"
    now = (
        f"withdrawn by entry {reassessment.withdrawn_seq}: it no longer counts" if reassessment.withdrawn_seq else then
    )
    return {"as_known_then": then, "as_known_now": now}


def _line(written: StoredEntry, objects: Mapping[str, object], opened: VerifiedLedger) -> str:
    entry = written.entry
    actor = f"account {entry.actor}" if entry.actor is not None else "bot"
    standing = opened.verification.trust.standing(entry.seq)
    words = "; ".join(_phrases(entry.body.model_dump(mode="json"), objects))
    head = f"{entry.seq:>6}  {entry.recorded_at:%Y-%m-%d %H:%M}  {entry.body.kind:<12}{actor:<16}{standing:<14}"
    return f"{head}{words if len(words) <= _LONGEST else words[: _LONGEST - 1] + '…'}"


def _phrases(body: Mapping[str, object], objects: Mapping[str, object]) -> Sequence[str]:
    """Fields with a value as words; a digest of a text is replaced by the text."""
    phrases = []
    for name, value in body.items():
        if name in _BULKY or value in (None, "", [], False):
            continue
        phrases.append(f"{name.replace('_', ' ')} {_words(value, objects)}")
    return phrases


def _words(value: object, objects: Mapping[str, object]) -> str:
    if isinstance(value, str) and value.startswith("sha256:"):
        return f"'{objects[value]}'" if isinstance(objects.get(value), str) else _object_words(value, objects)
    if isinstance(value, str) and ":sha256:" in value:
        return value.rsplit(":", 1)[-1][:12]
    if isinstance(value, list):
        return ", ".join(_words(item, objects) for item in value)
    if isinstance(value, dict):
        parts = ((name, item) for name, item in value.items() if item not in (None, "", [], False))
        return " ".join(f"{name.replace('_', ' ')} {_words(item, objects)}" for name, item in parts)
    return str(value)


def _object_words(name: str, objects: Mapping[str, object]) -> str:
    value = objects.get(name)
    if isinstance(value, dict):
        return " ".join(f"{key} {item}" for key, item in value.items() if isinstance(item, str) and item)
    return "(redacted)" if value is None else str(name)[7:19]
