"""Values of a repository and its issues from GitHub's JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from reassay.github.drafts import LABELS
from reassay.github.repository_state import ArrivedCommit, BotPullRequest, Issue, Repository, StateChange
from reassay.people.account import Account, Comment

JSON = Mapping[str, Any]


def account(data: JSON | None) -> Account | None:
    """The account of an actor; None for a deleted account."""
    if not data:
        return None
    is_bot = data.get("__typename") == "Bot"
    login = str(data["login"])
    # GraphQL leaves out the suffix that REST and people see.
    if is_bot and not login.endswith("[bot]"):
        login += "[bot]"
    return Account(login, data.get("databaseId"), is_bot)


def instant(text: str) -> datetime:
    """The instant of a text such as 2026-08-01T09:00:00Z."""
    return datetime.fromisoformat(text)


def comment(data: JSON) -> Comment:
    """A comment on an issue or a pull request."""
    return Comment(
        id=int(data["databaseId"]),
        node_id=str(data["id"]),
        body=str(data["body"]),
        author=account(data.get("author")),
        created_at=instant(data["createdAt"]),
        edited_by=_editor(data),
        reacted=any(group["viewerHasReacted"] for group in data.get("reactionGroups") or []),
    )


def _editor(data: JSON) -> str | None:
    """Login of the last editor, "" for an unknown account; None if it was never edited."""
    editor = account(data.get("editor"))
    return (editor.login if editor else "") if data.get("lastEditedAt") else None


def remark(data: JSON) -> Comment:
    """The text of a review as a comment: a command in it is heard like any other."""
    return replace(comment(data), id=-int(data["databaseId"]), is_review=True)


def issue(data: JSON, comments: Sequence[Comment]) -> Issue:
    """An issue with all its comments, in order of their ids."""
    return Issue(
        number=int(data["number"]),
        title=str(data["title"]),
        body=str(data["body"] or ""),
        is_open=data["state"] == "OPEN",
        url=str(data["url"]),
        author=account(data.get("author")),
        labels=frozenset(str(label["name"]) for label in data["labels"]["nodes"]),
        assignees=tuple(str(assignee["login"]) for assignee in data["assignees"]["nodes"]),
        comments=tuple(sorted(comments, key=lambda item: (item.created_at, item.id))),
        edited_by=_editor(data),
        changes=tuple(_change(event) for event in data["timelineItems"]["nodes"]),
        is_locked=bool(data.get("locked")),
    )


def _change(data: JSON) -> StateChange:
    kind = "closed" if data["__typename"] == "ClosedEvent" else "reopened"
    actor = account(data.get("actor"))
    return StateChange(kind, actor.login if actor else None, instant(data["createdAt"]))  # type: ignore[arg-type] # two literals


def repository(data: JSON) -> Repository:
    """The repository with its default branch, ledger and labels."""
    ledger = data.get("ledger")
    branch = data.get("defaultBranchRef") or {}
    return Repository(
        full_name=str(data["nameWithOwner"]),
        id=int(data["databaseId"]),
        is_private=bool(data["isPrivate"]),
        is_archived=bool(data["isArchived"]),
        default_branch=str(branch.get("name") or ""),
        url=str(data["url"]),
        ledger_head=str(ledger["target"]["oid"]) if ledger else None,
        labels=frozenset(label.name for index, label in enumerate(LABELS) if data.get(f"l{index}")),
        has_issues=bool(data["hasIssuesEnabled"]),
    )


def accounts(data: JSON, logins: Sequence[str]) -> Mapping[str, int]:
    """Account ids by login, without deleted accounts."""
    accounts = {name: data[f"u{index}"] for index, name in enumerate(logins)}
    return {
        name: int(account["databaseId"]) for name, account in accounts.items() if account and account.get("databaseId")
    }


def history(data: JSON, paths: int) -> Sequence[JSON]:
    """Commits of the default branch to the paths of the query, as JSON."""
    target = (data["defaultBranchRef"] or {}).get("target")
    return [node for index in range(paths) for node in target[f"h{index}"]["nodes"]] if target else []


def arrived_commit(commit: JSON, pulls: Iterable[JSON], branch: str) -> ArrivedCommit:
    """A commit on the default branch; `pulls` are all pull requests that GitHub lists for it."""
    merged = (int(pull["number"]) for pull in pulls if pull and pull["merged"] and pull["baseRefName"] == branch)
    numbers = tuple(dict.fromkeys(merged))
    return ArrivedCommit(str(commit["oid"]), instant(commit["committedDate"]), _committer(commit), numbers)


def newest_first(commits: Iterable[ArrivedCommit]) -> tuple[ArrivedCommit, ...]:
    """Each commit once, by their dates."""
    once = {commit.commit: commit for commit in commits}
    return tuple(sorted(once.values(), key=lambda commit: (commit.at, commit.commit), reverse=True))


def _committer(commit: JSON) -> int | None:
    user = (commit.get("committer") or {}).get("user") or {}
    return user.get("databaseId")


def pull_request(data: Mapping[str, Any]) -> BotPullRequest:
    """A pull request of the bot from REST JSON."""
    return BotPullRequest(
        number=int(data["number"]),
        is_open=data["state"] == "open",
        is_merged=bool(data.get("merged_at")),
        title=str(data["title"]),
        body=str(data.get("body") or ""),
        author=(data.get("user") or {}).get("login"),
    )
