"""Ledgers in memory and in git, with keys that are the same in every run."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from reassay.git.git import LEDGER_BRANCH, Git
from reassay.ledger.entry import LedgerIdentity, Record, Superseded, named_objects
from reassay.ledger.state import LedgerState, entries_for
from reassay.ledger.store.branch import additions, with_keys
from reassay.ledger.store.ed25519 import Signer, read_signer
from reassay.ledger.store.keyring import Keyring
from reassay.ledger.store.verification import Verification, VerificationOptions, verify
from reassay_sandbox.gitstore import GitStore
from tests.make import TODAY, Story, at, mitigation, object_of, register

IDENTITY = LedgerIdentity(host="github.example", repository_id=7, ledger_id="l7")
WHO = ("-c", "user.name=auditor", "-c", "user.email=auditor@example.org")


def seed(name: str) -> str:
    """A private key as the environment holds it. It protects nothing."""
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()


def key(name: str) -> Signer:
    return read_signer(seed(name), "test")


def ring(name: str, **others: object) -> Keyring:
    return Keyring(key(name), **others)  # type: ignore[arg-type] # fields of the keyring


@cache
def material(count: int) -> tuple[tuple[Record, ...], dict[str, bytes]]:
    """Openings and decisions in the order a ledger has them, and the objects they name."""
    names = [f"m{number:04d}" for number in range((count + 1) // 2)]
    story = Story(register(*(mitigation(name) for name in names)))
    while len(story.entries) < count:
        story.sweep()
        for each in story.assessment_input.history.open:
            story.conclude(each.subject)
        story.move_to(story.now.date() + timedelta(days=200))
    objects = dict(object_of(value) for value in story.objects.values())
    return tuple(Record(body=entry.body, actor=entry.actor) for entry in story.entries[:count]), objects


def records(count: int = 4) -> list[Record]:
    return list(material(count)[0])


def superseded(number: int, reason: str = "x") -> Record:
    """A short record about a re-assessment of its own."""
    return Record(body=Superseded(reassessment=f"R-2026-{number:04d}", reason=reason))


@dataclass
class Ledger:
    """A branch that grows."""

    files: dict[str, bytes] = field(default_factory=dict)
    state: LedgerState = field(default_factory=LedgerState)
    commits: list[dict[str, bytes]] = field(default_factory=list)
    """The whole tree after each append."""
    objects: dict[str, bytes] = field(default_factory=lambda: material(10)[1])
    identity: LedgerIdentity = IDENTITY
    register_commit: str = "0" * 40

    def append(self, what: Sequence[Record], keyring: Keyring | None = None) -> dict[str, bytes]:
        """What the append wrote."""
        due = with_keys(what, self.state, keyring)
        entries = entries_for(due, len(self.state.entries), self.identity, ("main", self.register_commit), at(TODAY))
        named = {name for entry in entries for name in named_objects(entry)}
        objects = {name: data for name, data in self.objects.items() if name in named}
        files, state = additions(self.state, entries, objects, keyring)
        self.state = replace(state, head="x")
        self.files |= files
        self.commits.append(dict(self.files))
        return dict(files)


def signed(count: int = 4, *, name: str = "old") -> Ledger:
    """A ledger whose first entry introduces its key."""
    ledger = Ledger()
    for record in records(count):
        ledger.append([record], ring(name))
    return ledger


def objects_of(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if path.startswith("objects/")}


def commit(git: Git, files: dict[str, bytes], parent: str | None = None) -> str:
    folder = git.folder / ".git"
    store = GitStore(folder if folder.is_dir() else git.folder)
    tree = store.tree([(path, "100644", store.blob(data)) for path, data in files.items()], None)
    made = store.commit_tree(tree, [parent] if parent else [], "x\n", "auditor", at(TODAY))
    store.set_branch(LEDGER_BRANCH, made, store.head(LEDGER_BRANCH))
    return made


def pushed(git: Git, ledger: Ledger) -> str:
    """Every append as a commit; the last one."""
    parent: str | None = None
    for files in ledger.commits:
        parent = commit(git, files, parent)
    assert parent
    return parent


def verified(folder: Path, ledger: Ledger, **question: object) -> Verification:
    git = Git.new(folder)
    return verify(git, pushed(git, ledger), VerificationOptions(**question))  # type: ignore[arg-type] # fields of the question


def codes(found: Verification) -> set[str]:
    return {each.code for each in found.findings if each.severity == "error"}
