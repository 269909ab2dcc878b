"""The part of the demo about incidents: people file them with a label, and a re-assessment opens and says why in counts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from reassay.common.calendar import day_words
from reassay.sweep.report import Report
from reassay.sweep.views.report import as_text
from reassay_sandbox.demo.environment import REPOSITORY, DemoEnvironment
from reassay_sandbox.demo.numbers import WATCHED
from reassay_sandbox.demo.story_step import StoryStep

_QUIET: Final = (12, 12, 12, 12)
"""Days before each of the first incidents: four in 48 days are fewer than the rule takes to fire."""
_LAST: Final = 8
"""Days before the fifth."""


def incident_steps(demo: DemoEnvironment) -> Iterator[StoryStep]:
    """Five incidents come in over two months; then the same sweep runs again."""
    reports = [_filed(demo, days, number) for number, days in enumerate(_QUIET, 1)]
    opened = _opened(reports[-1])
    yield StoryStep(
        f"{_today(demo)}: four incidents have come in, as issues with the label incident",
        f"{as_text(reports[-1])}\n{_reason(reports[-1])}\n  {'; '.join(_triage_issues(demo))}\n",
        (
            ("nothing failed", not any(report.problems for report in reports)),
            ("no re-assessment opened: four in this time do not say that the ceiling is passed", not opened),
            ("one issue lists what waits for a person's triage", len(_triage_issues(demo)) == 1),
        ),
    )
    fifth = _filed(demo, _LAST, 5)
    repo = demo.box.repo(REPOSITORY)
    number = _opened(fifth)
    body = repo.issue(number).body if number else ""
    yield StoryStep(
        f"{_today(demo)}: the fifth incident opens a re-assessment, which says why in counts",
        f"{as_text(fifth)}\n#{number}: {repo.issue(number).title if number else 'none'}\n{_reason(fifth)}\n",
        (
            ("its re-assessment is open, in one issue", number is not None),
            ("the issue says how many there were", "5 incidents since" in body),
            ("and how many were accepted by now, and who says so", "6 per year, stated by safety" in body),
            ("nothing failed", not fifth.problems),
        ),
    )
    wrote = len(demo.box.writes())
    again = demo.sweep()
    yield StoryStep(
        f"{_today(demo)}: the same sweep again",
        as_text(again),
        (("it writes nothing: the same incident is one incident", len(demo.box.writes()) == wrote and not again.done),),
    )


def _filed(demo: DemoEnvironment, days: int, number: int) -> Report:
    """Somebody files an incident some days later; the report of the sweep after it."""
    demo.box.clock.advance(timedelta(days=days))
    repo = demo.box.repo(REPOSITORY)
    issue = repo.open_issue_as("trust-and-safety-lead", f"A prompt got past the abuse monitor ({number})")
    repo.label_as("trust-and-safety-lead", issue, "incident")
    return demo.sweep()


def _opened(report: Report) -> int | None:
    history = report.assessment_input.history if report.assessment_input else None
    chosen = history.open_for(WATCHED) if history else None
    return chosen.issue if chosen else None


def _reason(report: Report) -> str:
    """What the trigger says of the watched mitigation."""
    results = [result for cell in report.cells if cell.subject == WATCHED for result in cell.results]
    return "\n".join(f"  {result.kind}: {result.reason}" for result in results if result.kind == "incident-rate")


def _triage_issues(demo: DemoEnvironment) -> tuple[str, ...]:
    """Titles of open issues about what waits for triage."""
    issues = demo.box.repo(REPOSITORY).issues()
    return tuple(issue.title for issue in issues if issue.state == "open" and issue.title.startswith("Triage"))


def _today(demo: DemoEnvironment) -> str:
    return day_words(demo.box.clock.now().date(), year=True)
