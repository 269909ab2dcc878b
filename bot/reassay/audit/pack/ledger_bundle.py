"""The ledger's branch as a reproducible git bundle, and a repository from such a bundle."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from reassay.common.errors import UsageError
from reassay.git.git import LEDGER_BRANCH, Git

_HEADER = re.compile(rb"# v2 git bundle\n([0-9a-f]{40}) HEAD\n\1 refs/heads/reassay-ledger\n\n")
# The configuration of machine and person must neither change a byte nor run anything.
_ALONE = (("GIT_CONFIG_GLOBAL", os.devnull), ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_NO_REPLACE_OBJECTS", "1"))
_SETTINGS = ("-c", "core.commitGraph=false", "-c", "core.multiPackIndex=false", "-c", "pack.compression=6")
_PACK = (
    "--stdout",
    "--revs",
    "-q",
    "--threads=1",
    "--window=10",
    "--depth=50",
    "--no-reuse-delta",
    "--no-reuse-object",
)


def bundled(git: Git, commit: str) -> bytes:
    """A bundle of the commit with its whole history. Raises UsageError if the checkout is shallow."""
    _refuse_shallow(git, commit)
    objects = (git.folder / git.run("rev-parse", "--git-path", "objects").decode().strip()).resolve()
    with _scratch() as scratch:
        (scratch.folder / "objects" / "info" / "alternates").write_bytes(os.fsencode(objects) + b"\n")
        packed = scratch.run(*_SETTINGS, "pack-objects", *_PACK, data=f"{commit}\n".encode())
    return f"# v2 git bundle\n{commit} HEAD\n{commit} refs/heads/{LEDGER_BRANCH}\n\n".encode() + packed


@contextmanager
def unbundled(data: bytes) -> Iterator[tuple[Git, str]]:
    """A temporary repository with the content of the bundle, and its commit. Raises ValueError, UpstreamError."""
    header = _HEADER.match(data)
    if header is None:
        raise ValueError("it is not a bundle of the branch reassay-ledger")
    commit = header[1].decode()
    with _scratch() as scratch:
        scratch.run("index-pack", "--stdin", data=data[header.end() :])
        scratch.run("update-ref", f"refs/heads/{LEDGER_BRANCH}", commit)
        yield scratch, commit


@contextmanager
def _scratch() -> Iterator[Git]:
    with TemporaryDirectory(prefix="reassay-", ignore_cleanup_errors=True) as folder:
        git = Git(Path(folder), _ALONE)
        git.run("init", "--quiet", "--bare", "--initial-branch=main", "--template=", ".")
        (git.folder / "objects" / "info").mkdir(parents=True, exist_ok=True)
        yield git


def _refuse_shallow(git: Git, commit: str) -> None:
    place = git.folder / git.run("rev-parse", "--git-path", "shallow").decode().strip()
    if not place.is_file():
        return
    cut = set(place.read_text(encoding="ascii").split())
    if cut & set(git.run("rev-list", commit).decode().split()):
        raise UsageError(
            "this checkout has only part of the ledger's history (it is shallow).",
            where=LEDGER_BRANCH,
            remedy="Run `git fetch --unshallow`, then try again.",
        )
