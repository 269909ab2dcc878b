"""Pull requests of a repository: reads them with all pages, and publishes a check run and one comment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reassay.common.command_lines import has_command_lines
from reassay.common.errors import LimitError, NotAllowedError, NotFoundError
from reassay.github.app_types import BUTTON_DESCRIPTION, BUTTON_IDENTIFIER, BUTTON_LABEL
from reassay.github.client import Client
from reassay.github.drafts import MOST_ANNOTATIONS, Annotation, CheckDraft, StickyDraft
from reassay.github.mapping import comment, instant, remark
from reassay.github.own_checks import OwnCheck, OwnChecks, completed, is_whole
from reassay.github.pull_mapping import checked_commits, pull, queue_entry
from reassay.github.pull_queries import (
    ANNOTATE,
    MORE_OPEN_PULLS,
    MORE_RECENTLY_CLOSED,
    PULL_COMMENTS,
    PULL_COMMITS,
    PULL_PUSHES,
    PULL_REMARKS,
    PULL_REVIEWS,
    publish_document,
    queue_query,
)
from reassay.github.queries import COMMENT
from reassay.github.repository_state import CompletedCheck, Pull, QueueEntry
from reassay.github.section import shorten

ANNOTATIONS_AT_ONCE = 50
SUMMARY_LIMIT = 65_535
LONGEST_ANNOTATION_TITLE, LONGEST_MESSAGE = 255, 15_000
"""Characters of an annotation; GitHub takes 64 KiB for the message."""
ACTIVITY_PAGE = 100
"""Activities of a branch that are read. With more, the pushers are unknown."""
JSON = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pulls:
    """Reader and writer of a repository's pull requests."""

    client: Client
    full_name: str
    button: bool = False
    """Whether check runs get the button to re-evaluate, which needs a server that receives its event."""
    app: int | None = None
    """Id of the App that publishes, where it is known."""

    def read(self, data: JSON, branch: str, *, with_pushers: bool) -> Pull:
        """A pull request from the answer of a query, with the further pages of everything that a verdict needs.

        `branch` is the base whose check the query asked for.
        """
        number = int(data["number"])
        comments = [
            comment(node) for node in self._pages(data["comments"], PULL_COMMENTS + COMMENT, number, "comments")
        ]
        # Where nobody wrote a command, a review's text is nothing to answer.
        remarks = (remark(node) for node in self._pages(data["remarks"], PULL_REMARKS, number, "remarks"))
        comments += [own for own in remarks if has_command_lines(own.body)]
        commits = [node["commit"] for node in self._pages(data["commits"], PULL_COMMITS, number, "commits")]
        reviews = list(self._pages(data["reviews"], PULL_REVIEWS, number, "reviews"))
        pushers = self._pushers(data) if with_pushers else None
        waits = any(not own.reacted and has_command_lines(own.body) for own in comments)
        former = [str(commit["oid"]) for commit in commits] + self._pushed_over(data) if waits else []
        return pull(data, comments, commits, reviews, self._checks(data, branch, former), pushers)

    def _pushed_over(self, data: JSON) -> list[str]:
        """Heads that a force push replaced, before those in the answer."""
        page, oids = data["pushed"]["pageInfo"], []
        owner, _, name = self.full_name.partition("/")
        while page["hasPreviousPage"]:
            variables = {"owner": owner, "name": name, "number": data["number"], "before": page["startCursor"]}
            pushed = self.client.read_graphql(PULL_PUSHES, variables)["repository"]["pullRequest"]["pushed"]
            oids += [str(push["beforeCommit"]["oid"]) for push in pushed["nodes"] if push and push.get("beforeCommit")]
            page = pushed["pageInfo"]
        return oids

    def _checks(self, data: JSON, branch: str, former: Sequence[str]) -> Sequence[CompletedCheck]:
        """Runs of our check for its base; those of another base, or more than a page, take further requests.

        `former` are commits that may have been its head: what was shown last before a command may stand on any of them.
        """
        commits, base = checked_commits(data), str(data["baseRefName"])
        checks = [run for commit in commits if is_whole(commit) for run in completed(commit)] if base == branch else []
        missing = [str(commit["oid"]) for commit in commits if base != branch or not is_whole(commit)]
        listed = {str(commit["oid"]) for commit in commits}
        further = [oid for oid in dict.fromkeys(former) if oid not in listed]
        return [*checks, *self.own_checks(base, [*missing, *further])]

    def own_checks(self, branch: str, commits: Sequence[str]) -> tuple[CompletedCheck, ...]:
        """Runs of our check for a base on some commits, to the end."""
        return tuple(OwnChecks(self.client, self.full_name, OwnCheck(branch, self.app)).read(commits))

    def queue(self, branch: str, first: JSON | None = None) -> tuple[QueueEntry, ...]:
        """The merge queue of a branch in order, with all of its pages; empty without one. `first` is its first page."""
        owner, _, name = self.full_name.partition("/")
        checked, after = OwnCheck(branch, self.app).fragment(), None
        entries: list[QueueEntry] = []
        while True:
            if first is None:
                query = queue_query(branch, checked, after)
                first = self.client.read_graphql(query, {"owner": owner, "name": name})["repository"] or {}
            page = (first.get("mergeQueue") or {}).get("entries") or {}
            entries += [
                self._entry(entry, branch) for entry in page.get("nodes") or [] if entry and entry["pullRequest"]
            ]
            if not (page.get("pageInfo") or {}).get("hasNextPage"):
                return tuple(sorted(entries, key=lambda entry: entry.position))
            first, after = None, str(page["pageInfo"]["endCursor"])

    def _entry(self, entry: JSON, branch: str) -> QueueEntry:
        commit = entry.get("headCommit")
        if commit is None:
            return queue_entry(entry, ())
        checks = completed(commit) if is_whole(commit) else self.own_checks(branch, [str(commit["oid"])])
        return queue_entry(entry, checks)

    def closed_numbers(self, data: JSON, since: datetime) -> tuple[int, ...]:
        """Numbers of pull requests that were closed unmerged, of those updated since an instant."""
        page, numbers = data["closedPulls"], []
        owner, _, name = self.full_name.partition("/")
        while True:
            recent = [int(node["number"]) for node in page["nodes"] if instant(node["updatedAt"]) >= since]
            numbers += recent
            if len(recent) < len(page["nodes"]) or not page["pageInfo"]["hasNextPage"]:
                return tuple(sorted(numbers))
            variables = {"owner": owner, "name": name, "after": page["pageInfo"]["endCursor"]}
            page = self.client.read_graphql(MORE_RECENTLY_CLOSED, variables)["repository"]["closedPulls"]

    def _pages(self, page: JSON, document: str, number: int, field: str) -> Iterator[JSON]:
        """Every page: a veto on the last of them counts as much as one on the first."""
        yield from (node for node in page["nodes"] if node)
        while page["pageInfo"]["hasNextPage"]:
            owner, _, name = self.full_name.partition("/")
            variables = {"owner": owner, "name": name, "number": number, "after": page["pageInfo"]["endCursor"]}
            page = self.client.read_graphql(document, variables)["repository"]["pullRequest"][field]
            yield from (node for node in page["nodes"] if node)

    def open_numbers(self, data: JSON) -> tuple[int, ...]:
        """Numbers of all open pull requests, ascending."""
        page = data["openPulls"]
        numbers = [int(node["number"]) for node in page["nodes"]]
        owner, _, name = self.full_name.partition("/")
        while page["pageInfo"]["hasNextPage"]:
            variables = {"owner": owner, "name": name, "after": page["pageInfo"]["endCursor"]}
            page = self.client.read_graphql(MORE_OPEN_PULLS, variables)["repository"]["openPulls"]
            numbers += [int(node["number"]) for node in page["nodes"]]
        return tuple(sorted(numbers))

    def _pushers(self, data: JSON) -> frozenset[int] | None:
        """Account ids of those who pushed to the head, by the repository's activity. None if unknown.

        Those of a fork are unknown: its owner may let others push, and so may whoever opened the pull request.
        """
        if data["isCrossRepository"]:
            return None
        parameters = {"ref": f"refs/heads/{data['headRefName']}", "per_page": ACTIVITY_PAGE}
        try:
            rows = self.client.rows(f"/repos/{self.full_name}/activity", parameters)
        except LimitError:
            raise
        except (NotAllowedError, NotFoundError):
            return None
        if len(rows) >= ACTIVITY_PAGE or not rows:
            return None
        people = [(row.get("actor") or {}).get("id") for row in rows]
        ids = frozenset(person for person in people if isinstance(person, int))
        return ids if len(ids) == len(set(people)) else None

    def publish(self, repository: str, check: CheckDraft, sticky: StickyDraft | None) -> None:
        """Publishes the check run and the comment with one mutation; further annotations take one request for 50."""
        first, rest = check.annotations[:ANNOTATIONS_AT_ONCE], check.annotations[ANNOTATIONS_AT_ONCE:MOST_ANNOTATIONS]
        variables: dict[str, object] = {"check": _check_input(repository, check, first) | self._actions()}
        how = None
        if sticky is not None:
            how = "update" if sticky.existing else "add"
            variables["comment"] = (
                {"id": sticky.existing, "body": sticky.body}
                if sticky.existing
                else {"subjectId": sticky.pull, "body": sticky.body}
            )
        answer = self.client.graphql(publish_document(how), variables)
        check_id = str(answer["check"]["checkRun"]["id"])
        for at in range(0, len(rest), ANNOTATIONS_AT_ONCE):
            part = rest[at : at + ANNOTATIONS_AT_ONCE]
            more = {"repositoryId": repository, "checkRunId": check_id, "output": _output(check, part)}
            self.client.graphql(ANNOTATE, {"check": more})

    def _actions(self) -> dict[str, object]:
        action = {"label": BUTTON_LABEL, "identifier": BUTTON_IDENTIFIER, "description": BUTTON_DESCRIPTION}
        return {"actions": [action]} if self.button else {}


def _check_input(repository: str, check: CheckDraft, annotations: Sequence[Annotation]) -> dict[str, object]:
    return {
        "repositoryId": repository,
        "name": check.name,
        "headSha": check.head,
        "status": "COMPLETED",
        "conclusion": check.conclusion.upper(),
        "externalId": f"{check.external_id} {check.anchor}".strip(),
        "output": _output(check, annotations),
    }


def _output(check: CheckDraft, annotations: Sequence[Annotation]) -> dict[str, object]:
    return {
        "title": check.title,
        "summary": shorten(check.summary, SUMMARY_LIMIT, "`reassay gate`"),
        "annotations": [
            {
                "path": annotation.path,
                "location": {"startLine": annotation.line, "endLine": annotation.line},
                "annotationLevel": annotation.level,
                "title": annotation.title[:LONGEST_ANNOTATION_TITLE],
                "message": annotation.message[:LONGEST_MESSAGE],
            }
            for annotation in annotations
        ],
    }
