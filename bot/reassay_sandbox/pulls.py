"""Pull requests as git sees them: heads in branches and forks, test merges, and which commits a merge would bring."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from reassay_sandbox.gitstore import GitError
from reassay_sandbox.state import Repo, SandboxIssue, Store, User

PASSING = frozenset({"SUCCESS", "NEUTRAL", "SKIPPED"})
"""Conclusions of a check that GitHub does not count as failed."""


@dataclass(frozen=True, slots=True)
class HeadCommit:
    """A commit of a pull request."""

    oid: str
    emails: tuple[str, ...]
    """Of author and co-authors."""


def head_of(repo: Repo, issue: SandboxIssue) -> str | None:
    """The head's commit: of the branch while it is open, as it was afterwards."""
    if issue.pull is None:
        return None
    if issue.pull.head_at_end is not None:
        return issue.pull.head_at_end
    return issue.pull.fork.git.head(issue.pull.head) if issue.pull.fork else repo.git.head(issue.pull.head)


def bring(repo: Repo, issue: SandboxIssue) -> str | None:
    """The head, with its objects in the repository itself, as GitHub keeps them under refs/pull."""
    head = head_of(repo, issue)
    if head is None or issue.pull is None:
        return head
    if issue.pull.fork is not None:
        repo.git.run("fetch", "--quiet", "--no-tags", str(issue.pull.fork.git.folder), head)
    repo.git.run("update-ref", f"refs/pull/{issue.number}/head", head)
    return head


def test_merge(repo: Repo, issue: SandboxIssue) -> tuple[str, str | None]:
    """`MERGEABLE`, `CONFLICTING` or `UNKNOWN`, and the commit of the test merge."""
    head, pull = bring(repo, issue), issue.pull
    if pull is None or head is None or pull.slow_merge:
        return "UNKNOWN", None
    base = repo.git.head(pull.base)
    if base is None:
        return "UNKNOWN", None
    test_merge = pull.test_merges.get((base, head))
    if test_merge is None:
        try:
            tree = repo.git.run("merge-tree", "--write-tree", base, head).decode().split("\n", 1)[0].strip()
        except GitError:
            return "CONFLICTING", None
        test_merge = repo.git.commit_tree(tree, [base, head], f"Merge {head} into {base}", "web-flow", issue.updated_at)
        pull.test_merges[base, head] = test_merge
        repo.git.run("update-ref", f"refs/pull/{issue.number}/merge", test_merge)
    return "MERGEABLE", test_merge


def merged_outside(
    repo: Repo, issue: SandboxIssue, files: Mapping[str, bytes | None], author: str, at: datetime
) -> tuple[str, str]:
    """The base moves to a merge commit that was not made on GitHub, with other content; the branch and the commit."""
    base, head = issue.pull.base if issue.pull else "main", bring(repo, issue) or ""
    before = repo.git.head(base) or ""
    merged = repo.git.run("merge-tree", "--write-tree", before, head).decode().split("\n", 1)[0].strip()
    other = [(path, "100644", None if data is None else repo.git.blob(data)) for path, data in files.items()]
    commit = repo.git.commit_tree(repo.git.tree(other, merged), [before, head], "Merge", author, at)
    repo.git.set_branch(base, commit, before)
    return base, commit


def commits_of(repo: Repo, issue: SandboxIssue) -> Iterator[HeadCommit]:
    """Oldest first."""
    head, pull = bring(repo, issue), issue.pull
    base = repo.git.head(pull.base) if pull else None
    if pull and pull.merge_commit:
        # A merged one keeps the commits that it brought.
        base = pull.base_at_end or f"{pull.merge_commit}^1"
    if head is None or base is None:
        return
    form = "%H%x1f%ae%x1f%(trailers:key=Co-authored-by,valueonly,separator=%x1e)%x00"
    output = repo.git.run("log", "--reverse", f"--format={form}", f"{base}..{head}").decode("utf-8", "replace")
    for row in output.split("\x00"):
        if not row.strip():
            continue
        oid, email, trailers = row.strip("\n").split("\x1f")
        more = [trailer.partition("<")[2].partition(">")[0] for trailer in trailers.split("\x1e") if "<" in trailer]
        yield HeadCommit(oid, (email, *more))


def user_of(store: Store, email: str) -> User | None:
    """The account that an address belongs to: whoever writes it into a commit need not be them."""
    name, _, host = email.partition("@")
    return store.users.get(name.lower()) if host == "users.noreply.example.org" else None


def blocked(repo: Repo, issue: SandboxIssue) -> str | None:
    """Why GitHub refuses a merge; None if it does not. By the rules of the base branch."""
    pull = issue.pull
    head = head_of(repo, issue)
    if pull is None or head is None:
        return "is no pull request"
    if pull.is_draft:
        return "is still a draft"
    for rule in repo.settings.get(f"rules/branches/{pull.base}", []):
        if rule["type"] != "required_status_checks":
            continue
        for wanted in rule["parameters"]["required_status_checks"]:
            if not satisfied(repo, head, wanted["context"], wanted.get("integration_id")):
                return f'Required status check "{wanted["context"]}" is expected.'
    return None


def satisfied(repo: Repo, head: str, name: str, app: int | None) -> bool:
    """By the latest run of that name on that commit; of that app, if the rule is bound to one."""
    own = [check for check in repo.checks if (check.head, check.name) == (head, name) and app in {None, check.app.id}]
    return bool(own) and own[-1].conclusion in PASSING
