"""A look at a hundred repositories with one GraphQL request: enough to see whether anything happened."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from reassay.git.git import LEDGER_BRANCH
from reassay.github.client import Client
from reassay.github.tokens import Tokens
from reassay.hosted.rules.fingerprint import Glance
from reassay.hosted.services.known import Repository

PER_LOOK = 100
_GLANCE = f"""
fragment glance on Repository {{
  databaseId nameWithOwner isPrivate isArchived
  defaultBranchRef {{ name target {{ oid }} }}
  ledger: ref(qualifiedName: "refs/heads/{LEDGER_BRANCH}") {{ target {{ oid }} }}
  issues(first: 1, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{ nodes {{ updatedAt }} }}
  pullRequests(first: 1, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{ nodes {{ updatedAt }} }}
}}
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Satisfies `services.hosting.sweeps.Glances`."""

    tokens: Tokens

    def glances(self, installation: int, repositories: Sequence[Repository]) -> Mapping[int, Glance]:
        """By id, those that are there, even under a new name; one request for each hundred."""
        glances: dict[int, Glance] = {}
        for at in range(0, len(repositories), PER_LOOK):
            some = repositories[at : at + PER_LOOK]
            data = self.tokens.look(installation, partial(_ask, glance_query(some)))
            glances |= {glance.id: glance for glance in _read(data, some)}
        return glances


def glance_query(repositories: Sequence[Repository]) -> str:
    """Names are written as JSON strings, which are GraphQL's."""
    lines = (
        f"  r{index}: repository(owner: {json.dumps(owner)}, name: {json.dumps(name)}) {{ ...glance }}"
        for index, (owner, _, name) in enumerate(repository.full_name.partition("/") for repository in repositories)
    )
    return "query Glances {\n" + "\n".join(lines) + f"\n}}\n{_GLANCE}"


def _ask(query: str, client: Client) -> Mapping[str, Any]:
    return client.read_graphql(query, {})


def _read(data: Mapping[str, Any], repositories: Sequence[Repository]) -> Iterator[Glance]:
    for index, repository in enumerate(repositories):
        row = data.get(f"r{index}")
        # Another repository may have that name by now.
        if row and row["databaseId"] == repository.id:
            yield _glance(row)


def _glance(row: Mapping[str, Any]) -> Glance:
    branch = row.get("defaultBranchRef") or {}
    return Glance(
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
