"""Verification of a ledger from a checkout alone."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reassay.common.canonical import digest
from reassay.git.git import Git
from reassay.git.listings import TreeEntry
from reassay.ledger.entry import named_objects
from reassay.ledger.finding import LedgerFinding
from reassay.ledger.state import Anchor
from reassay.ledger.store.branch import REGULAR, chain_of, object_places
from reassay.ledger.store.branch_history import BranchHistory, read_history
from reassay.ledger.store.chain import CHANGED, Chain
from reassay.ledger.store.codec import StoredEntry, entry_path
from reassay.ledger.trust import ABOUT_TRUST, Trust, weigh

_NO_REPLACEMENTS = (("GIT_NO_REPLACE_OBJECTS", "1"), ("GIT_GRAFT_FILE", os.devnull))
"""Settings that make git ignore replacement objects and grafts, which a mirrored clone may bring along."""
PER_READ = 2000
"""Number of objects whose contents are in memory at once."""


@dataclass(frozen=True, slots=True)
class VerificationOptions:
    """Anchors, keys and repository that the reader knows from elsewhere."""

    anchors: tuple[Anchor, ...] = ()
    trusted: tuple[str, ...] = ()
    """Ids of trusted keys."""
    repository_id: int | None = None
    """Id of the repository that the ledger must belong to; None to accept any."""


@dataclass(frozen=True, slots=True)
class LedgerObjects:
    """Objects that entries name: snapshots, checklists and free text."""

    named: Mapping[str, tuple[int, ...]]
    """Digest -> seqs of the entries that name it."""
    redacted: tuple[str, ...]
    """Digests of named objects that are not on the branch."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of a verification."""

    commit: str
    chain: Chain
    trust: Trust
    objects: LedgerObjects
    history: BranchHistory
    anchored: int | None
    """Seq of the last entry that an anchor confirms; None without one."""
    findings: tuple[LedgerFinding, ...]

    @property
    def is_fine(self) -> bool:
        """Whether the ledger has no error."""
        return self.result == "fine"

    @property
    def result(self) -> Literal["fine", "unconfirmed", "broken"]:
        """The result; `unconfirmed`: no change was found, but some entries depend on a key that the reader did not name."""
        errors = {finding.code for finding in self.findings if finding.severity == "error"}
        if not errors:
            return "fine"
        return "unconfirmed" if errors <= ABOUT_TRUST else "broken"


def verify(git: Git, commit: str, question: VerificationOptions) -> Verification:
    """The verification of the branch at a commit, including its history."""
    git = replace(git, credentials=(*git.credentials, *_NO_REPLACEMENTS))
    chain = chain_of(git, commit)
    signed = [(entry.entry.seq, entry.signer) for entry in chain.written]
    paths = {key.added_by: entry_path(key.added_by) for key in chain.book.keys.values()}
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
        what = f"this ledger is of repository {where.repository_id} on {where.host}, not of repository {wanted}"
        why = "A repository keeps its id when it is renamed or transferred, so this branch was copied."
        yield LedgerFinding("of-another-repository", "entries", what, why)


def _objects(git: Git, commit: str, written: Sequence[StoredEntry]) -> tuple[LedgerObjects, list[LedgerFinding]]:
    named: dict[str, list[int]] = {}
    for stored in written:
        for name in named_objects(stored.entry):
            named.setdefault(name, []).append(stored.entry.seq)
    places = object_places(git, commit)
    findings: list[LedgerFinding] = []
    for name in sorted(places.keys() - named.keys()):
        what = f"no entry names {places[name].path}"
        findings.append(LedgerFinding("object-unnamed", places[name].path, what, "Another program or person added it."))
    findings += _changed(git, {name: places[name] for name in sorted(places.keys() & named.keys())})
    redacted = tuple(name for name in named if name not in places)
    return LedgerObjects({name: tuple(seqs) for name, seqs in named.items()}, redacted), findings


def _changed(git: Git, places: Mapping[str, TreeEntry]) -> Iterator[LedgerFinding]:
    items = list(places.items())
    for start in range(0, len(items), PER_READ):
        part = items[start : start + PER_READ]
        contents = git.read(listed_file.oid for _, listed_file in part)
        for name, listed_file in part:
            if listed_file.mode != REGULAR:
                what = f"{listed_file.path} is not a regular file"
                yield LedgerFinding("object-changed", listed_file.path, what, CHANGED)
            elif digest(contents.get(listed_file.oid, b"")) != name:
                what = f"{listed_file.path} does not match its digest"
                yield LedgerFinding("object-changed", listed_file.path, what, CHANGED)


def _anchors(written: Sequence[StoredEntry], anchors: Collection[Anchor]) -> tuple[int | None, list[LedgerFinding]]:
    digests = {entry.entry.seq: entry.digest for entry in written}
    last = max(digests, default=0)
    confirmed: list[int] = []
    findings: list[LedgerFinding] = []
    for anchor in anchors:
        if anchor.seq in digests and anchor.names(digests[anchor.seq]):
            confirmed.append(anchor.seq)
            continue
        if anchor.seq > last:
            what = f"the ledger ends at entry {last}, but your anchor is of entry {anchor.seq}"
            why = "Entries were removed at the end, or the branch was rolled back."
        else:
            what = f"entry {anchor.seq} does not match your anchor"
            why = "The ledger was rewritten from that entry or earlier, or the anchor is of another ledger."
        findings.append(LedgerFinding("anchor-broken", entry_path(anchor.seq), what, why, seq=anchor.seq))
    return max(confirmed, default=None), findings
