"""What git knows of the branch: every commit may add, none may change or take away what was recorded."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from reassay.git.git import Git
from reassay.ledger.finding import LedgerFinding

_KEPT = ("entries/", "objects/")


@dataclass(frozen=True, slots=True)
class BranchHistory:
    """What walking the branch's commits found."""

    commits: int
    is_shallow: bool
    """Older commits are not in this checkout."""
    redactions: tuple[str, ...]
    """Objects that a commit took away, which is allowed."""
    findings: tuple[LedgerFinding, ...]


def read_history(git: Git, commit: str) -> BranchHistory:
    """Walks all commits that lead to `commit`. Neither replacement objects nor the settings of the checkout count."""
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
            # The path is the next field, whatever characters it is made of.
            yield commit, field.rsplit(" ", 1)[1][:1], next(fields)
        elif field:
            commit = field


def _cut(git: Git, commits: Collection[str]) -> frozenset[str]:
    """Commits of the branch whose parents this checkout does not have."""
    where = git.folder / git.run("rev-parse", "--git-path", "shallow").decode().strip()
    try:
        return frozenset(where.read_text(encoding="ascii").split()) & frozenset(commits)
    except FileNotFoundError:
        return frozenset()


def _shape(commits: Mapping[str, tuple[str, ...]], cut: Collection[str]) -> Iterator[LedgerFinding]:
    roots = [commit for commit, parents in commits.items() if not parents and commit not in cut]
    if len(roots) > 1:
        what = f"the branch has {len(roots)} first commits"
        yield LedgerFinding("history-merged", "commits", what, "Two histories were joined; reassay never does that.")
    for commit, parents in commits.items():
        if len(parents) > 1:
            what = f"commit {commit[:12]} is a merge"
            yield LedgerFinding("history-merged", "commits", what, "reassay writes one commit after the other.")


def _finding(commit: str, status: str, path: str) -> LedgerFinding:
    did = {"D": "removed", "M": "changed", "T": "changed the kind of"}.get(status, "changed")
    what = f"commit {commit[:12]} {did} {path}"
    why = "A ledger is only added to; what was there before that commit can still be read with git."
    return LedgerFinding("history-rewritten", path, what, why)
