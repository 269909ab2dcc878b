"""Values of pull requests, check runs and merge queues from GitHub's JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reassay.github.mapping import account, comment, instant
from reassay.github.mapping import issue as issue_of
from reassay.github.pull_queries import CHECK_PREFIX
from reassay.github.repository_state import ApprovingReview, CompletedCheck, Issue, Pull, PullCommit, QueueEntry
from reassay.people.account import Comment

JSON = Mapping[str, Any]


def pull(data: JSON, comments: Sequence[Comment], commits: Sequence[JSON], pushers: frozenset[int] | None) -> Pull:
    """A pull request with all its comments and commits."""
    number, head, base = int(data["number"]), str(data["headRefOid"]), str(data["baseRefName"])
    tip = ((data.get("baseRef") or {}).get("target") or {}).get("oid")
    return Pull(
        issue=issue_of({**data, "state": data["state"], "timelineItems": {"nodes": []}}, comments),
        node_id=str(data["id"]),
        is_merged=bool(data["merged"]),
        is_draft=bool(data["isDraft"]),
        base_ref=base,
        base_tip=tip,
        head=head,
        head_ref=str(data["headRefName"]),
        mergeable={"MERGEABLE": "yes", "CONFLICTING": "no"}.get(str(data["mergeable"]), "unknown"),  # type: ignore[arg-type] # literals
        merge_commit=_test_merge(data.get("potentialMergeCommit"), tip, head),
        merged_as=(data.get("mergeCommit") or {}).get("oid"),
        merged_by=(data.get("mergedBy") or {}).get("databaseId"),
        commits=tuple(_commit(commit) for commit in commits),
        commits_total=int(data["commits"]["totalCount"]),
        checks=tuple(sorted(_checks(data), key=lambda check: (check.at, check.id))),
        reviews=tuple(_review(review) for review in data["reviews"]["nodes"] if review),
        siblings=tuple(_siblings(data, number, base, head)),
        pushers=pushers,
    )


def _test_merge(data: JSON | None, base: str | None, head: str) -> str | None:
    """GitHub's test merge of this base and head; None if it is of an older base or head."""
    parents = [parent["oid"] for parent in data["parents"]["nodes"]] if data else []
    return str(data["oid"]) if data and parents == [base, head] else None


def _commit(data: JSON) -> PullCommit:
    authors, signature = data["authors"], data.get("signature") or {}
    accounts = [(author.get("user") or {}).get("databaseId") for author in authors["nodes"] if author]
    if int(authors["totalCount"]) > len(accounts):
        accounts.append(None)
    signer = (signature.get("signer") or {}).get("databaseId")
    proved = bool(signature.get("isValid")) and (bool(signature.get("wasSignedByGitHub")) or signer in accounts)
    return PullCommit(str(data["oid"]), tuple(accounts), proved)


def _checks(data: JSON) -> Iterator[CompletedCheck]:
    commits = [head["commit"] for head in data["heads"]["nodes"] if head]
    commits += [push["beforeCommit"] for push in data["pushed"]["nodes"] if push and push.get("beforeCommit")]
    by_id = {seen.id: seen for commit in commits for seen in _on(commit)}
    yield from by_id.values()


def _on(commit: JSON) -> Iterator[CompletedCheck]:
    """Completed check runs of a commit with a name of ours."""
    for suite in (commit.get("checkSuites") or {}).get("nodes") or []:
        slug = str(((suite or {}).get("app") or {}).get("slug") or "")
        for run in (suite.get("checkRuns") or {}).get("nodes") or []:
            if str(run["name"]).startswith(CHECK_PREFIX) and run.get("completedAt"):
                external_id, anchor = _with_anchor(str(run.get("externalId") or ""))
                yield CompletedCheck(
                    int(run["databaseId"]),
                    str(run["name"]),
                    str(commit["oid"]),
                    slug,
                    str(run.get("conclusion") or "").lower(),
                    external_id,
                    instant(run["completedAt"]),
                    anchor,
                )


def _with_anchor(text: str) -> tuple[str, str]:
    """An external id without its anchor, and the anchor; empty if it has none."""
    words = text.split(" ")
    return (" ".join(words[:-1]), words[-1]) if len(words) > 1 and ":" in words[-1] else (text, "")


def recent(data: JSON) -> tuple[tuple[Issue, ...], tuple[CompletedCheck, ...]]:
    """Issues and pull requests that were opened or changed last, once each, and the check runs on their heads."""
    pulls = [node for node in (data.get("recentPulls") or {}).get("nodes") or [] if node]
    nodes = [node for name in ("opened", "changed") for node in (data.get(name) or {}).get("nodes") or [] if node]
    bare: dict[str, JSON] = {"labels": {"nodes": []}, "assignees": {"nodes": []}, "timelineItems": {"nodes": []}}
    issues = {
        int(node["number"]): issue_of({**node, **bare}, [comment(own) for own in node["comments"]["nodes"] if own])
        for node in (*nodes, *pulls)
    }
    checks = (check for pull in pulls for tip in pull["tip"]["nodes"] if tip for check in _on(tip["commit"]))
    return tuple(issues.values()), tuple(checks)


def _review(data: JSON) -> ApprovingReview:
    commit = (data.get("commit") or {}).get("oid")
    return ApprovingReview(int(data["databaseId"]), account(data.get("author")), commit, instant(data["submittedAt"]))


def _siblings(data: JSON, number: int, base: str, head: str) -> Iterator[int]:
    for tip in data["tip"]["nodes"]:
        for pull in ((tip["commit"].get("associatedPullRequests") or {}).get("nodes")) or []:
            same = (pull["state"], pull["baseRefName"], pull["headRefOid"]) == ("OPEN", base, head)
            if same and int(pull["number"]) != number:
                yield int(pull["number"])


def queue(data: JSON) -> tuple[QueueEntry, ...]:
    """The merge queue of the branch in the query, in order."""
    entries = ((data.get("mergeQueue") or {}).get("entries") or {}).get("nodes") or []
    queued = [
        QueueEntry(
            int(entry["pullRequest"]["number"]),
            str(entry["pullRequest"]["headRefOid"]),
            (entry.get("headCommit") or {}).get("oid"),
            int(entry["position"]),
            tuple(_on(entry["headCommit"])) if entry.get("headCommit") else (),
        )
        for entry in entries
        if entry and entry.get("pullRequest")
    ]
    return tuple(sorted(queued, key=lambda entry: entry.position))
