"""Everything an auditor can know of a ledger from a checkout alone."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reassay.common.canonical import digest
from reassay.git.git import Git, TreeEntry
from reassay.ledger.anchor import Anchor
from reassay.ledger.finding import LedgerFinding
from reassay.ledger.named_objects import named_objects
from reassay.ledger.store.branch import REGULAR, chain_of, object_places
from reassay.ledger.store.check import CHANGED, Chain
from reassay.ledger.store.codec import Written, entry_path
from reassay.ledger.store.history import BranchHistory, read_history
from reassay.ledger.trust import ABOUT_TRUST, Trust, weigh

_AS_IT_IS = (("GIT_NO_REPLACE_OBJECTS", "1"), ("GIT_GRAFT_FILE", os.devnull))
"""A mirrored clone brings the other side's replacements along, and git would follow them."""
PER_READ = 2000
"""Objects whose contents are in memory at once."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the reader knows from elsewhere."""

    anchors: tuple[Anchor, ...] = ()
    trusted: tuple[str, ...] = ()
    """Ids of keys."""
    repository_id: int | None = None
    """Of the repository that the ledger has to be of."""


@dataclass(frozen=True, slots=True)
class Objects:
    """Snapshots, checklists and free text that entries name."""

    named: Mapping[str, tuple[int, ...]]
    """Digest -> the entries that name it."""
    redacted: tuple[str, ...]
    """Named, and not on the branch."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying came to."""

    commit: str
    chain: Chain
    trust: Trust
    objects: Objects
    history: BranchHistory
    anchored: int | None
    """The last entry that an anchor of the reader confirms."""
    findings: tuple[LedgerFinding, ...]

    @property
    def is_fine(self) -> bool:
        """Nothing found means that the ledger cannot be believed as it stands."""
        return self.result == "fine"

    @property
    def result(self) -> Literal["fine", "unconfirmed", "broken"]:
        """`unconfirmed`: all of it holds, and a part of it rests on a key that the reader did not name."""
        errors = {found.code for found in self.findings if found.severity == "error"}
        if not errors:
            return "fine"
        return "unconfirmed" if errors <= ABOUT_TRUST else "broken"


def verify(git: Git, commit: str, question: Question) -> Verification:
    """Reads the whole branch at a commit, and its history. What the checkout lets stand for something else does not count."""
    git = replace(git, credentials=(*git.credentials, *_AS_IT_IS))
    chain = chain_of(git, commit)
    signed = [(each.entry.seq, each.signer) for each in chain.written]
    paths = {each.added_by: entry_path(each.added_by) for each in chain.book.keys.values()}
    trust = weigh(signed, chain.book, question.trusted, paths)
    objects, wrong = _objects(git, commit, chain.written)
    history = read_history(git, commit)
    confirmed, against = _anchors(chain.written, question.anchors)
    elsewhere = _elsewhere(chain, question.repository_id)
    findings = (*chain.findings, *elsewhere, *wrong, *history.findings, *against, *trust.findings)
    return Verification(commit, chain, trust, objects, history, confirmed, findings)


def _elsewhere(chain: Chain, wanted: int | None) -> Iterator[LedgerFinding]:
    if wanted is not None and chain.written and chain.written[0].entry.ledger.repository_id != wanted:
        where = chain.written[0].entry.ledger
        what = f"this ledger is of repository {where.repository_id} on {where.host}, and not of repository {wanted}"
        why = "Renaming and transferring a repository keep its number: this branch was copied."
        yield LedgerFinding("of-another-repository", "entries", what, why)


def _objects(git: Git, commit: str, written: Sequence[Written]) -> tuple[Objects, list[LedgerFinding]]:
    named: dict[str, list[int]] = {}
    for each in written:
        for name in named_objects(each.entry):
            named.setdefault(name, []).append(each.entry.seq)
    places = object_places(git, commit)
    findings: list[LedgerFinding] = []
    for name in sorted(places.keys() - named.keys()):
        what = f"no entry names {places[name].path}"
        findings.append(LedgerFinding("object-unnamed", places[name].path, what, "Somebody else put it there."))
    findings += _changed(git, {name: places[name] for name in sorted(places.keys() & named.keys())})
    redacted = tuple(name for name in named if name not in places)
    return Objects({name: tuple(seqs) for name, seqs in named.items()}, redacted), findings


def _changed(git: Git, places: Mapping[str, TreeEntry]) -> Iterator[LedgerFinding]:
    items = list(places.items())
    for start in range(0, len(items), PER_READ):
        part = items[start : start + PER_READ]
        contents = git.read(each.oid for _, each in part)
        for name, each in part:
            if each.mode != REGULAR:
                what = f"{each.path} is no plain file"
                yield LedgerFinding("object-changed", each.path, what, CHANGED)
            elif digest(contents.get(each.oid, b"")) != name:
                what = f"{each.path} does not hold what its name says"
                yield LedgerFinding("object-changed", each.path, what, CHANGED)


def _anchors(written: Sequence[Written], anchors: Collection[Anchor]) -> tuple[int | None, list[LedgerFinding]]:
    known = {each.entry.seq: each.digest for each in written}
    last = max(known, default=0)
    confirmed: list[int] = []
    findings: list[LedgerFinding] = []
    for anchor in anchors:
        if anchor.seq in known and anchor.names(known[anchor.seq]):
            confirmed.append(anchor.seq)
            continue
        if anchor.seq > last:
            what = f"the ledger ends at entry {last}, and your anchor is of entry {anchor.seq}"
            why = "Entries were cut off, or the whole branch was rolled back."
        else:
            what = f"entry {anchor.seq} is not the one your anchor was taken of"
            why = "The ledger was written anew from there or from before, or the anchor is of another ledger."
        findings.append(LedgerFinding("anchor-broken", entry_path(anchor.seq), what, why, seq=anchor.seq))
    return max(confirmed, default=None), findings
