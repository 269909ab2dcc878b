"""A checkout on disk: what the commands that need no GitHub share."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from reassay.assessment.cells import AssessmentInput, CellStatus, snapshots
from reassay.assessment.first_seen import first_seen_digests
from reassay.assessment.schedule.queue import scheduled
from reassay.assessment.source_states import unwell_sources
from reassay.assessment.unread_ledger import without_ledger
from reassay.assessment.views.unreadable import unreadable_words
from reassay.common.errors import UpstreamError, UsageError
from reassay.common.instants import instant_or_now
from reassay.evidence.compared_records import compared_objects
from reassay.git.git import Git
from reassay.git.ledger_place import LedgerPlace, ledger_place, remote_address
from reassay.ledger.history import History
from reassay.ledger.state import LedgerState
from reassay.ledger.store.branch import read_objects, read_state
from reassay.register.configuration import Mode
from reassay.register.files import WorkingTree, read_register
from reassay.register.files.reader import NO_REGISTER, REGISTER_ELSEWHERE
from reassay.register.finding import Finding
from reassay.register.register import Register
from reassay.signals.source_health import SourceHealth
from reassay.sweep.repository.last_readable import is_whole, last_readable

_MODES: Final[Mapping[Mode | None, str]] = {
    None: "No mode is set: no issue is opened before the first plan is accepted.",
    "remind": "Mode remind: opens issues, and a comment concludes them; no answers or sign-offs are needed.",
    "record": "Mode record: a conclusion needs answers, sign-offs and approval steps; merges are not checked.",
    "advise": "Mode advise: as record, and pull requests get a verdict; the check always passes, so merges are not blocked.",
    "enforce": "Mode enforce: as record, and the check of a pull request fails until it is decided and signed.",
}
"""Effect of each mode."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A framework repository on disk, as a person works on it."""

    register: Register
    ledger: LedgerState
    assessment_input: AssessmentInput
    commit: str | None
    """HEAD; None outside git."""
    is_clean: bool
    ledger_place: LedgerPlace = field(default_factory=LedgerPlace)
    source: str = "local"
    """A name of the register that no other one has, and that stays the same: see `_source`."""
    git: Git | None = None
    """None outside git."""

    @property
    def lacks_ledger(self) -> bool:
        """Whether a ledger is expected that this clone does not have: without a mode no sweep has written one."""
        return self.ledger_place.is_unread and self.register.configuration.mode is not None

    @property
    def missing_ledger(self) -> str:
        """What the clone lacks, and how to get it; empty if it lacks nothing."""
        return missing_ledger(self.ledger_place, self.register)

    @property
    def is_empty(self) -> bool:
        """Whether the register holds nothing that is re-assessed, and nothing is known that it held."""
        subjects = (*self.register.mitigations, *self.register.commitments)
        return not (subjects or self.assessment_input.register_index.unreadable_subjects)

    @property
    def is_whole(self) -> bool:
        """Whether the register can be read whole; one that is set up and empty is not."""
        is_begun = self.register.configuration_origin is not None or bool(self.ledger.entries)
        return not self.unreadable_words and not (self.is_empty and is_begun)

    @property
    def unwell_sources(self) -> tuple[SourceHealth, ...]:
        """Sources of signals that cannot be relied on, so that what rests on them is blind."""
        return unwell_sources(self.assessment_input)

    @property
    def unreadable_words(self) -> str:
        """What cannot be read, in a line; empty if everything can."""
        return unreadable_words(self.assessment_input)

    @property
    def absence(self) -> Finding | None:
        """Why there is no register, where nothing is known that it held; None if there is one."""
        codes = {NO_REGISTER, REGISTER_ELSEWHERE}
        absence = next((finding for finding in self.register.errors if finding.code in codes), None)
        return absence if self.is_empty else None

    def objects(self, digests: Iterable[str]) -> Mapping[str, object]:
        """Parsed objects of the ledger by digest; missing ones are left out."""
        return read_objects(self.git, self.ledger_place.commit, digests) if self.git else {}

    def cells(self) -> tuple[CellStatus, ...]:
        """The status of every cell. Without the ledger none is current: a decision in it may say otherwise."""
        cells = scheduled(self.assessment_input)
        return tuple(without_ledger(cell) for cell in cells) if self.lacks_ledger else cells

    @property
    def place(self) -> str:
        """What it is read from, in words: commit and last entry of the ledger."""
        commit = f"commit {self.commit[:8]}" if self.commit else "not in git"
        changed = "" if self.is_clean else " with uncommitted changes"
        seq = len(self.ledger.entries)
        return f"{commit}{changed}, {f'ledger entry {seq}' if seq else 'no ledger entry'}"

    @property
    def trust(self) -> str:
        """How far the ledger can be trusted, as far as a checkout can tell; empty without one."""
        if not self.ledger.entries:
            return ""
        mode = _MODES[self.register.configuration.mode]
        if self.register.configuration.app_id is None:
            mode += " Trust: advisory, because the configuration names no GitHub App (`app_id`; see `reassay doctor`)."
        if self.assessment_input.history.signed:
            return f"The ledger is signed; to check it with a key you trust, run `reassay ledger verify`. {mode}"
        return f"The ledger is not signed: it records who wrote what, but does not prove it. {mode}"

    @property
    def ledger_writer(self) -> str:
        """The account that wrote the ledger last, as its commit states it; empty without a ledger."""
        return self.git.author(self.ledger.head) if self.git is not None and self.ledger.head else ""

    def provenance(self, version: str) -> dict[str, str]:
        """What output was made from, so that it can be made again."""
        commit = (self.commit[:12] if self.commit else "not in git") + (
            "" if self.is_clean else " with uncommitted changes"
        )
        place = self.ledger_place
        state = place.name or ("not in this clone" if place.is_unread else "none yet")
        how = {"ledger_fetch": place.fetch} if place.is_unread else {}
        return {"register": commit, "ledger": self.ledger.anchor, "ledger_place": state, **how, "version": version}


def missing_ledger(place: LedgerPlace, register: Register) -> str:
    """What a clone without the ledger lacks, and how to get it; empty if it lacks nothing."""
    if not place.is_unread:
        return ""
    if register.configuration.mode is None:
        return f"The ledger is not in this clone, if there is one yet. To fetch it, run `{place.fetch}`."
    return (
        "The ledger is not in this clone, so no decision, sign-off or hold is read: states are by the register alone."
        f" To fetch it, run `{place.fetch}`; if that finds no branch, no sweep has run yet."
    )


def open_checkout(path: Path, at: str | None) -> Checkout:
    """Reads register and ledger of a checkout. Raises UsageError, BrokenLedgerError."""
    if not path.is_dir():
        raise UsageError(
            "there is no such folder.", where=str(path), remedy="Name a checkout of a framework repository."
        )
    register = read_register(WorkingTree(path))
    git = Git(path)
    head = _head(git)
    place = ledger_place(git) if head else LedgerPlace()
    ledger_head = place.commit
    ledger = read_state(git, ledger_head)
    now = instant_or_now(at, register.configuration.timezone)
    history = History.of(ledger.entries, until=now if at else None)
    wanted = {decision.decided.snapshot for decision in history.last_decisions().values()} | first_seen_digests(history)
    wanted |= set(compared_objects(history))
    objects = read_objects(git, ledger_head, wanted)
    is_clean = git.is_clean(".") if head else True
    last = last_readable(git, register) if head and not is_whole(register) else None
    inputs = AssessmentInput(register, history, snapshots(objects), now, last_readable=last, results=objects)
    return Checkout(
        register,
        ledger,
        inputs,
        head,
        is_clean,
        place,
        _source(path, git if head else None, ledger),
        git if head else None,
    )


def _source(path: Path, git: Git | None, ledger: LedgerState) -> str:
    """`ID.HOST` of the repository that the ledger names; without a ledger the address of its remote; else a digest.

    The digest is of the repository's first commits, or of the folder's path outside of git.
    """
    if source := ledger_source(ledger):
        return source
    if git is None:
        return f"{hashlib.sha256(str(path.resolve()).encode('utf-8', 'surrogateescape')).hexdigest()[:32]}.folder"
    if address := remote_address(git):
        return address
    roots = sorted(git.run("rev-list", "--max-parents=0", "HEAD").split())
    return f"{hashlib.sha256(b' '.join(roots)).hexdigest()[:32]}.commits"


def ledger_source(ledger: LedgerState) -> str:
    """`ID.HOST` of the repository that a ledger names; empty for a ledger without entries."""
    if not ledger.entries:
        return ""
    identity = ledger.entries[0].ledger
    return f"{identity.repository_id}.{identity.host}"


def assessment_input_of(git: Git, register: Register, ledger_head: str | None, at: str | None) -> AssessmentInput:
    """A register that was read from a commit, with a ledger of the same clone. Raises UsageError, BrokenLedgerError."""
    now = instant_or_now(at, register.configuration.timezone)
    if ledger_head is None:
        return AssessmentInput(register, History(), snapshots({}), now)
    history = History.of(read_state(git, ledger_head).entries, until=now if at else None)
    wanted = {decision.decided.snapshot for decision in history.last_decisions().values()} | first_seen_digests(history)
    wanted |= set(compared_objects(history))
    objects = read_objects(git, ledger_head, wanted)
    return AssessmentInput(register, history, snapshots(objects), now, results=objects)


def _head(git: Git) -> str | None:
    """None outside of git and before the first commit. Anything else that git refuses must not read as "no ledger"."""
    try:
        git.run("rev-parse", "--git-dir")
    except UpstreamError as error:
        if "not a git repository" in error.message:
            return None
        raise
    return git.resolve("HEAD")
