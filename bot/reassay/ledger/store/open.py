"""The ledger of a checkout, verified with what the reader knows from elsewhere."""

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from reassay.common.errors import UpstreamError, UsageError
from reassay.git.git import LEDGER_BRANCH, LEDGER_PLACES, Git
from reassay.ledger.anchor import Anchor, read_anchor
from reassay.ledger.keys import key_id
from reassay.ledger.store.ed25519 import read_public
from reassay.ledger.store.verify import Question, Verification, verify

_AS_PRINTED = "Write it as it was printed, for example 418:9c4e2b7d01aa (at least 12 digits of the digest)."
_KEY_ID = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
_SCP = re.compile(r"(?:[^@/]+@)?([^:/]+):(?!//)")


@dataclass(frozen=True, slots=True)
class Opened:
    """A ledger, where it was found, and what verifying it came to."""

    git: Git
    ref: str
    origin_host: str | None
    """The host that the checkout came from, if it says so."""
    question: Question
    found: Verification


def open_ledger(args: argparse.Namespace) -> Opened:
    """Raises UsageError where there is no ledger, or an anchor or key cannot be read."""
    path = Path(args.path)
    if not path.is_dir():
        remedy = "Name a checkout of a framework repository."
        raise UsageError("there is no such folder.", where=args.path, remedy=remedy)
    question = Question(
        anchors=tuple(each for text in getattr(args, "anchor", ()) for each in _anchors(text)),
        trusted=tuple(_trusted(text) for text in getattr(args, "trusted_key", ())),
        repository_id=getattr(args, "repository_id", None),
    )
    git = Git(path)
    ref, commit = _find(git, args.path)
    return Opened(git, ref, _origin_host(git), question, verify(git, commit, question))


def _find(git: Git, where: str) -> tuple[str, str]:
    for ref in LEDGER_PLACES:
        commit = git.resolve(ref)
        if commit is not None:
            return ref.removeprefix("refs/remotes/").removeprefix("refs/heads/"), commit
    raise UsageError(
        f"there is no branch {LEDGER_BRANCH} here, nor on origin as far as this checkout knows.",
        where=where,
        remedy=f"Run `git fetch origin {LEDGER_BRANCH}:refs/remotes/origin/{LEDGER_BRANCH}`, or name another checkout.",
    )


def _anchors(text: str) -> Iterator[Anchor]:
    """One, or those of a file: each line begins with one, and what follows it there is a note."""
    anchor = read_anchor(text)
    if anchor is not None:
        yield anchor
        return
    try:
        lines = Path(text).read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, ValueError) as error:
        raise UsageError(
            f"'{text}' is no anchor.", where="--anchor", remedy=f"{_AS_PRINTED} Or name a file."
        ) from error
    kept = {
        number: line.split()[0] for number, line in enumerate(lines, 1) if line.strip() and line.split()[0][0] != "#"
    }
    if not kept:
        raise UsageError("this file holds no anchor.", where=f"--anchor {text}", remedy=_AS_PRINTED)
    for number, word in kept.items():
        anchor = read_anchor(word)
        if anchor is None:
            raise UsageError(f"'{word}' is no anchor.", where=f"--anchor {text}, line {number}", remedy=_AS_PRINTED)
        yield anchor


def _trusted(text: str) -> str:
    if match := _KEY_ID.fullmatch(text.strip()):
        return f"sha256:{match[1]}"
    try:
        content = Path(text).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        remedy = "Name a file with a public key, or write its id: sha256: and 64 digits."
        raise UsageError(f"'{text}' is no key.", where="--trusted-key", remedy=remedy) from error
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
