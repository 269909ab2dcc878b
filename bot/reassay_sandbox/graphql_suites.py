"""GraphQL: the check suites of a commit, with GitHub's filters. Every workflow run has a suite of its own, and an App has one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reassay_sandbox.apps import App
from reassay_sandbox.shapes import stamp
from reassay_sandbox.state import CheckRun, Repo

JSON = dict[str, Any]
Filter = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class SuiteAnswers:
    """Answers about the check suites of one repository."""

    repo: Repo
    apps: Mapping[int, App]
    connection: Callable[..., JSON]

    def suites(self, oid: str, filter_by: Filter) -> list[JSON]:
        """Suites of a commit, in order of making."""
        wanted = filter_by or {}
        groups: dict[tuple[int, str], list[CheckRun]] = {}
        for run in self.repo.checks:
            if run.head == oid:
                groups.setdefault((run.app.id, run.suite), []).append(run)
        return [
            self._suite(oid, runs)
            for runs in groups.values()
            if wanted.get("appId") in {None, self._app(runs[0])}
            and wanted.get("checkName") in {None, *(run.name for run in runs)}
        ]

    def suite(self, node_id: str) -> JSON | None:
        """A suite by its node id; None for another one."""
        heads = dict.fromkeys(run.head for run in self.repo.checks)
        return next((suite for oid in heads for suite in self.suites(oid, None) if suite["id"] == node_id), None)

    def _app(self, run: CheckRun) -> int:
        """GitHub's id of the App; an account without an App stands for one of its own id."""
        return next((app.id for app in self.apps.values() if app.user.id == run.app.id), run.app.id)

    def _suite(self, oid: str, runs: list[CheckRun]) -> JSON:
        first = runs[0]
        return {
            "__typename": "CheckSuite",
            "id": f"CS_{first.app.id}_{first.suite}_{oid}",
            "app": {"slug": first.app.slug, "databaseId": self._app(first)},
            "checkRuns": lambda _info, filterBy=None, **page: self.connection(  # noqa: N803 -- GitHub's name
                list(self._runs(runs, filterBy)), **page
            ),
        }

    def _runs(self, runs: list[CheckRun], filter_by: Filter) -> Iterator[JSON]:
        wanted = filter_by or {}
        chosen = [
            run
            for run in runs
            if wanted.get("checkName") in {None, run.name} and wanted.get("appId") in {None, self._app(run)}
        ]
        if wanted.get("checkType") == "LATEST":
            chosen = list({run.name: run for run in chosen}.values())
        return (_answer(run) for run in chosen)


def _answer(check_run: CheckRun) -> JSON:
    return {
        "id": f"CR_{check_run.id}",
        "databaseId": check_run.id,
        "name": check_run.name,
        "status": "COMPLETED",
        "conclusion": check_run.conclusion,
        "completedAt": stamp(check_run.at),
        "externalId": check_run.external_id,
        "title": check_run.title,
        "summary": check_run.summary,
    }
