"""The demo's ledger as an auditor reads it: in a clone, verified with the App's public key, in words."""

import io
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from reassay.cli import main
from reassay.git.git import LEDGER_BRANCH
from reassay.hosted.job_services import hosted_keyring
from reassay.ledger.store.codec import entry_path
from reassay.ledger.store.ed25519 import public_pem
from reassay_sandbox.demo.environment import REPOSITORY, DemoEnvironment


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One entry in words."""

    seq: int
    recorded: str
    who: str
    what: str
    path: str
    """Of the entry as it is stored."""


@dataclass(frozen=True, slots=True)
class LedgerWords:
    """The ledger of this moment."""

    is_fine: bool
    result: str
    """What `reassay ledger verify` prints."""
    rows: tuple[LedgerRow, ...]
    """Newest first; none of a ledger that cannot be read."""


def read_ledger(demo: DemoEnvironment) -> LedgerWords:
    """Clones the repository, verifies the ledger and lists its entries."""
    with _clone(demo) as (clone, key):
        code, text = _run("ledger", "verify", clone, "--trusted-key", key)
        _, log = _run("ledger", "log", "--format", "json", clone, "--trusted-key", key)
    entries = json.loads(log)["entries"] if log.startswith("{") else []
    return LedgerWords(code == 0, text, tuple(_row(entry) for entry in reversed(entries)))


def verified(demo: DemoEnvironment) -> None:
    """Remembers the exit code and the output of `reassay ledger verify` under `verify`."""
    with _clone(demo) as (clone, key):
        code, text = _run("ledger", "verify", clone, "--trusted-key", key)
    demo.remembered["verify"] = f"{code} {text}"


def explained(demo: DemoEnvironment, record: str) -> None:
    """Remembers what `reassay explain RECORD` prints under `explain`."""
    with _clone(demo) as (clone, _):
        _, demo.remembered["explain"] = _run("explain", record, clone)


def entry_in_words(demo: DemoEnvironment, seq: int) -> str:
    """What `reassay ledger show SEQ` prints; empty if there is no such entry."""
    with _clone(demo) as (clone, key):
        return _run("ledger", "show", str(seq), clone, "--trusted-key", key)[1]


def _row(entry: dict[str, str]) -> LedgerRow:
    facts = [entry["kind"].replace("-", " "), entry.get("subject"), entry.get("deed")]
    what = ", ".join(fact for fact in facts if fact)
    about = entry.get("about") or ""
    number = about.replace("re-assessment/", "").replace("pull-request/", "pull request #")
    return LedgerRow(
        int(entry["seq"]),
        str(entry["recorded_at"])[:16].replace("T", " "),
        entry.get("login") or "reassay",
        f"{what} ({number})" if number and number != "repository" else what,
        entry_path(int(entry["seq"])),
    )


@contextmanager
def _clone(demo: DemoEnvironment) -> Iterator[tuple[str, str]]:
    """A clone, and a file with the public key of the App's ledger; both are deleted at the end of the block."""
    source = demo.box.dispatcher.store.repos[REPOSITORY].git.folder
    with TemporaryDirectory(prefix="reassay-demo-", ignore_cleanup_errors=True) as folder:
        clone, key = str(Path(folder) / "clone"), Path(folder) / "ledger-key.pub"
        with demo.box.dispatcher.lock:
            subprocess.run(["git", "clone", "--quiet", str(source), clone], check=True, capture_output=True)
        signer = hosted_keyring(demo.hosted.serving.settings).signer
        key.write_text(public_pem(signer.public_key) if signer else "", encoding="utf-8")
        yield clone, str(key)


def _run(*words: str) -> tuple[int, str]:
    out = io.StringIO()
    return main(words, out, io.StringIO()), out.getvalue()


__all__ = ["LEDGER_BRANCH", "LedgerRow", "LedgerWords", "entry_in_words", "explained", "read_ledger", "verified"]
