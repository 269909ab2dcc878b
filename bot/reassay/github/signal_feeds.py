"""GitHub as a source of signals: issues by label, and global security advisories.

https://docs.github.com/en/rest/security-advisories/global-advisories
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reassay.common.errors import IssuesOffError, NotFoundError, RejectedError
from reassay.github.client import Client
from reassay.github.mapping import instant
from reassay.github.odd_answers import reads
from reassay.github.repository_state import LabelledIssue

MOST_PAGES: Final = 50
"""Pages of a hundred issues or advisories of one source; a source that has more is refused, because the rest would be missing."""
_CLOSED_AS: Final[Mapping[str | None, Any]] = {"NOT_PLANNED": "not-planned", "DUPLICATE": "duplicate"}
_TYPES: Final = ("reviewed", "malware")
"""GitHub leaves out malware unless it is asked for by itself. Advisories that nobody reviewed name no packages."""

LABELLED_ISSUES: Final = """
query LabelledIssues($owner: String!, $name: String!, $label: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    hasIssuesEnabled
    label(name: $label) { name }
    issues(first: 100, after: $after, labels: [$label], orderBy: {field: CREATED_AT, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        number title body url state stateReason createdAt closedAt
        labels(first: 100) { nodes { name } }
        timelineItems(first: 25, itemTypes: [LABELED_EVENT]) {
          nodes { ... on LabeledEvent { createdAt label { name } } }
        }
      }
    }
  }
}
"""


@dataclass(frozen=True, slots=True)
class SignalFeeds:
    """Reader of what a repository and its GitHub say to sources of signals."""

    client: Client
    full_name: str
    """The framework repository."""

    @reads
    def labelled_issues(self, repository: str | None, label: str) -> tuple[LabelledIssue, ...]:
        """The issues, open and closed, with a label of a repository (None: the framework's), oldest first; no pull requests.

        One request for a hundred issues. Raises NotFoundError if there is no such repository or label, or the token may not see
        it, and IssuesOffError: "none" would be a claim about what nobody could read.
        """
        full_name = repository or self.full_name
        owner, _, name = full_name.partition("/")
        issues: list[LabelledIssue] = []
        after: str | None = None
        for _ in range(MOST_PAGES):
            variables = {"owner": owner, "name": name, "label": label, "after": after}
            content = _readable(self.client.read_graphql(LABELLED_ISSUES, variables)["repository"], full_name, label)
            page = content["issues"]
            issues += [_issue(node, label) for node in page["nodes"]]
            if not page["pageInfo"]["hasNextPage"]:
                return tuple(issues)
            after = page["pageInfo"]["endCursor"]
        raise RejectedError(f"{full_name} has more than {len(issues):,} issues with the label '{label}'.", ())

    @reads
    def advisories(self, ecosystem: str, package: str) -> tuple[Mapping[str, Any], ...]:
        """The global advisories about a package, malware included, newest first. Two requests, and one for each further hundred.

        Raises RejectedError for an ecosystem that GitHub does not know.
        """
        return tuple(advisory for kind in _TYPES for advisory in self._advisories(kind, ecosystem, package))

    def _advisories(self, kind: str, ecosystem: str, package: str) -> Iterator[Mapping[str, Any]]:
        asked: Mapping[str, object] = {"type": kind, "ecosystem": ecosystem, "affects": package, "per_page": 100}
        for _ in range(MOST_PAGES):
            rows, following = self.client.page("/advisories", asked)
            yield from _checked(rows)
            if not following:
                return
            asked = following
        raise RejectedError(f"GitHub has more than {MOST_PAGES * 100:,} advisories about {ecosystem} {package}.", ())


def _readable(content: Mapping[str, Any] | None, full_name: str, label: str) -> Mapping[str, Any]:
    if not content:
        raise NotFoundError(
            "GitHub finds no repository of this name.",
            where=full_name,
            remedy="Check the name, and that the token may see it: the token of a workflow sees only its own repository.",
        )
    if not content["hasIssuesEnabled"]:
        raise IssuesOffError(
            "issues are turned off here.", where=full_name, remedy="Turn them on under Settings, General, Features."
        )
    if not content["label"]:
        raise NotFoundError(
            f"there is no label '{label}'.", where=full_name, remedy="Create it, or correct the source's label."
        )
    return content


def _issue(node: Mapping[str, Any], label: str) -> LabelledIssue:
    labelled = [
        instant(event["createdAt"])
        for event in node["timelineItems"]["nodes"]
        # GitHub does not tell apart small and capital letters of labels.
        if str(event["label"]["name"]).lower() == label.lower()
    ]
    is_closed = node["state"] == "CLOSED"
    return LabelledIssue(
        number=int(node["number"]),
        title=str(node["title"]),
        body=str(node["body"]),
        created_at=instant(node["createdAt"]),
        labelled_at=min(labelled, default=None),
        closed_at=instant(node["closedAt"]) if is_closed and node["closedAt"] else None,
        url=str(node["url"]),
        labels=tuple(str(own["name"]) for own in node["labels"]["nodes"]),
        closed_as=_CLOSED_AS.get(node["stateReason"], "completed") if is_closed else None,
    )


def _checked(rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The rows. Raises ValueError for one without an id, which is none of GitHub's advisories."""
    for row in rows:
        if not isinstance(row.get("ghsa_id"), str):
            raise ValueError("an advisory without a ghsa_id")  # noqa: TRY004 -- the error of an answer that cannot be mapped
    return rows
