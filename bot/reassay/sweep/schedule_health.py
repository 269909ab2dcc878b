"""The health of the schedule that starts the bot: a bot whose schedule is switched off cannot report that itself.

GitHub switches off the schedules of a public repository that has been quiet for 60 days
(https://docs.github.com/en/actions/how-tos/manage-workflow-runs/disable-and-enable-workflows). What counts as activity is not
documented, and pushes of bots to other branches, such as the ledger's, are reported not to count. So only pushes to the default
branch are taken for activity here.
A schedule also stops, while its workflow stays switched on, when the account that last changed its cron line is suspended or
deleted (https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from reassay.common.calendar import day_words
from reassay.common.errors import UpstreamError
from reassay.github.workflow_schedules import ACTIVE, WorkflowSchedules
from reassay.sweep.input import SweepInput
from reassay.sweep.options import Focus
from reassay.sweep.report import Report
from reassay.sweep.run_context import RunContext

FOLDER: Final = ".github/workflows/"
QUIET_LIMIT: Final = timedelta(days=60)
"""Time without activity after which GitHub switches off the schedules of a public repository."""
WARN_AFTER: Final = timedelta(days=45)
"""Time without a push to the default branch after which the report warns."""
USES: Final = re.compile(r"^\s*-?\s*uses:\s*\S*reassay", re.MULTILINE)
"""A step that uses this Action."""
_CRON: Final = re.compile(r"""^[^#\n]*\bcron:\s*["']?([^"'#\n}\]]+)""", re.MULTILINE)
_FIELDS: Final = 5
_SLACK: Final = timedelta(days=2)
"""Time by which GitHub may start a schedule late, or leave it out."""


@dataclass(frozen=True, slots=True)
class ScheduleSeen:
    """The schedule of one workflow of ours, as GitHub knows it."""

    path: str
    longest_gap: timedelta
    """The longest time between two runs by its cron lines."""
    state: str
    """GitHub's word; empty if GitHub lists no such workflow."""
    since: datetime | None
    """When it last ran by its schedule; when GitHub first saw its file, if it never did."""
    has_run: bool
    """Whether it ever ran by its schedule, as far as GitHub keeps runs."""
    last_push: datetime | None
    """The last push to the default branch of a public repository; None if it is private, or not known."""
    is_public: bool = False
    """Whether GitHub switches its schedules off when it is quiet."""


@dataclass(frozen=True, slots=True)
class ScheduleProblem:
    """What is wrong with a schedule, what follows, and how it is armed again. Sentences."""

    id: str
    what: str
    means: str
    mend: str

    def words(self) -> str:
        """All of it."""
        return f"{self.what} {self.means} {self.mend}"


def scheduled_files(files: Mapping[str, str]) -> Mapping[str, timedelta]:
    """Our workflows that have a schedule, with the longest time between two of its runs."""
    ours = {path: text for path, text in files.items() if path.startswith(FOLDER) and USES.search(text)}
    gaps = {path: [_gap(cron) for cron in _CRON.findall(text)] for path, text in ours.items()}
    # Whichever cron line is due first starts a run.
    return {path: min(own) for path, own in gaps.items() if own}


def _gap(cron: str) -> timedelta:
    """The longest time between two runs of a cron line, rounded up to a day, a week, a month or a year."""
    fields = cron.split()
    if len(fields) != _FIELDS or fields[3] != "*":
        return timedelta(days=366)
    if fields[2] != "*":
        return timedelta(days=31)
    return timedelta(days=7) if fields[4] != "*" else timedelta(days=1)


def look_at_schedules(
    reader: WorkflowSchedules, files: Mapping[str, str], branch: str, *, is_private: bool
) -> tuple[ScheduleSeen, ...] | None:
    """Our schedules as GitHub knows them; None if the token may not read workflows. Raises UpstreamError.

    No request without a schedule; else one, and for each schedule one, and one for a public repository.
    """
    gaps = scheduled_files(files)
    listed = reader.workflows() if gaps else ()
    if listed is None:
        return None
    known_to_github = {own.path: own for own in listed}
    last_push = reader.last_push(branch) if gaps and not is_private else None
    seen = []
    for path, gap in sorted(gaps.items()):
        own = known_to_github.get(path)
        run = reader.last_scheduled_run(own.id) if own else None
        since = run or (own.created_at if own else None)
        seen.append(
            ScheduleSeen(path, gap, own.state if own else "", since, run is not None, last_push, not is_private)
        )
    return tuple(seen)


def schedule_problems(seen: ScheduleSeen, now: datetime) -> Iterator[ScheduleProblem]:
    """The problems of one schedule: switched off, silent although it is on, or soon to be switched off."""
    name = seen.path.removeprefix(FOLDER)
    enable = f"To switch it on, run `gh workflow enable {name}`, or press Enable workflow on its page under Actions."
    recommit = f"Somebody who is present commits a changed `cron:` line of {seen.path} to the default branch."
    means = "Due dates are noticed only when something else starts a sweep."
    if seen.state == "disabled_inactivity":
        what = f"GitHub has switched off {seen.path}, because this repository was quiet for {QUIET_LIMIT.days} days."
        yield ScheduleProblem("schedule-off", what, means, f"{enable} Then commit something to the default branch.")
    elif seen.state and seen.state != ACTIVE:
        what = f"{seen.path} is switched off ({seen.state})."
        yield ScheduleProblem("schedule-off", what, means, enable)
    elif seen.since is not None and now - seen.since > seen.longest_gap + _SLACK:
        days = (now - seen.since).days
        last = "last ran" if seen.has_run else "has never run"
        on = f" on {day_words(seen.since.date(), year=True)}" if seen.has_run else ""
        what = f"{seen.path} is switched on, and {last} by its schedule{on}: it is silent for {days} days."
        why = "The account that last changed its cron line may be suspended or deleted."
        yield ScheduleProblem("schedule-silent", what, f"{means} {why}", recommit)
    if seen.state == ACTIVE and seen.is_public:
        yield from _quiet(seen.last_push, now)


def _quiet(last_push: datetime | None, now: datetime) -> Iterator[ScheduleProblem]:
    """The quiet of a public repository, from its 45th day on; that it is not known counts as the same."""
    limit = f"GitHub switches the schedules of a public repository off after {QUIET_LIMIT.days} quiet days"
    mend = "Commit something to the default branch before."
    if last_push is None:
        what = "When somebody last pushed to the default branch is not known."
        yield ScheduleProblem("schedule-stops", what, f"{limit}.", mend)
    elif now - last_push >= WARN_AFTER:
        end = day_words((last_push + QUIET_LIMIT).date(), year=True)
        what = f"Nobody has pushed to the default branch of this public repository for {(now - last_push).days} days."
        yield ScheduleProblem("schedule-stops", what, f"{limit}: on {end}, if nothing counts in between.", mend)


def with_schedule(report: Report, context: RunContext, inputs: SweepInput, focus: Focus) -> Report:
    """The report with what is wrong with the schedule. Nothing is asked where the hosted App writes, which has its own clock.

    A run over a part of the repository leaves it to one over all of it.
    """
    repository, content = inputs.repository_state.repository, inputs.content
    if focus.is_narrow or content.register.configuration.writer == "app":
        return report
    reader = WorkflowSchedules(context.github.client, context.github.full_name)
    try:
        files = context.contents.texts(content.commit, (FOLDER,))
        seen = look_at_schedules(reader, files, repository.default_branch, is_private=repository.is_private)
    except UpstreamError as error:
        words: tuple[str, ...] = (f"whether the schedule still works is not known ({error})",)
    else:
        unread = "whether the schedule still works is not known: the token needs `actions: read`"
        now = context.clock.now()
        words = (
            tuple(own.words() for schedule in seen for own in schedule_problems(schedule, now))
            if seen is not None
            else (unread,)
        )
    return replace(report, notes=(*report.notes, *words), schedule=words)
