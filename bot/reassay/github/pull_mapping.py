"""Values of pull requests, check runs and merge queues from GitHub's JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from reassay.github.mapping import account, comment, instant
from reassay.github.mapping import issue as issue_of
from reassay.github.own_checks import completed
from reassay.github.repository_state import CompletedCheck, Issue, LatestReview, Pull, PullCommit, QueueEntry
from reassay.people.account import Comment

JSON = Mapping[str, Any]


def pull(  # noqa: PLR0913, PLR0917 -- what a pull request is read from
    data: JSON,
    comments: Sequence[Comment],
    commits: Sequence[JSON],
    reviews: Sequence[JSON],
    checks: Iterable[CompletedCheck],
    pushers: frozenset[int] | None,
) -> Pull:
    """A pull request with all its comments, commits and reviews, and the runs of its own check."""
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
        checks=tuple(sorted(checks, key=lambda check: (check.at, check.id))),
        reviews=tuple(_review(review) for review in reviews),
        siblings=tuple(_siblings(data, number, base, head)),
        pushers=pushers,
        is_fork=bool(data["isCrossRepository"]),
        merged_at=instant(data["mergedAt"]) if data.get("mergedAt") else None,
        is_queued=bool(data["isInMergeQueue"]),
        problems=tuple(_problems(data)),
    )


def _problems(data: JSON) -> Iterator[str]:
    """What was not read to the end: it makes an error of the verdict, never a pass."""
    for tip in data["tip"]["nodes"]:
        pulls = tip["commit"].get("associatedPullRequests") or {}
        if (pulls.get("pageInfo") or {}).get("hasNextPage"):
            yield "more than 50 pull requests have this head, and the others were not read: push a commit of its own"


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


def checked_commits(data: JSON) -> tuple[JSON, ...]:
    """Commits of a pull request whose checks were asked for: its present and former heads, and what it was merged as."""
    commits = [head["commit"] for head in data["heads"]["nodes"] if head]
    commits += [push["beforeCommit"] for push in data["pushed"]["nodes"] if push and push.get("beforeCommit")]
    commits += [data["mergeCommit"]] if data.get("mergeCommit") else []
    return tuple({str(commit["oid"]): commit for commit in commits}.values())


def recent(data: JSON) -> tuple[tuple[Issue, ...], tuple[CompletedCheck, ...]]:
    """Issues and pull requests that were opened or changed last, once each, and the check runs on their heads."""
    pulls = [node for node in (data.get("recentPulls") or {}).get("nodes") or [] if node]
    nodes = [node for name in ("opened", "changed") for node in (data.get(name) or {}).get("nodes") or [] if node]
    bare: dict[str, JSON] = {"labels": {"nodes": []}, "assignees": {"nodes": []}, "timelineItems": {"nodes": []}}
    issues = {
        int(node["number"]): issue_of({**node, **bare}, [comment(own) for own in node["comments"]["nodes"] if own])
        for node in (*nodes, *pulls)
    }
    checks = (check for pull in pulls for tip in pull["tip"]["nodes"] if tip for check in completed(tip["commit"]))
    return tuple(issues.values()), tuple(checks)


def _review(data: JSON) -> LatestReview:
    commit, approves = (data.get("commit") or {}).get("oid"), data["state"] == "APPROVED"
    at = instant(data["submittedAt"])
    return LatestReview(int(data["databaseId"]), account(data.get("author")), commit, at, approves)


def _siblings(data: JSON, number: int, base: str, head: str) -> Iterator[int]:
    for tip in data["tip"]["nodes"]:
        for pull in ((tip["commit"].get("associatedPullRequests") or {}).get("nodes")) or []:
            # One of another repository may be hidden: it is of another base.
            if not pull:
                continue
            same = (pull["state"], pull["baseRefName"], pull["headRefOid"]) == ("OPEN", base, head)
            if same and int(pull["number"]) != number:
                yield int(pull["number"])


def queue_entry(data: JSON, checks: Iterable[CompletedCheck]) -> QueueEntry:
    """One entry of a merge queue, with the runs of our check on its group's commit."""
    return QueueEntry(
        int(data["pullRequest"]["number"]),
        str(data["pullRequest"]["headRefOid"]),
        (data.get("headCommit") or {}).get("oid"),
        int(data["position"]),
        tuple(sorted(checks, key=lambda check: (check.at, check.id))),
    )
