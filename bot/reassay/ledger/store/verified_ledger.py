"""The ledger of a checkout, verified with the reader's anchors and trusted keys."""

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from reassay.common.errors import UpstreamError, UsageError
from reassay.git.git import LEDGER_BRANCH, Git
from reassay.git.ledger_place import LedgerPlace, ledger_place
from reassay.ledger.keys import key_id
from reassay.ledger.state import Anchor, read_anchor
from reassay.ledger.store.ed25519 import read_public
from reassay.ledger.store.verification import Verification, VerificationOptions, verify

_AS_PRINTED = "Write it as it was printed, e.g. 418:9c4e2b7d01aa (at least 12 digits of the digest)."
_KEY_ID = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
_SCP = re.compile(r"(?:[^@/]+@)?([^:/]+):(?!//)")


@dataclass(frozen=True, slots=True)
class VerifiedLedger:
    """A ledger with its place and its verification."""

    git: Git
    ref: str
    origin_host: str | None
    """Host of the checkout's origin; None if it has none."""
    question: VerificationOptions
    verification: Verification


def open_ledger(args: argparse.Namespace) -> VerifiedLedger:
    """The verified ledger of a checkout. Raises UsageError without a ledger, or for an invalid anchor or key."""
    path = Path(args.path)
    if not path.is_dir():
        remedy = "Give a checkout of a framework repository."
        raise UsageError("this folder does not exist.", where=args.path, remedy=remedy)
    question = VerificationOptions(
        anchors=tuple(anchor for text in getattr(args, "anchor", ()) for anchor in _anchors(text)),
        trusted=tuple(_trusted(text) for text in getattr(args, "trusted_key", ())),
        repository_id=getattr(args, "repository_id", None),
    )
    git = Git(path)
    ref, commit = _find(git, args.path)
    return VerifiedLedger(git, ref, _origin_host(git), question, verify(git, commit, question))


def _find(git: Git, where: str) -> tuple[str, str]:
    place = ledger_place(git) if git.ask("rev-parse", "--git-dir")[0] == 0 else LedgerPlace()
    if place.commit is not None:
        return place.name, place.commit
    raise UsageError(
        f"there is no branch {LEDGER_BRANCH} in this checkout, neither locally nor of a remote.",
        where=where,
        remedy=f"Run `{place.fetch}`, or give another checkout.",
    )


def _anchors(text: str) -> Iterator[Anchor]:
    """The anchor in a text, or the anchors in a file: one at the beginning of each line, followed by an optional note."""
    anchor = read_anchor(text)
    if anchor is not None:
        yield anchor
        return
    try:
        lines = Path(text).read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, ValueError) as error:
        raise UsageError(
            f"'{text}' is not a valid anchor.", where="--anchor", remedy=f"{_AS_PRINTED} Or give a file."
        ) from error
    kept = {
        number: line.split()[0] for number, line in enumerate(lines, 1) if line.strip() and line.split()[0][0] != "#"
    }
    if not kept:
        raise UsageError("this file has no anchor.", where=f"--anchor {text}", remedy=_AS_PRINTED)
    for number, word in kept.items():
        anchor = read_anchor(word)
        if anchor is None:
            raise UsageError(
                f"'{word}' is not a valid anchor.", where=f"--anchor {text}, line {number}", remedy=_AS_PRINTED
            )
        yield anchor


def _trusted(text: str) -> str:
    if match := _KEY_ID.fullmatch(text.strip()):
        return f"sha256:{match[1]}"
    try:
        content = Path(text).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        remedy = "Give a file with a public key, or its id: sha256: and 64 digits."
        raise UsageError(f"'{text}' is not a valid key.", where="--trusted-key", remedy=remedy) from error
    if match := _KEY_ID.fullmatch(content.strip()):
        return f"sha256:{match[1]}"
    return key_id(read_public(content, f"--trusted-key {text}"))


def _origin_host(git: Git) -> str | None:
    try:
        url = git.run("config", "--get", "remote.origin.url").decode("utf-8", "replace").strip()
    except UpstreamError:
        return None
    if "://" in url:
        return urlsplit(url).netloc.rpartition("@")[2].lower() or None
    match = _SCP.match(url)
    return match[1].lower() if match else None
