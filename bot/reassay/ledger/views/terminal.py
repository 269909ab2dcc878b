"""The result of `ledger verify` as text."""

from collections.abc import Iterator, Sequence
from typing import TextIO

from reassay.ledger.finding import LedgerFinding
from reassay.ledger.keys import short
from reassay.ledger.store.codec import StoredEntry
from reassay.ledger.store.verification import Verification
from reassay.ledger.store.verified_ledger import VerifiedLedger
from reassay.ledger.trust import Span, Standing
from reassay.register.finding import inert

SHOWN = 40
"""Findings that are printed at most; JSON has all."""
WORDS: dict[Standing, str] = {
    "unsigned": "unsigned",
    "trusted": "signed by key {key}, which you trust or a trusted key introduced",
    "self-attested": "signed by key {key}: self-attested, because no --trusted-key was given",
    "untrusted": "signed by key {key}, which you do not trust",
    "unknown": "unknown: signed by key {key}, which was revoked or added by a revoked key",
}


def show(opened: VerifiedLedger, out: TextIO) -> None:
    """Prints facts, findings with errors first, and the result."""
    for line in (*_facts(opened), *_findings(opened.verification.findings), "", result(opened)):
        print(inert(line), file=out)


def result(opened: VerifiedLedger) -> str:
    """The result in one sentence."""
    verification = opened.verification
    errors = sum(finding.severity == "error" for finding in verification.findings)
    if verification.result == "broken":
        return f"BROKEN: {errors} {'error' if errors == 1 else 'errors'}, see above."
    if errors:
        return "UNCONFIRMED: no change was found, but some entries depend on a key that you did not name as trusted."
    standings = {span.standing for span in verification.trust.spans}
    if standings == {"unsigned"}:
        return "Fine, but unsigned: the chain is intact; the authors of its entries cannot be verified."
    if "trusted" in standings:
        return "Fine: chain and signatures are valid, within the limits above."
    return "Fine, but self-attested: the signatures are valid, by keys that only the ledger names (see --trusted-key)."


def _facts(opened: VerifiedLedger) -> Iterator[str]:
    verification = opened.verification
    written = verification.chain.written
    if not written:
        yield f"Branch {opened.ref} at {verification.commit[:12]} has no entry that can be read."
        return
    ledger = written[0].entry.ledger
    yield f"Ledger {ledger.ledger_id} of repository {ledger.repository_id} on {ledger.host}"
    if opened.origin_host and opened.origin_host != ledger.host.lower():
        yield f"  recorded on {ledger.host}; this checkout comes from {opened.origin_host}"
    first, last = (f"{stored.entry.recorded_at:%Y-%m-%d %H:%M}" for stored in (written[0], written[-1]))
    yield f"Branch {opened.ref} at {verification.commit[:12]}: {len(written)} entries, {first} to {last} UTC"
    yield ""
    for span in verification.trust.spans:
        yield span_words(span)
    yield ""
    yield from _keys(verification)
    yield _objects(verification)
    yield _history(verification)
    yield from _anchors(verification, written)


def span_words(span: Span) -> str:
    """Which entries are signed by which key, and how far that is trusted."""
    name = f"Entries {span.first}-{span.last}" if span.first != span.last else f"Entry {span.first}"
    words = WORDS[span.standing].format(key=short(span.key or ""))
    cover = f"; entry {span.covered_by} confirms them as they were then" if span.covered_by else ""
    return f"{name:<20}{words}{cover}"


def _keys(verification: Verification) -> Iterator[str]:
    for key in verification.chain.book.keys.values():
        state = "in force" if key.id == verification.chain.book.current else "replaced"
        revoked = f", revoked from entry {key.revoked_from} on" if key.revoked_from else ""
        yield f"Key        {key.id}: {key.how}, by entry {key.added_by}, {state}{revoked}"


def _objects(verification: Verification) -> str:
    objects = verification.objects
    line = f"Objects    {len(objects.named)} named, {len(objects.redacted)} redacted"
    if not objects.redacted:
        return line
    seqs = sorted({seq for name in objects.redacted for seq in objects.named[name]})
    some = ", ".join(map(str, seqs[:10]))
    return f"{line} (removed; their digests stay): entries {some}{' and more' if len(seqs) > 10 else ''}"  # noqa: PLR2004 -- as sliced


def _history(verification: Verification) -> str:
    history = verification.history
    line = f"History    {history.commits} commits checked"
    if history.is_shallow:
        return f"{line}; older ones are missing (shallow checkout): run `git fetch --unshallow`"
    return f"{line}, all since the first"


def _anchors(verification: Verification, written: Sequence[StoredEntry]) -> Iterator[str]:
    last = written[-1]
    if verification.anchored is None:
        yield "Anchor     no external anchor: a truncated or rolled-back branch would not be noticed"
    elif verification.anchored < last.entry.seq:
        at = next(stored.entry.recorded_at for stored in written if stored.entry.seq == verification.anchored)
        since = f"entry {verification.anchored} of {at:%Y-%m-%d}"
        yield f"Anchor     no external anchor since {since}: a later truncation would not be noticed"
    else:
        yield f"Anchor     your anchor matches the last entry, {verification.anchored}"
    yield f"           keep this elsewhere: {last.entry.seq}:{last.digest.removeprefix('sha256:')}"


def _findings(findings: Sequence[LedgerFinding]) -> Iterator[str]:
    ordered = sorted(findings, key=lambda finding: ("error", "warning", "note").index(finding.severity))
    for finding in ordered[:SHOWN]:
        place = f"{finding.path}, entry {finding.seq}" if finding.seq else finding.path
        yield ""
        yield f"{finding.severity} {finding.code} ({place})"
        yield f"  {finding.what}. {finding.why}"
        yield f"  {finding.remedy}"
    if len(ordered) > SHOWN:
        yield ""
        yield f"and {len(ordered) - SHOWN} more; --format json lists all"
