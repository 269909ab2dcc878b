"""The ledger's branch in a clone: which reference has it, or that the clone does not have it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reassay.git.git import LEDGER_BRANCH, Git

_HEADS, _REMOTES = "refs/heads/", "refs/remotes/"


@dataclass(frozen=True, slots=True)
class LedgerPlace:
    """Where a clone has the ledger."""

    ref: str | None = None
    """Full name of the reference; None if there is none."""
    commit: str | None = None
    remote: str | None = None
    """A remote from which the branch can be fetched; empty for one without a name. None for a repository without any."""

    @property
    def name(self) -> str:
        """Short name, such as `origin/reassay-ledger`; empty without a reference."""
        return (self.ref or "").removeprefix(_REMOTES).removeprefix(_HEADS)

    @property
    def is_unread(self) -> bool:
        """Whether there may be a ledger that this clone does not have, because other branches were not fetched."""
        return self.commit is None and self.remote is not None

    @property
    def fetch(self) -> str:
        """The command that fetches the branch."""
        if not self.remote:
            return f"git fetch URL {LEDGER_BRANCH}:{_HEADS}{LEDGER_BRANCH}"
        return f"git fetch {self.remote} {LEDGER_BRANCH}:{_REMOTES}{self.remote}/{LEDGER_BRANCH}"


def ledger_place(git: Git) -> LedgerPlace:
    """The ledger of a clone: that of `origin`, of another remote, or of the local branch, whichever is ahead of the others.

    Raises UpstreamError if git cannot be run or the folder is not a repository.
    """
    remotes = _remotes(git)
    remote = remotes[0] if remotes else ("" if _is_fetched(git) else None)
    best: tuple[str, str] | None = None
    for ref, commit in _references(git, remotes):
        # A fork's copy of the branch stays as it was when the fork was made.
        if best is None or (commit != best[1] and git.is_ancestor(best[1], commit)):
            best = (ref, commit)
    return LedgerPlace(best[0], best[1], remote) if best else LedgerPlace(remote=remote)


_URL = re.compile(r"[a-z][a-z0-9+-]*://(?:[^@/]*@)?(?P<host>[^/@]+)/+(?P<path>[^?#]+?)(?:\.git)?/*")
_SCP = re.compile(r"(?:[^@/:]*@)?(?P<host>[A-Za-z0-9][A-Za-z0-9.-]+):(?P<path>[^:?#]+?)(?:\.git)?/*")
"""How git writes an address without a scheme."""


def remote_address(git: Git) -> str:
    """Host and path of the first remote, as `github.com/lab/framework`, without credentials; empty without a remote host."""
    remotes = _remotes(git)
    code, output = git.ask("config", "--get", f"remote.{remotes[0]}.url") if remotes else (1, b"")
    url = output.decode("utf-8", "replace").strip() if code == 0 else ""
    match = _URL.fullmatch(url) or (None if "://" in url else _SCP.fullmatch(url))
    return f"{match['host']}/{match['path']}".lower() if match else ""


def _remotes(git: Git) -> list[str]:
    """Names of the remotes, `origin` first."""
    names = git.run("remote").decode("utf-8", "surrogateescape").split()
    return sorted(names, key=lambda name: (name != "origin", name))


def _references(git: Git, remotes: list[str]) -> Iterator[tuple[str, str]]:
    """References that may be the branch, with their commits: remotes in order, then the local branch."""
    lines = git.run("for-each-ref", "--format=%(objectname) %(refname)", _HEADS, _REMOTES)
    pairs = (line.split(" ", 1) for line in lines.decode("utf-8", "surrogateescape").splitlines())
    known = {ref: commit for commit, ref in pairs if ref.endswith(f"/{LEDGER_BRANCH}")}
    # Some tools fetch into a remote's references without configuring that remote.
    others = sorted(ref.split("/")[2] for ref in known if ref.startswith(_REMOTES) and ref.count("/") == 3)  # noqa: PLR2004
    for name in dict.fromkeys((*remotes, *others)):
        ref = f"{_REMOTES}{name}/{LEDGER_BRANCH}"
        if ref in known:
            yield ref, known[ref]
    local = f"{_HEADS}{LEDGER_BRANCH}"
    if local in known:
        yield local, known[local]


def _is_fetched(git: Git) -> bool:
    """Whether a repository without remotes was fetched from somewhere."""
    if git.run("rev-parse", "--is-shallow-repository").strip() == b"true":
        return True
    return git.ask("rev-parse", "--verify", "--quiet", "FETCH_HEAD")[0] == 0
