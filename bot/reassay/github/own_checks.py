"""Runs of our own check on commits: asked for by App and name, because a commit has any number of suites of others.

Every workflow run has a suite of its own. GitHub filters by name, and by App where this program knows its App's id (the
Action's token does not say it); what does not fit into the first answer is read page by page, to the end.
https://docs.github.com/en/graphql/reference/input-objects#checksuitefilter
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reassay.common.errors import UnavailableError
from reassay.github.client import Client
from reassay.github.mapping import instant
from reassay.github.pull_queries import CHECK_PREFIX
from reassay.github.repository_state import CompletedCheck

SUITES_AT_ONCE = 3
RUNS_AT_ONCE = 30
"""Suites of a commit, and runs of a suite, in the first answer: the App has one suite a commit."""
PAGE = 100
COMMITS_AT_ONCE = 20
JSON = Mapping[str, Any]

_RUN = "databaseId name conclusion completedAt externalId"
_PAGE = "pageInfo { hasNextPage endCursor }"


@dataclass(frozen=True, slots=True)
class OwnCheck:
    """The check that is asked for: its name, and the id of the App that makes it where it is known."""

    branch: str
    """The base branch of the check."""
    app: int | None = None

    @property
    def name(self) -> str:
        """The name of the check run."""
        return f"{CHECK_PREFIX}{self.branch}"

    @property
    def _by(self) -> str:
        app = f"appId: {self.app}, " if self.app is not None else ""
        return f"{app}checkName: {json.dumps(self.name)}"

    def suites(self, suites: str, runs: str) -> str:
        """The part of a query for the suites of a commit."""
        return (
            f"checkSuites({suites}, filterBy: {{ {self._by} }}) {{ {_PAGE}\n"
            f"    nodes {{ id app {{ slug }} {self.runs(runs)} }} }}"
        )

    def runs(self, page: str) -> str:
        """The part of a query for the runs of a suite."""
        return (
            f"checkRuns({page}, filterBy: {{ {self._by}, checkType: ALL, status: COMPLETED }}) {{ {_PAGE}\n"
            f"      nodes {{ {_RUN} }} }}"
        )

    def fragment(self) -> str:
        """`...checked` on a commit."""
        return f"""
fragment checked on Commit {{
  oid
  {self.suites(f"first: {SUITES_AT_ONCE}", f"first: {RUNS_AT_ONCE}")}
}}
"""


def is_whole(commit: JSON) -> bool:
    """Whether an answer has every suite and every run of a commit; not where it says nothing of them."""
    suites = commit.get("checkSuites")
    if suites is None:
        return False
    pages = [suites, *((suite.get("checkRuns") or {}) for suite in suites.get("nodes") or [] if suite)]
    return not any((page.get("pageInfo") or {}).get("hasNextPage") for page in pages)


def completed(commit: JSON) -> Iterator[CompletedCheck]:
    """The runs of a commit in an answer."""
    for suite in (commit.get("checkSuites") or {}).get("nodes") or []:
        yield from _of_suite(suite or {}, str(commit["oid"]), (suite or {}).get("checkRuns") or {})


def _of_suite(suite: JSON, oid: str, runs: JSON) -> Iterator[CompletedCheck]:
    slug = str((suite.get("app") or {}).get("slug") or "")
    for run in runs.get("nodes") or []:
        if run and str(run["name"]).startswith(CHECK_PREFIX) and run.get("completedAt"):
            external_id, anchor = _with_anchor(str(run.get("externalId") or ""))
            yield CompletedCheck(
                int(run["databaseId"]),
                str(run["name"]),
                oid,
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


@dataclass(frozen=True, slots=True)
class OwnChecks:
    """Reader of the runs of our check on some commits, to the end."""

    client: Client
    full_name: str
    check: OwnCheck

    def read(self, commits: Sequence[str]) -> Iterator[CompletedCheck]:
        """Every run on some commits; those that GitHub does not have any more have none."""
        for at in range(0, len(commits), COMMITS_AT_ONCE):
            some = commits[at : at + COMMITS_AT_ONCE]
            for commit in self._commits(some, f"first: {SUITES_AT_ONCE}").values():
                yield from completed(commit) if is_whole(commit) else self._whole(str(commit["oid"]))

    def _commits(self, commits: Sequence[str], suites: str) -> Mapping[str, JSON]:
        parts = "\n".join(
            f"    c{index}: object(oid: {json.dumps(oid)}) "
            f"{{ ... on Commit {{ oid {self.check.suites(suites, f'first: {RUNS_AT_ONCE}')} }} }}"
            for index, oid in enumerate(commits)
        )
        query = (
            "query Checks($owner: String!, $name: String!) {\n"
            f"  repository(owner: $owner, name: $name) {{\n{parts}\n  }}\n}}\n"
        )
        owner, _, name = self.full_name.partition("/")
        content = self.client.read_graphql(query, {"owner": owner, "name": name})["repository"] or {}
        answers = {oid: content[f"c{index}"] for index, oid in enumerate(commits)}
        return {oid: commit for oid, commit in answers.items() if commit and commit.get("oid")}

    def _whole(self, oid: str) -> Iterator[CompletedCheck]:
        after = ""
        while True:
            page = f"first: {PAGE}{after}"
            suites = self._commits([oid], page)[oid].get("checkSuites")
            if suites is None:
                raise UnavailableError(f"GitHub does not say which checks commit {oid[:7]} has.", remedy="Try again.")
            for suite in suites["nodes"]:
                yield from self._runs(suite, oid)
            if not suites["pageInfo"]["hasNextPage"]:
                return
            after = f", after: {json.dumps(suites['pageInfo']['endCursor'])}"

    def _runs(self, suite: JSON, oid: str) -> Iterator[CompletedCheck]:
        runs = suite["checkRuns"]
        yield from _of_suite(suite, oid, runs)
        while runs["pageInfo"]["hasNextPage"]:
            page = f"first: {PAGE}, after: {json.dumps(runs['pageInfo']['endCursor'])}"
            query = (
                "query Runs($suite: ID!) {\n"
                f"  node(id: $suite) {{ ... on CheckSuite {{ {self.check.runs(page)} }} }}\n}}\n"
            )
            runs = self.client.read_graphql(query, {"suite": suite["id"]})["node"]["checkRuns"]
            yield from _of_suite(suite, oid, runs)
