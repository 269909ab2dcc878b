"""Who stands behind each entry, as far as the ledger itself and the keys a reader trusts can tell.

A key is believed because the reader names it, or because a key that is believed named it. An entry that a stolen key may
have written is unknown, and so is everything that rests on it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from reassay.ledger.finding import LedgerFinding
from reassay.ledger.keys import KeyBook, KnownKey, short

Standing = Literal["unsigned", "trusted", "self-attested", "untrusted", "unknown"]
"""`self-attested`: signed, and the reader named no key. `untrusted`: signed by a key that none of the reader's stands behind."""
Signed = tuple[int, str | None]
"""(seq, id of the key that signed it)."""
ABOUT_TRUST = frozenset({"trust-starts-anew", "key-absent", "unsigned"})
"""Findings that the right --trusted-key settles; all others mean that something was changed."""


@dataclass(frozen=True, slots=True)
class Span:
    """Entries after each other of which the same is known."""

    first: int
    last: int
    key: str | None
    standing: Standing
    covered_by: int | None = None
    """A later entry that is signed and believed: it vouches that these stood so when it was written, not for who wrote them."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What is known of all entries, and what a reader has to be told about the keys."""

    spans: tuple[Span, ...]
    findings: tuple[LedgerFinding, ...]

    def standing(self, seq: int) -> Standing:
        """Of one entry."""
        return next((each.standing for each in self.spans if each.first <= seq <= each.last), "unknown")


def weigh(entries: Sequence[Signed], book: KeyBook, trusted: Collection[str], paths: Mapping[int, str]) -> Trust:
    """Weighs a chain whose signatures hold. `paths` says where the entries stand that introduce keys."""
    ranks = _ranks(book, trusted)
    spans = _covered(_spans(entries, book, ranks))
    return Trust(spans, tuple(_findings(spans, book, trusted, ranks, paths)))


def _ranks(book: KeyBook, trusted: Collection[str]) -> Mapping[str, Standing]:
    """What each key's signature is worth where it was not revoked."""
    ranks: dict[str, Standing] = {}
    for known in book.keys.values():
        if known.id in trusted:
            ranks[known.id] = "trusted"
        elif known.introduced_by is None:
            ranks[known.id] = "untrusted" if trusted else "self-attested"
        elif _is_revoked(book.keys[known.introduced_by], known.added_by):
            ranks[known.id] = "unknown"
        else:
            ranks[known.id] = ranks[known.introduced_by]
    return ranks


def _is_revoked(key: KnownKey, seq: int) -> bool:
    return key.revoked_from is not None and seq >= key.revoked_from


def _spans(entries: Sequence[Signed], book: KeyBook, ranks: Mapping[str, Standing]) -> Iterator[Span]:
    def known_of(entry: Signed) -> tuple[str | None, Standing]:
        seq, key = entry
        if key is None:
            return key, "unsigned"
        known = book.keys.get(key)
        return key, "unknown" if known is None or _is_revoked(known, seq) else ranks[key]

    for (key, standing), group in groupby(entries, known_of):
        seqs = [seq for seq, _ in group]
        yield Span(seqs[0], seqs[-1], key, standing)


def _covered(spans: Iterator[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    cover: Span | None = None
    for span in reversed(list(spans)):
        if span.standing in {"trusted", "self-attested"}:
            cover = span
            found.append(span)
        elif cover is not None and span.standing in {"unsigned", "untrusted"}:
            found.append(Span(span.first, span.last, span.key, span.standing, cover.first))
        else:
            found.append(span)
    return tuple(reversed(found))


def _findings(
    spans: Sequence[Span],
    book: KeyBook,
    trusted: Collection[str],
    ranks: Mapping[str, Standing],
    paths: Mapping[int, str],
) -> Iterator[LedgerFinding]:
    for known in book.keys.values():
        if known.how == "recovery" or _is_doubtful(known, book):
            yield _break(known, paths, is_blessed=known.id in trusted, is_unknown=ranks[known.id] == "unknown")
    for span in spans:
        if span.standing == "unknown":
            yield _unknown(span, book)
        elif span.standing == "unsigned" and trusted and span.covered_by is None:
            what = f"entries {span.first} to {span.last} carry no signature"
            why = "No key that you trust stands behind this ledger."
            yield LedgerFinding("unsigned", "entries", what, why, "Believe it only as far as its anchors reach.")
    yield from _strangers(spans, book, trusted)


def _is_doubtful(known: KnownKey, book: KeyBook) -> bool:
    return known.introduced_by is not None and _is_revoked(book.keys[known.introduced_by], known.added_by)


def _break(known: KnownKey, paths: Mapping[int, str], *, is_blessed: bool, is_unknown: bool) -> LedgerFinding:
    seq = known.added_by
    how = "by an entry that is unknown itself" if is_unknown else "and the key before it did not sign that"
    what = f"recovered: from entry {seq} on, trust starts anew. Key {short(known.id)} came in {how}"
    if is_blessed:
        why, remedy = "You trust that key.", "Nothing: this is the record of it."
        what = f"recovered: from entry {seq} on, trust starts anew, with key {short(known.id)}"
        return LedgerFinding("trust-starts-anew", paths[seq], what, why, remedy, seq, "note")
    why = "Whoever may write to the branch could have done this."
    remedy = f"Ask the ledger's owner, outside this repository, whether key {known.id} is theirs; then give it as --trusted-key."
    return LedgerFinding("trust-starts-anew", paths[seq], what, why, remedy, seq)


def _unknown(span: Span, book: KeyBook) -> LedgerFinding:
    key = book.keys.get(span.key or "")
    since = key.revoked_from if key else None
    what = f"entries {span.first} to {span.last} are unknown"
    named = short(span.key or "")
    why = (
        f"Key {named} was revoked from entry {since} on: its owner or a thief wrote them."
        if since is not None and span.first >= since
        else f"Key {named} rests on an entry that is unknown itself."
    )
    remedy = "Confirm each of them with the person it names, or record it again."
    return LedgerFinding("unknown", "entries", what, why, remedy, span.first, "warning")


def _strangers(spans: Sequence[Span], book: KeyBook, trusted: Collection[str]) -> Iterator[LedgerFinding]:
    absent = sorted(set(trusted) - set(book.keys))
    is_backed = any(span.standing == "trusted" for span in spans)
    is_signed = any(span.key for span in spans)
    for key in absent:
        what = f"key {short(key)}, which you trust, never signed here"
        why = "Another key stands behind this ledger." if is_backed else "Nothing here is by anybody you trust."
        remedy = "Compare the key with the one that the ledger's owner gave you."
        if is_signed:
            yield LedgerFinding("key-absent", "entries", what, why, remedy, None, "warning" if is_backed else "error")
