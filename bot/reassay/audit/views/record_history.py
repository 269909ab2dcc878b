"""The history of one record: its entries in order, and its verdict at the time and today."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from textwrap import wrap
from typing import TextIO

from reassay.common.calendar import due_words
from reassay.common.errors import UsageError
from reassay.common.json_text import to_json
from reassay.common.sentences import shortened
from reassay.ledger.entry import basis_word, named_objects
from reassay.ledger.history import History, Reassessment
from reassay.ledger.store.branch import read_objects
from reassay.ledger.store.codec import StoredEntry
from reassay.ledger.store.verified_ledger import VerifiedLedger
from reassay.ledger.views.documents import full
from reassay.ledger.views.names import LedgerNames, deed
from reassay.ledger.views.phrases import phrases
from reassay.register.finding import inert

_LONGEST, _WIDTH, _INDENT = 300, 80, " " * 8


def show_record(opened: VerifiedLedger, name: str, names: LedgerNames, out: TextIO, *, as_json: bool) -> None:
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
    title = names.titles.get(reassessment.subject)
    cells = "" if reassessment.cells == ("*",) else f"deployments {', '.join(reassessment.cells)}"
    facts = (title or "", cells, str(reassessment.depth))
    verdicts = (f"{when.replace('_', ' ').capitalize()}: {words}" for when, words in _verdicts(reassessment).items())
    for line in (f"{wanted} {reassessment.subject}: {', '.join(fact for fact in facts if fact)}", *verdicts):
        print("\n".join(_wrapped(line, "")), file=out)
    for written in own:
        print(file=out)
        print("\n".join(_lines(written, objects, opened, names)), file=out)


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


def _lines(
    written: StoredEntry, objects: Mapping[str, object], opened: VerifiedLedger, names: LedgerNames
) -> Iterator[str]:
    """Number, time, kind, who, standing and deed of an entry, then its fields."""
    entry = written.entry
    recorded = f"{entry.recorded_at.astimezone(UTC):%Y-%m-%d %H:%M}"
    standing = opened.verification.trust.standing(entry.seq)
    facts = (f"{entry.seq:>6}", recorded, entry.body.kind, names.actor(entry.actor), standing, deed(entry.body))
    yield from _wrapped("  ".join(fact for fact in facts if fact), "")
    for phrase in phrases(entry.body.model_dump(mode="json"), objects):
        yield from _wrapped(shortened(phrase, _LONGEST), _INDENT)


def _wrapped(text: str, indent: str) -> Iterator[str]:
    below = indent or _INDENT
    yield from wrap(inert(text), _WIDTH, initial_indent=indent, subsequent_indent=below, break_on_hyphens=False)
