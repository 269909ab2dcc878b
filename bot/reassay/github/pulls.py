"""Pull requests of a repository: reads them with all pages, and publishes a check run and one comment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reassay.common.errors import LimitError, NotAllowedError, NotFoundError
from reassay.github.app_types import BUTTON_DESCRIPTION, BUTTON_IDENTIFIER, BUTTON_LABEL
from reassay.github.client import Client
from reassay.github.drafts import Annotation, CheckDraft, StickyDraft
from reassay.github.mapping import comment
from reassay.github.pull_mapping import pull
from reassay.github.pull_queries import ANNOTATE, MORE_OPEN_PULLS, PULL_COMMENTS, PULL_COMMITS, publish_document
from reassay.github.queries import COMMENT
from reassay.github.repository_state import Pull

ANNOTATIONS_AT_ONCE = 50
MOST_ANNOTATIONS = 500
SUMMARY_LIMIT = 65_535
MOST_PAGES = 10
"""Pages of commits or comments that are read; `Pull.all_commits` is False for a longer list."""
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

    def read(self, data: JSON, *, with_pushers: bool) -> Pull:
        """A pull request from the answer of a query, with the further pages of its comments and commits."""
        number = int(data["number"])
        comments = [
            comment(node) for node in self._pages(data["comments"], PULL_COMMENTS + COMMENT, number, "comments")
        ]
        commits = [node["commit"] for node in self._pages(data["commits"], PULL_COMMITS, number, "commits")]
        pushers = self._pushers(data) if with_pushers else None
        return pull(data, comments, commits, pushers)

    def _pages(self, page: JSON, document: str, number: int, field: str) -> Iterator[JSON]:
        yield from (node for node in page["nodes"] if node)
        for _ in range(MOST_PAGES):
            if not page["pageInfo"]["hasNextPage"]:
                return
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
        """Account ids of those who pushed to the head, by the repository's activity; the owner for forks. None if unknown."""
        if data["isCrossRepository"]:
            owner = data.get("headRepositoryOwner") or {}
            return frozenset({int(owner["databaseId"])}) if owner.get("databaseId") else None
        parameters = {"ref": f"refs/heads/{data['headRefName']}", "per_page": ACTIVITY_PAGE}
        try:
            rows = self.client.rest("GET", f"/repos/{self.full_name}/activity", None, parameters)
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
        "summary": check.summary[:SUMMARY_LIMIT],
        "annotations": [
            {
                "path": annotation.path,
                "location": {"startLine": annotation.line, "endLine": annotation.line},
                "annotationLevel": annotation.level,
                "title": annotation.title,
                "message": annotation.message,
            }
            for annotation in annotations
        ],
    }
