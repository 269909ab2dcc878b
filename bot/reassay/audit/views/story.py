"""Everything recorded about one re-assessment, in order, and its verdict as known then and as known now."""

from collections.abc import Mapping, Sequence
from typing import TextIO

from reassay.common.errors import UsageError
from reassay.common.json_text import to_json
from reassay.ledger.history import History, Reassessment
from reassay.ledger.named_objects import named_objects
from reassay.ledger.store.branch import read_objects
from reassay.ledger.store.codec import Written
from reassay.ledger.store.open import Opened
from reassay.ledger.views.documents import full
from reassay.register.finding import inert

_LONGEST = 300
_BULKY = frozenset(
    {"kind", "reassessment", "subject", "nonce", "run", "lease_until", "snapshot", "checklist", "content"}
)


def show_story(opened: Opened, name: str, out: TextIO, *, as_json: bool) -> None:
    """Raises UsageError if there is no such record."""
    wanted = name.upper()
    chain = opened.found.chain.written
    history = History.of(each.entry for each in chain)
    each = history.reassessments.get(wanted)
    if each is None:
        remedy = "`reassay ledger log` lists those there are."
        raise UsageError(f"there is no record {name} that can be read.", where=opened.ref, remedy=remedy)
    own = [one for one in chain if getattr(one.entry.body, "reassessment", None) == wanted]
    if as_json:
        entries = [full(opened, one) for one in own]
        document = {"schema": "reassay/ledger-record/v1", "record": wanted, "subject": each.subject, **_verdicts(each)}
        out.write(to_json(document | {"entries": entries}))
        return
    objects = read_objects(opened.git, opened.found.commit, {name for one in own for name in named_objects(one.entry)})
    print(inert(f"{wanted}: {each.subject}, {', '.join(each.cells)}, {each.depth}"), file=out)
    for one in own:
        print(inert(_line(one, objects, opened)), file=out)
    for when, verdict in _verdicts(each).items():
        print(inert(f"{when.replace('_', ' ').capitalize()}: {verdict}"), file=out)


def _verdicts(each: Reassessment) -> Mapping[str, str]:
    decided = each.decided
    if decided is None:
        words = {
            "open": f"open, due {each.due}",
            "superseded": "closed, no longer due",
            "side-exit": "closed without a decision",
        }
        return {"as_known_now": words[each.state]}
    stamp = ", self-assessed" if decided.self_assessed else ""
    then = f"{decided.decision} ({decided.basis}{stamp}), entry {each.decided_seq} of {decided.decided_on}"
    now = f"withdrawn by entry {each.withdrawn_seq}: it counts for nothing" if each.withdrawn_seq else then
    return {"as_known_then": then, "as_known_now": now}


def _line(written: Written, objects: Mapping[str, object], opened: Opened) -> str:
    entry = written.entry
    actor = f"account {entry.actor}" if entry.actor is not None else "calendar"
    standing = opened.found.trust.standing(entry.seq)
    said = "; ".join(_said(entry.body.model_dump(mode="json"), objects))
    head = f"{entry.seq:>6}  {entry.recorded_at:%Y-%m-%d %H:%M}  {entry.body.kind:<12}{actor:<16}{standing:<14}"
    return f"{head}{said if len(said) <= _LONGEST else said[: _LONGEST - 1] + '…'}"


def _said(body: Mapping[str, object], objects: Mapping[str, object]) -> Sequence[str]:
    """Fields that say something, with the words that digests stand for."""
    found = []
    for name, value in body.items():
        if name in _BULKY or value in (None, "", [], False):
            continue
        found.append(f"{name.replace('_', ' ')} {_words(value, objects)}")
    return found


def _words(value: object, objects: Mapping[str, object]) -> str:
    if isinstance(value, str) and value.startswith("sha256:"):
        return f"'{objects[value]}'" if isinstance(objects.get(value), str) else _held(value, objects)
    if isinstance(value, str) and ":sha256:" in value:
        return value.rsplit(":", 1)[-1][:12]
    if isinstance(value, list):
        return ", ".join(_words(each, objects) for each in value)
    if isinstance(value, dict):
        parts = ((name, each) for name, each in value.items() if each not in (None, "", [], False))
        return " ".join(f"{name.replace('_', ' ')} {_words(each, objects)}" for name, each in parts)
    return str(value)


def _held(name: str, objects: Mapping[str, object]) -> str:
    value = objects.get(name)
    if isinstance(value, dict):
        return " ".join(f"{key} {item}" for key, item in value.items() if isinstance(item, str) and item)
    return "(redacted)" if value is None else str(name)[7:19]
