"""What `ledger verify` found, for a person."""

from collections.abc import Iterator, Sequence
from typing import TextIO

from reassay.ledger.finding import LedgerFinding
from reassay.ledger.keys import short
from reassay.ledger.store.codec import Written
from reassay.ledger.store.open import Opened
from reassay.ledger.store.verify import Verification
from reassay.ledger.trust import Span, Standing
from reassay.register.finding import inert

SHOWN = 40
"""Findings that are printed; JSON has them all."""
WORDS: dict[Standing, str] = {
    "unsigned": "carry no signature",
    "trusted": "signed by key {key}, behind which a key stands that you trust",
    "self-attested": "signed by key {key}: self-attested, because you named no key that you trust",
    "untrusted": "signed by key {key}, behind which no key stands that you trust",
    "unknown": "signed by key {key}, and unknown: that key was revoked, or rests on one that was",
}


def show(opened: Opened, out: TextIO) -> None:
    """Facts, then findings with errors first, then the result in one line."""
    for line in (*_facts(opened), *_findings(opened.found.findings), "", result(opened)):
        print(inert(line), file=out)


def result(opened: Opened) -> str:
    """One sentence."""
    found = opened.found
    errors = sum(each.severity == "error" for each in found.findings)
    if found.result == "broken":
        return f"BROKEN: {errors} {'thing does' if errors == 1 else 'things do'} not hold."
    if errors:
        return "UNCONFIRMED: nothing was changed, and a part of it rests on a key that you did not say you trust."
    standings = {span.standing for span in found.trust.spans}
    if standings == {"unsigned"}:
        return "Fine, and unsigned: nothing in the middle was changed. Who wrote it, this does not show."
    if "trusted" in standings:
        return "Fine: chain and signatures hold, as far as it says above."
    return "Fine, and self-attested: the signatures hold, by keys that only the ledger itself names (--trusted-key)."


def _facts(opened: Opened) -> Iterator[str]:
    found = opened.found
    written = found.chain.written
    if not written:
        yield f"Branch {opened.ref} at {found.commit[:12]} holds no entry that can be read."
        return
    ledger = written[0].entry.ledger
    yield f"Ledger {ledger.ledger_id} of repository {ledger.repository_id} on {ledger.host}"
    if opened.origin_host and opened.origin_host != ledger.host.lower():
        yield f"  recorded on {ledger.host}; this checkout comes from {opened.origin_host}"
    first, last = (f"{each.entry.recorded_at:%Y-%m-%d %H:%M}" for each in (written[0], written[-1]))
    yield f"Branch {opened.ref} at {found.commit[:12]}: {len(written)} entries, {first} to {last} UTC"
    yield ""
    for span in found.trust.spans:
        yield _span(span)
    yield ""
    yield from _keys(found)
    yield _objects(found)
    yield _history(found)
    yield from _anchors(found, written)


def _span(span: Span) -> str:
    name = f"Entries {span.first}-{span.last}" if span.first != span.last else f"Entry {span.first}"
    words = WORDS[span.standing].format(key=short(span.key or ""))
    cover = f"; entry {span.covered_by} covers them as they stood then" if span.covered_by else ""
    return f"{name:<20}{words}{cover}"


def _keys(found: Verification) -> Iterator[str]:
    for key in found.chain.book.keys.values():
        state = "in force" if key.id == found.chain.book.current else "replaced"
        revoked = f", revoked from entry {key.revoked_from} on" if key.revoked_from else ""
        yield f"Key        {key.id}: {key.how}, by entry {key.added_by}, {state}{revoked}"


def _objects(found: Verification) -> str:
    objects = found.objects
    line = f"Objects    {len(objects.named)} named, {len(objects.redacted)} redacted"
    if not objects.redacted:
        return line
    seqs = sorted({seq for name in objects.redacted for seq in objects.named[name]})
    some = ", ".join(map(str, seqs[:10]))
    return f"{line} (removed; their digests stay): entries {some}{' and more' if len(seqs) > 10 else ''}"  # noqa: PLR2004 -- as sliced


def _history(found: Verification) -> str:
    history = found.history
    line = f"History    {history.commits} commits were looked at"
    if history.is_shallow:
        return f"{line}; older ones are not in this checkout (shallow): `git fetch --unshallow` brings them"
    return f"{line}, from the first one on"


def _anchors(found: Verification, written: Sequence[Written]) -> Iterator[str]:
    last = written[-1]
    if found.anchored is None:
        yield "Anchor     no external anchor since the beginning: a branch that was cut or rolled back looks whole"
    elif found.anchored < last.entry.seq:
        at = next(each.entry.recorded_at for each in written if each.entry.seq == found.anchored)
        yield f"Anchor     no external anchor since entry {found.anchored} of {at:%Y-%m-%d}: what followed it may have been cut"
    else:
        yield f"Anchor     your anchor is of the last entry, {found.anchored}"
    yield f"           to keep elsewhere: {last.entry.seq}:{last.digest.removeprefix('sha256:')}"


def _findings(findings: Sequence[LedgerFinding]) -> Iterator[str]:
    ordered = sorted(findings, key=lambda each: ("error", "warning", "note").index(each.severity))
    for each in ordered[:SHOWN]:
        place = f"{each.path}, entry {each.seq}" if each.seq else each.path
        yield ""
        yield f"{each.severity} {each.code} ({place})"
        yield f"  {each.what}. {each.why}"
        yield f"  {each.remedy}"
    if len(ordered) > SHOWN:
        yield ""
        yield f"and {len(ordered) - SHOWN} more; --format json has them all"
