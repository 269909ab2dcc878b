"""The story: a sweep, a conclusion, time moved to the next due date. Each step says what happened, why, and is checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from reassay.assessment.cells import CellStatus
from reassay.assessment.triggers.base import Pending
from reassay.commands.conclusion import deciders
from reassay.common.calendar import day_words, zone
from reassay.hosted.rules.subject import JobSubject
from reassay.ledger.history import Reassessment
from reassay.sweep.report import Report
from reassay.sweep.views.report import as_text
from reassay_sandbox.demo.hosted import set_up
from reassay_sandbox.demo.stage import REPOSITORY, Stage


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened, and whether it went as told."""

    heading: str
    account: str
    checks: tuple[tuple[str, bool], ...]

    @property
    def went_as_told(self) -> bool:
        """Whether every check holds."""
        return all(holds for _, holds in self.checks)


def tell(stage: Stage) -> Iterator[Told]:
    """Plays the story step by step."""
    yield _set_up(stage)
    first = stage.hosted.wait_for(JobSubject(stage.repository), 0)
    yield _first_sweep(stage, first)
    yield _second_sweep(stage)
    chosen = _choose(first)
    concluded, step = _conclude(stage, chosen)
    yield step
    yield _next_one(stage, chosen, concluded)
    complaints = stage.box.complaints
    words = "it understood every request, and every text reads well"
    yield Told("What the local GitHub thinks of it", "\n".join(complaints) + "\n", ((words, not complaints),))


def _set_up(stage: Stage) -> Told:
    slug = set_up(stage.hosted, stage.box, REPOSITORY)
    app = next(iter(stage.box.dispatcher.apps.values()))
    rights = ", ".join(f"{name}: {level}" for name, level in sorted(app.permissions.items()))
    return Told(
        "reassay serve: the App is set up in a browser and installed",
        f"  {stage.hosted.url} made the App {slug}\n  permissions {rights}\n  events {', '.join(app.events)}\n",
        (
            ("GitHub has the App, installed on one repository", len(app.installations) == 1),
            ("its webhook leads back to the server", app.hook_url == f"{stage.hosted.url}/webhook"),
        ),
    )


def _first_sweep(stage: Stage, report: Report) -> Told:
    issues = stage.box.repo(REPOSITORY).issues()
    history = report.assessment_input.history if report.assessment_input else None
    opened = history.open if history else ()
    titles = "\n".join(f"  #{issue.number} {issue.title}" for issue in issues)
    waiting = {cell.subject for cell in report.cells if cell.scheduled}
    return Told(
        f"{_today(stage)}: the first sweep",
        f"{as_text(report)}\nThe issues it opened:\n{titles}\n",
        (
            ("nothing failed", not report.problems),
            ("every re-assessment it opened has exactly one issue", _one_issue_each(opened, len(issues))),
            ("the rest is paced and says when it comes", bool(waiting)),
            (
                "what is current was left alone",
                not {reassessment.subject for reassessment in opened} & _current(report),
            ),
        ),
    )


def _one_issue_each(opened: tuple[Reassessment, ...], issues: int) -> bool:
    return bool(opened) and len({reassessment.issue for reassessment in opened}) == len(opened) == issues


def _current(report: Report) -> set[str]:
    due = {cell.subject for cell in report.cells if cell.fired}
    return {cell.subject for cell in report.cells} - due


def _second_sweep(stage: Stage) -> Told:
    before = len(stage.box.writes())
    report = stage.sweep()
    wrote = len(stage.box.writes()) - before
    return Told(
        f"{_today(stage)}: the same sweep again",
        as_text(report),
        (("the second sweep writes nothing", wrote == 0 and not report.done), ("nothing failed", not report.problems)),
    )


def _choose(report: Report) -> Reassessment:
    """The open one with an interval that is due first: its next date can be told."""
    if report.assessment_input is None:
        raise LookupError("the first sweep did not read the register")
    mitigations = report.assessment_input.register.mitigations
    able = [
        reassessment
        for reassessment in report.assessment_input.history.open
        if mitigations[reassessment.subject].value.interval
    ]
    return min(able, key=lambda reassessment: (reassessment.due, reassessment.id))


def _conclude(stage: Stage, chosen: Reassessment) -> tuple[Report, Told]:
    repo = stage.box.repo(REPOSITORY)
    before = stage.sweep()
    if before.assessment_input is None or chosen.issue is None:
        raise LookupError("the re-assessment has no issue")
    mitigation = before.assessment_input.register.mitigations[chosen.subject].value
    who = deciders(mitigation, before.assessment_input.register).people[0]
    command = "/reassay conclude effective because the checks of this week found nothing new, notes are in the wiki"
    report = stage.say(who, chosen.issue, command)
    issue = repo.issue(chosen.issue)
    record = issue.comments[-1].body.split("\n", 1)[-1]
    every = mitigation.interval
    expected = every.after(before.assessment_input.today) if every else None
    due = {cell.due for cell in report.cells if cell.subject == chosen.subject and cell.cell in chosen.cells}
    return report, Told(
        f"{_today(stage)}: @{who} concludes {chosen.id} in #{chosen.issue}",
        f"> {command}\n\n{as_text(report)}\nThe record in the issue:\n\n{_indented(record)}\n",
        (
            ("the issue is closed as completed", issue.state == "closed" and issue.state_reason == "completed"),
            (f"next due is {every.words() if every else ''} later: {expected}", due == {expected}),
            ("the ledger says who, as an account id", _ledger_has(stage, chosen)),
            ("nothing failed", not report.problems),
        ),
    )


def _ledger_has(stage: Stage, chosen: Reassessment) -> bool:
    report = stage.sweep()
    reassessment = report.assessment_input.history.reassessments[chosen.id] if report.assessment_input else None
    return bool(reassessment and reassessment.decided and reassessment.decided_by)


def _next_one(stage: Stage, chosen: Reassessment, concluded: Report) -> Told:
    cells = [cell for cell in concluded.cells if cell.subject == chosen.subject and cell.cell in chosen.cells]
    opens = min(result.opens for cell in cells for result in cell.results if isinstance(result, Pending))
    if concluded.assessment_input is None:
        raise LookupError("the register was not read")
    before = _day_before_silence(stage, opens - timedelta(days=1), concluded)
    move_to(stage, opens, concluded.assessment_input.register.configuration.timezone)
    report = stage.sweep()
    again = report.assessment_input.history.open_for(chosen.subject) if report.assessment_input else None
    title = stage.box.repo(REPOSITORY).issue(again.issue).title if again and again.issue else "none"
    return Told(
        f"Time moves to {_today(stage)}",
        f"{as_text(report)}\nOf {chosen.subject}: {title}\n",
        (
            ("the day before, nothing was opened for it", not before),
            ("now its next re-assessment is open, in a new issue", bool(again and again.issue != chosen.issue)),
            ("it is due on the date that the conclusion set", bool(again and again.due == _due(cells))),
        ),
    )


def _day_before_silence(stage: Stage, day: date, concluded: Report) -> bool:
    timezone = concluded.assessment_input.register.configuration.timezone if concluded.assessment_input else "UTC"
    move_to(stage, day, timezone)
    report = stage.sweep()
    chosen = {cell.subject for cell in concluded.cells if cell.last and cell.last.provenance == "decided"}
    opened = report.assessment_input.history.open if report.assessment_input else ()
    return any(reassessment.subject in chosen for reassessment in opened)


def _due(cells: list[CellStatus]) -> date | None:
    return min((cell.due for cell in cells if cell.due), default=None)


def move_to(stage: Stage, day: date, timezone: str) -> None:
    """Nine in the morning of that day."""
    stage.box.clock.move_to(datetime.combine(day, time(9), zone(timezone)))


def _today(stage: Stage) -> str:
    return day_words(stage.box.clock.now().date(), year=True)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


__all__ = ["Told", "move_to", "tell"]
