"""A checkout on disk: what the commands that need no GitHub share."""

from dataclasses import dataclass
from pathlib import Path

from reassay.assessment.cells import AssessmentInput, snapshots
from reassay.assessment.first_seen import first_seen_digests
from reassay.common.errors import UpstreamError, UsageError
from reassay.common.instants import instant_or_now
from reassay.git.git import LEDGER_PLACES, Git
from reassay.ledger.history import History
from reassay.ledger.state import LedgerState
from reassay.ledger.store.branch import read_objects, read_state
from reassay.register.files import WorkingTree, read_register
from reassay.register.register import Register


@dataclass(frozen=True, slots=True)
class Checkout:
    """A framework repository on disk, as a person works on it."""

    register: Register
    ledger: LedgerState
    assessment_input: AssessmentInput
    commit: str | None
    """HEAD; None outside git."""
    is_clean: bool

    def provenance(self, version: str) -> dict[str, str]:
        """What output was made from, so that it can be made again."""
        commit = (self.commit[:12] if self.commit else "not in git") + (
            "" if self.is_clean else " with uncommitted changes"
        )
        return {"register": commit, "ledger": self.ledger.anchor, "version": version}


def open_checkout(path: Path, at: str | None) -> Checkout:
    """Reads register and ledger of a checkout. Raises UsageError, BrokenLedgerError."""
    if not path.is_dir():
        raise UsageError(
            "there is no such folder.", where=str(path), remedy="Name a checkout of a framework repository."
        )
    register = read_register(WorkingTree(path))
    git = Git(path)
    head = _head(git)
    ledger_head = git.resolve(*LEDGER_PLACES) if head else None
    ledger = read_state(git, ledger_head)
    now = instant_or_now(at, register.configuration.timezone)
    history = History.of(ledger.entries, until=now if at else None)
    wanted = {decision.decided.snapshot for decision in history.last_decisions().values()} | first_seen_digests(history)
    objects = read_objects(git, ledger_head, wanted)
    is_clean = git.is_clean(".") if head else True
    return Checkout(register, ledger, AssessmentInput(register, history, snapshots(objects), now), head, is_clean)


def assessment_input_of(git: Git, register: Register, ledger_head: str | None, at: str | None) -> AssessmentInput:
    """A register that was read from a commit, with a ledger of the same clone. Raises UsageError, BrokenLedgerError."""
    now = instant_or_now(at, register.configuration.timezone)
    if ledger_head is None:
        return AssessmentInput(register, History(), snapshots({}), now)
    history = History.of(read_state(git, ledger_head).entries, until=now if at else None)
    wanted = {decision.decided.snapshot for decision in history.last_decisions().values()} | first_seen_digests(history)
    return AssessmentInput(register, history, snapshots(read_objects(git, ledger_head, wanted)), now)


def _head(git: Git) -> str | None:
    """None outside of git and before the first commit. Anything else that git refuses must not read as "no ledger"."""
    try:
        git.run("rev-parse", "--git-dir")
    except UpstreamError as error:
        if "not a git repository" in error.message:
            return None
        raise
    return git.resolve("HEAD")
