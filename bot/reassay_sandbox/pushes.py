"""What GitHub tells of a push: where the branch was and is, and the commits that came with it."""

from typing import Any

from reassay_sandbox import shapes
from reassay_sandbox.state import Repo, User

JSON = dict[str, Any]
NOWHERE = "0" * 40
"""Before a branch began, and after it is gone."""
MOST_COMMITS = 2048
"""GitHub's, for one delivery."""
_FORM = "%H%x1f%P%x1f%an%x1f%ae%x1f%cI%x1f%B%x00"


def moved(  # noqa: PLR0913, PLR0917 -- what a push is made of
    repo: Repo, actor: User, branch: str, after: str, before: str | None, base: str, *, created: bool
) -> JSON:
    """A branch moved to `after`: from `before` if that is given (a force push), or forward, or it began there."""
    (head, parents), *_ = _log(repo, base, "-1", after)
    start = before or (parents[0] if parents and not created else NOWHERE)
    came = [head] if created or parents == [start] or start == NOWHERE else []
    if not came:
        came = [commit for commit, _ in _log(repo, base, f"-{MOST_COMMITS}", "--reverse", after, f"^{start}")]
    return _payload(repo, actor, branch, (start, after), base, came) | {
        "head_commit": head,
        "forced": before is not None,
    }


def removed(repo: Repo, actor: User, branch: str, before: str, base: str) -> JSON:
    """A branch is gone."""
    return _payload(repo, actor, branch, (before, NOWHERE), base, [])


def _payload(repo: Repo, actor: User, branch: str, ends: tuple[str, str], base: str, commits: list[JSON]) -> JSON:  # noqa: PLR0913, PLR0917 -- what a push is made of
    before, after = ends
    return {
        "ref": f"refs/heads/{branch}",
        "before": before,
        "after": after,
        "created": before == NOWHERE,
        "deleted": after == NOWHERE,
        "forced": False,
        "base_ref": None,
        "compare": f"{base}/{repo.full_name}/compare/{before[:12]}...{after[:12]}",
        "commits": commits,
        "head_commit": None,
        "repository": shapes.repository(repo, base),
        "sender": shapes.user(actor, base),
        "pusher": {"name": actor.login},
    }


def _log(repo: Repo, base: str, *wanted: str) -> list[tuple[JSON, list[str]]]:
    """Commits with their parents."""
    rows = repo.git.run("log", f"--format={_FORM}", *wanted).decode("utf-8", "replace").split("\0")
    return [_commit(repo, base, *row.strip("\n").split("\x1f")) for row in rows if row.strip()]


def _commit(  # noqa: PLR0913, PLR0917 -- what a commit is made of
    repo: Repo, base: str, oid: str, parents: str, name: str, email: str, at: str, message: str
) -> tuple[JSON, list[str]]:
    person = {"name": name, "email": email}
    url = f"{base}/{repo.full_name}/commit/{oid}"
    shown = {"id": oid, "message": message.strip(), "timestamp": at, "url": url, "author": person, "committer": person}
    return shown, parents.split()
