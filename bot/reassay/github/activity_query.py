"""A GraphQL query for the activity of up to 100 repositories."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from reassay.git.git import LEDGER_BRANCH
from reassay.github.app_types import HostedRepository, RepositoryActivity
from reassay.github.client import Client
from reassay.github.odd_answers import reads
from reassay.github.tokens import Tokens

PER_QUERY = 100
_FRAGMENT = f"""
fragment activity on Repository {{
  databaseId nameWithOwner isPrivate isArchived
  defaultBranchRef {{ name target {{ oid }} }}
  ledger: ref(qualifiedName: "refs/heads/{LEDGER_BRANCH}") {{ target {{ oid }} }}
  issues(first: 1, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{ nodes {{ updatedAt }} }}
  pullRequests(first: 1, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{ nodes {{ updatedAt }} }}
}}
"""


@dataclass(frozen=True, slots=True)
class ActivityQuery:
    """Reader of the activity of an installation's repositories."""

    tokens: Tokens

    @property
    def client(self) -> Client:
        """The client of the App itself."""
        return self.tokens.app

    @reads
    def read(self, installation: int, repositories: Sequence[HostedRepository]) -> Mapping[int, RepositoryActivity]:
        """Activity by repository id, with one query for 100 repositories. Renamed ones are included, missing ones left out.

        Raises LimitError and UpstreamError.
        """
        activities: dict[int, RepositoryActivity] = {}
        for at in range(0, len(repositories), PER_QUERY):
            some = repositories[at : at + PER_QUERY]
            data = self.tokens.look(installation, partial(_ask, activity_query(some)))
            activities |= {activity.id: activity for activity in _read(data, some)}
        return activities


def activity_query(repositories: Sequence[HostedRepository]) -> str:
    """The query's text. Names are quoted as JSON strings, which are valid GraphQL strings."""
    lines = (
        f"  r{index}: repository(owner: {json.dumps(owner)}, name: {json.dumps(name)}) {{ ...activity }}"
        for index, (owner, _, name) in enumerate(repository.full_name.partition("/") for repository in repositories)
    )
    return "query RepositoryActivity {\n" + "\n".join(lines) + f"\n}}\n{_FRAGMENT}"


def _ask(query: str, client: Client) -> Mapping[str, Any]:
    return client.read_graphql(query, {})


def _read(data: Mapping[str, Any], repositories: Sequence[HostedRepository]) -> Iterator[RepositoryActivity]:
    for index, repository in enumerate(repositories):
        row = data[f"r{index}"]
        # Another repository may have this name by now.
        if row and row["databaseId"] == repository.id:
            yield _activity(row)


def _activity(row: Mapping[str, Any]) -> RepositoryActivity:
    branch = row.get("defaultBranchRef") or {}
    return RepositoryActivity(
        id=int(row["databaseId"]),
        full_name=str(row["nameWithOwner"]),
        is_private=bool(row["isPrivate"]),
        is_archived=bool(row["isArchived"]),
        default_branch=str(branch.get("name") or ""),
        head=_oid(branch),
        ledger=_oid(row.get("ledger") or {}),
        issues=_latest(row.get("issues") or {}),
        pulls=_latest(row.get("pullRequests") or {}),
    )


def _oid(reference: Mapping[str, Any]) -> str:
    return str((reference.get("target") or {}).get("oid") or "")


def _latest(connection: Mapping[str, Any]) -> str:
    return next((str(node["updatedAt"]) for node in connection.get("nodes") or [] if node), "")
