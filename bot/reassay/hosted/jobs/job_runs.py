"""Outcomes of the last runs of jobs, in any process: one repository may be broken while the server is not."""

from dataclasses import dataclass

from reassay.hosted.database.database import Database

LEAST_RUNS = 5
"""So many runs in a row must have failed before the jobs count as failing."""
LONGEST_REASON = 500
_SUCCEEDED = """
insert into reassay_job_runs as r (repository_id, succeeded)
select id, nextval('reassay_run_numbers') from reassay_repositories where id = %s
on conflict (repository_id) do update set succeeded = excluded.succeeded
"""
_FAILED = """
insert into reassay_job_runs as r (repository_id, failed, reason)
select id, nextval('reassay_run_numbers'), %s from reassay_repositories where id = %s
on conflict (repository_id) do update set failed = excluded.failed, reason = excluded.reason
"""
_SINCE = """
with success as (select coalesce(max(succeeded), 0) as latest from reassay_job_runs)
select max(r.failed) - min(success.latest), count(*), (array_agg(r.reason order by r.failed desc))[1],
  (select count(*) from reassay_repositories o join reassay_installations i on i.id = o.installation_id where not i.suspended)
from reassay_job_runs r, success where r.failed > success.latest
"""
_UNTRIED = """
select o.id from reassay_repositories o join reassay_installations i on i.id = o.installation_id
left join reassay_job_runs r on r.repository_id = o.id
where not i.suspended and coalesce(r.failed, 0) <= (select coalesce(max(succeeded), 0) from reassay_job_runs)
order by greatest(r.succeeded, r.failed) nulls first, o.id limit 1
"""


@dataclass(frozen=True, slots=True)
class FailingJobs:
    """All runs of jobs have failed since the last one that succeeded."""

    runs: int
    """Number of runs that failed in a row."""
    repositories: int
    """Number of repositories that they were about."""
    installed: int
    """Number of repositories of all active installations."""
    reason: str
    """Why the last of them failed. It may quote a repository, so only operators see it."""

    @property
    def is_the_server(self) -> bool:
        """Whether the server is at fault: enough runs, and of more repositories than one if there are more."""
        return self.runs >= LEAST_RUNS and self.repositories >= min(2, self.installed)

    @property
    def words(self) -> str:
        """One line for everybody: it names no repository."""
        where = "the repository" if self.installed == 1 else f"{self.repositories} of {self.installed} repositories"
        return (
            f"the last {self.runs} runs of jobs failed, in {where}; nothing is judged or opened there until this is fixed."
            " The log says why each of them failed"
        )


@dataclass(frozen=True, slots=True)
class JobRuns:
    """The table. Methods raise DatabaseError."""

    database: Database

    def succeeded(self, repository: int) -> None:
        """Notes a run that succeeded."""
        self.database.run(_SUCCEEDED, (repository,))

    def failed(self, repository: int, reason: str) -> None:
        """Notes a run that failed."""
        self.database.run(_FAILED, (reason[:LONGEST_REASON], repository))

    def failing(self) -> FailingJobs | None:
        """The runs that failed since the last success; None if the last run succeeded, or there was none."""
        runs, repositories, reason, installed = self.database.rows(_SINCE)[0]
        return FailingJobs(int(runs), int(repositories), int(installed), str(reason)) if repositories else None

    def untried(self) -> int | None:
        """A repository without a run since the last success, the one whose last run was longest ago; None if all had one."""
        rows = self.database.rows(_UNTRIED)
        return int(rows[0][0]) if rows else None
