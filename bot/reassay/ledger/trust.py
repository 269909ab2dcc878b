"""Trust in the entries of a ledger, by its keys and the keys that the reader trusts.

A key is trusted if the reader names it, or if a trusted key introduced it. An entry that a stolen key may have written is
unknown, and so is everything that depends on it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from reassay.ledger.finding import LedgerFinding
from reassay.ledger.keys import KeyBook, KeyRecord, short

Standing = Literal["unsigned", "trusted", "self-attested", "untrusted", "unknown"]
"""`self-attested`: signed, and the reader named no key. `untrusted`: signed by a key without a link to a trusted key."""
Signed = tuple[int, str | None]
"""Seq, and id of the signing key."""
ABOUT_TRUST = frozenset({"trust-starts-anew", "key-absent", "unsigned"})
"""Findings that the right --trusted-key resolves; all others mean that something was changed."""


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive entries with the same key and standing."""

    first: int
    last: int
    key: str | None
    standing: Standing
    covered_by: int | None = None
    """Seq of a later trusted entry, which confirms the content of these entries but not their authors."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Standing of all entries, and findings about the keys."""

    spans: tuple[Span, ...]
    findings: tuple[LedgerFinding, ...]

    def standing(self, seq: int) -> Standing:
        """The standing of one entry."""
        return next((span.standing for span in self.spans if span.first <= seq <= span.last), "unknown")


def weigh(entries: Sequence[Signed], book: KeyBook, trusted: Collection[str], paths: Mapping[int, str]) -> Trust:
    """The trust in a chain with valid signatures. `paths`: seq -> path of the entries that introduce keys."""
    ranks = _ranks(book, trusted)
    spans = _covered(_spans(entries, book, ranks))
    return Trust(spans, tuple(_findings(spans, book, trusted, ranks, paths)))


def _ranks(book: KeyBook, trusted: Collection[str]) -> Mapping[str, Standing]:
    """Standing of each key's signatures, before revocations."""
    ranks: dict[str, Standing] = {}
    for key in book.keys.values():
        if key.id in trusted:
            ranks[key.id] = "trusted"
        elif key.introduced_by is None:
            ranks[key.id] = "untrusted" if trusted else "self-attested"
        elif _is_revoked(book.keys[key.introduced_by], key.added_by):
            ranks[key.id] = "unknown"
        else:
            ranks[key.id] = ranks[key.introduced_by]
    return ranks


def _is_revoked(key: KeyRecord, seq: int) -> bool:
    return key.revoked_from is not None and seq >= key.revoked_from


def _spans(entries: Sequence[Signed], book: KeyBook, ranks: Mapping[str, Standing]) -> Iterator[Span]:
    def known_of(entry: Signed) -> tuple[str | None, Standing]:
        seq, key = entry
        if key is None:
            return key, "unsigned"
        key_record = book.keys.get(key)
        return key, "unknown" if key_record is None or _is_revoked(key_record, seq) else ranks[key]

    for (key, standing), group in groupby(entries, known_of):
        seqs = [seq for seq, _ in group]
        yield Span(seqs[0], seqs[-1], key, standing)


def _covered(spans: Iterator[Span]) -> tuple[Span, ...]:
    covered: list[Span] = []
    cover: Span | None = None
    for span in reversed(list(spans)):
        if span.standing in {"trusted", "self-attested"}:
            cover = span
            covered.append(span)
        elif cover is not None and span.standing in {"unsigned", "untrusted"}:
            covered.append(Span(span.first, span.last, span.key, span.standing, cover.first))
        else:
            covered.append(span)
    return tuple(reversed(covered))


def _findings(
    spans: Sequence[Span],
    book: KeyBook,
    trusted: Collection[str],
    ranks: Mapping[str, Standing],
    paths: Mapping[int, str],
) -> Iterator[LedgerFinding]:
    for key in book.keys.values():
        if key.how == "recovery" or _is_doubtful(key, book):
            yield _break(key, paths, is_blessed=key.id in trusted, is_unknown=ranks[key.id] == "unknown")
    for span in spans:
        if span.standing == "unknown":
            yield _unknown(span, book)
        elif span.standing == "unsigned" and trusted and span.covered_by is None:
            what = f"entries {span.first} to {span.last} have no signature"
            why = "No key that you trust has signed this ledger."
            yield LedgerFinding("unsigned", "entries", what, why, "Trust them only up to an anchor that you keep.")
    yield from _strangers(spans, book, trusted)


def _is_doubtful(key: KeyRecord, book: KeyBook) -> bool:
    return key.introduced_by is not None and _is_revoked(book.keys[key.introduced_by], key.added_by)


def _break(key: KeyRecord, paths: Mapping[int, str], *, is_blessed: bool, is_unknown: bool) -> LedgerFinding:
    seq = key.added_by
    how = "by an entry that is unknown" if is_unknown else "without a signature of the key before it"
    what = f"recovered: the chain of trust restarts at entry {seq}. Key {short(key.id)} was added {how}"
    if is_blessed:
        why, remedy = "You trust that key.", "Nothing to do."
        what = f"recovered: the chain of trust restarts at entry {seq} with key {short(key.id)}"
        return LedgerFinding("trust-starts-anew", paths[seq], what, why, remedy, seq, "note")
    why = "Anybody who can write to the branch could have done this."
    remedy = f"Ask the ledger's owner, outside this repository, whether key {key.id} is theirs; then give it as --trusted-key."
    return LedgerFinding("trust-starts-anew", paths[seq], what, why, remedy, seq)


def _unknown(span: Span, book: KeyBook) -> LedgerFinding:
    key = book.keys.get(span.key or "")
    since = key.revoked_from if key else None
    what = f"entries {span.first} to {span.last} are unknown"
    named = short(span.key or "")
    why = (
        f"Key {named} was revoked from entry {since} on: its owner or a thief may have written them."
        if since is not None and span.first >= since
        else f"Key {named} was added by an entry that is unknown."
    )
    remedy = "Confirm each entry with the person it names, or record it again."
    return LedgerFinding("unknown", "entries", what, why, remedy, span.first, "warning")


def _strangers(spans: Sequence[Span], book: KeyBook, trusted: Collection[str]) -> Iterator[LedgerFinding]:
    absent = sorted(set(trusted) - set(book.keys))
    is_backed = any(span.standing == "trusted" for span in spans)
    is_signed = any(span.key for span in spans)
    for key in absent:
        what = f"key {short(key)}, which you trust, has signed no entry of this ledger"
        why = (
            "Another trusted key has signed this ledger."
            if is_backed
            else "No entry is signed by a key that you trust."
        )
        remedy = "Compare the key with the one that the ledger's owner gave you."
        if is_signed:
            yield LedgerFinding("key-absent", "entries", what, why, remedy, None, "warning" if is_backed else "error")
