"""The git history of the ledger's branch: a commit may add entries, but neither change nor remove them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from reassay.git.git import Git
from reassay.ledger.finding import LedgerFinding

_KEPT = ("entries/", "objects/")


@dataclass(frozen=True, slots=True)
class BranchHistory:
    """Result of checking the branch's commits."""

    commits: int
    is_shallow: bool
    """Whether older commits are missing in this checkout."""
    redactions: tuple[str, ...]
    """Objects that a commit removed, which is allowed."""
    findings: tuple[LedgerFinding, ...]


def read_history(git: Git, commit: str) -> BranchHistory:
    """The history of a commit, without replacement objects and independent of the checkout's settings."""
    listed = git.run("--no-replace-objects", "rev-list", "--parents", commit).decode()
    parents = {line.split()[0]: tuple(line.split()[1:]) for line in listed.splitlines()}
    cut = _cut(git, parents)
    findings = [*_shape(parents, cut)]
    redactions: dict[str, None] = {}
    for where, status, path in reversed(list(_changes(git, parents))):
        if path.startswith("objects/") and status == "D":
            redactions[path] = None
        elif path.startswith(_KEPT) and status != "A":
            findings.append(_finding(where, status, path))
    return BranchHistory(len(parents), bool(cut), tuple(redactions), tuple(findings))


def _changes(git: Git, commits: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(commit, status, path), newest first; a merge is compared with each parent."""
    options = ("--stdin", "-r", "-m", "-z", "--root", "--raw", "--no-renames")
    data = "".join(f"{commit}\n" for commit in commits).encode()
    output = git.run("--no-replace-objects", "diff-tree", *options, data=data).decode("utf-8", "surrogateescape")
    fields = iter(output.split("\0"))
    commit = ""
    for field in fields:
        if field.startswith(":"):
            # The path is the next field, with any characters.
            yield commit, field.rsplit(" ", 1)[1][:1], next(fields)
        elif field:
            commit = field


def _cut(git: Git, commits: Collection[str]) -> frozenset[str]:
    """Commits of the branch whose parents are missing in this checkout."""
    where = git.folder / git.run("rev-parse", "--git-path", "shallow").decode().strip()
    try:
        return frozenset(where.read_text(encoding="ascii").split()) & frozenset(commits)
    except FileNotFoundError:
        return frozenset()


def _shape(commits: Mapping[str, tuple[str, ...]], cut: Collection[str]) -> Iterator[LedgerFinding]:
    roots = [commit for commit, parents in commits.items() if not parents and commit not in cut]
    if len(roots) > 1:
        what = f"the branch has {len(roots)} first commits"
        yield LedgerFinding("history-merged", "commits", what, "Two histories were joined, which reassay never does.")
    for commit, parents in commits.items():
        if len(parents) > 1:
            what = f"commit {commit[:12]} is a merge"
            yield LedgerFinding("history-merged", "commits", what, "reassay never writes merge commits.")


def _finding(commit: str, status: str, path: str) -> LedgerFinding:
    did = {"D": "removed", "M": "changed", "T": "changed the kind of"}.get(status, "changed")
    what = f"commit {commit[:12]} {did} {path}"
    why = "A ledger may only grow. The content before that commit can still be read with git."
    return LedgerFinding("history-rewritten", path, what, why)
