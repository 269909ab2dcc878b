"""The steps of the demo: set-up, sweeps, numbers, a conclusion, and the next due date. Each step has a text and checks."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from reassay.assessment.cells import CellStatus
from reassay.assessment.triggers.base import Pending
from reassay.commands.conclusion import deciders
from reassay.common.calendar import day_words, zone
from reassay.hosted.rules.subject import JobSubject
from reassay.ledger.history import Reassessment
from reassay.sweep.report import Report
from reassay.sweep.views.dashboard import TITLE
from reassay.sweep.views.report import as_text
from reassay_sandbox.demo.environment import REPOSITORY, DemoEnvironment
from reassay_sandbox.demo.evidence import EFFECTIVE, evidence_steps, verified_step
from reassay_sandbox.demo.hosted import set_up
from reassay_sandbox.demo.incidents import incident_steps
from reassay_sandbox.demo.numbers import MITIGATION
from reassay_sandbox.demo.story_step import StoryStep


def story_steps(demo: DemoEnvironment) -> Iterator[StoryStep]:
    """Runs the steps, one at a time."""
    yield _set_up(demo)
    first = demo.hosted.wait_for(JobSubject(demo.repository), 0)
    yield _first_sweep(demo, first)
    yield _second_sweep(demo)
    chosen = _choose(first)
    yield from evidence_steps(demo, chosen, _assessor(demo, chosen))
    concluded, step = _conclude(demo, chosen)
    yield step
    yield verified_step(demo, chosen)
    yield from incident_steps(demo)
    yield _next_reassessment(demo, chosen, concluded)
    complaints = demo.box.complaints
    sentence = "every request was valid, and so was every text"
    yield StoryStep(
        "The local GitHub's complaints about requests and texts",
        "\n".join(complaints or ["none"]) + "\n",
        ((sentence, not complaints),),
    )


def _set_up(demo: DemoEnvironment) -> StoryStep:
    slug = set_up(demo.hosted, demo.box, REPOSITORY)
    app = next(iter(demo.box.dispatcher.apps.values()))
    rights = ", ".join(f"{name}: {level}" for name, level in sorted(app.permissions.items()))
    return StoryStep(
        "reassay serve: the App is set up in a browser and installed",
        f"  {demo.hosted.url} registered the App {slug}\n  permissions {rights}\n  events {', '.join(app.events)}\n",
        (
            ("GitHub has the App, installed on one repository", len(app.installations) == 1),
            ("its webhook points to the server", app.hook_url == f"{demo.hosted.url}/webhook"),
        ),
    )


def _first_sweep(demo: DemoEnvironment, report: Report) -> StoryStep:
    issues = demo.box.repo(REPOSITORY).issues()
    boards = [issue for issue in issues if issue.title == TITLE]
    app_id = next(iter(demo.box.dispatcher.apps))
    history = report.assessment_input.history if report.assessment_input else None
    opened = history.open if history else ()
    titles = "\n".join(f"  #{issue.number} {issue.title}" for issue in issues)
    waiting = {cell.subject for cell in report.cells if cell.scheduled}
    return StoryStep(
        f"{_today(demo)}: the first sweep",
        f"{as_text(report)}\nThe issues it opened:\n{titles}\n",
        (
            ("nothing failed", not report.problems),
            ("every opened re-assessment has exactly one issue", _one_issue_each(opened, len(issues) - len(boards))),
            ("one more issue, the dashboard, shows what needs whom", len(boards) == 1),
            (f"the trust line says what is missing: app_id: {app_id}", f"`app_id: {app_id}`" in report.trust),
            ("the others are paced, each with a date", bool(waiting)),
            (
                "nothing was opened for what is current",
                not {reassessment.subject for reassessment in opened} & _current(report),
            ),
        ),
    )


def _one_issue_each(opened: tuple[Reassessment, ...], issues: int) -> bool:
    return bool(opened) and len({reassessment.issue for reassessment in opened}) == len(opened) == issues


def _current(report: Report) -> set[str]:
    due = {cell.subject for cell in report.cells if cell.fired}
    return {cell.subject for cell in report.cells} - due


def _second_sweep(demo: DemoEnvironment) -> StoryStep:
    before = len(demo.box.writes())
    report = demo.sweep()
    wrote = len(demo.box.writes()) - before
    return StoryStep(
        f"{_today(demo)}: the same sweep again",
        as_text(report),
        (("the second sweep writes nothing", wrote == 0 and not report.done), ("nothing failed", not report.problems)),
    )


def _choose(report: Report) -> Reassessment:
    """The open re-assessment whose criterion is decided by numbers."""
    history = report.assessment_input.history if report.assessment_input else None
    chosen = history.open_for(MITIGATION) if history else None
    if chosen is None:
        raise LookupError(f"the first sweep did not open {MITIGATION}")
    return chosen


def _assessor(demo: DemoEnvironment, chosen: Reassessment) -> str:
    facts = demo.sweep().assessment_input
    if facts is None:
        raise LookupError("the register was not read")
    return deciders(facts.register.mitigations[chosen.subject].value, facts.register, facts.today).people[0]


def _conclude(demo: DemoEnvironment, chosen: Reassessment) -> tuple[Report, StoryStep]:
    repo = demo.box.repo(REPOSITORY)
    before = demo.sweep()
    if before.assessment_input is None or chosen.issue is None:
        raise LookupError("the re-assessment has no issue")
    facts = before.assessment_input
    mitigation = facts.register.mitigations[chosen.subject].value
    who = deciders(mitigation, facts.register, facts.today).people[0]
    command = EFFECTIVE
    report = demo.say(who, chosen.issue, command)
    issue = repo.issue(chosen.issue)
    record = issue.comments[-1].body.split("\n", 1)[-1]
    every = mitigation.interval
    expected = every.after(before.assessment_input.today) if every else None
    due = {cell.due for cell in report.cells if cell.subject == chosen.subject and cell.cell in chosen.cells}
    return report, StoryStep(
        f"{_today(demo)}: @{who} concludes {chosen.id} in #{chosen.issue}",
        f"> {command}\n\n{as_text(report)}\nThe record in the issue:\n\n{_indented(record)}\n",
        (
            ("the record says that it was tested", "effective (tested)" in record),
            ("the issue is closed as completed", issue.state == "closed" and issue.state_reason == "completed"),
            (f"next due is {every.words() if every else ''} later: {expected}", due == {expected}),
            ("the ledger records who concluded it, by account id", _ledger_has(demo, chosen)),
            ("nothing failed", not report.problems),
        ),
    )


def _ledger_has(demo: DemoEnvironment, chosen: Reassessment) -> bool:
    report = demo.sweep()
    reassessment = report.assessment_input.history.reassessments[chosen.id] if report.assessment_input else None
    return bool(reassessment and reassessment.decided and reassessment.decided_by)


def _next_reassessment(demo: DemoEnvironment, chosen: Reassessment, concluded: Report) -> StoryStep:
    cells = [cell for cell in concluded.cells if cell.subject == chosen.subject and cell.cell in chosen.cells]
    opens = min(result.opens for cell in cells for result in cell.results if isinstance(result, Pending))
    if concluded.assessment_input is None:
        raise LookupError("the register was not read")
    before = _opened_on(demo, opens - timedelta(days=1), concluded)
    move_to(demo, opens, concluded.assessment_input.register.configuration.timezone)
    report = demo.sweep()
    again = report.assessment_input.history.open_for(chosen.subject) if report.assessment_input else None
    title = demo.box.repo(REPOSITORY).issue(again.issue).title if again and again.issue else "none"
    return StoryStep(
        f"{_today(demo)}: the next re-assessment opens",
        f"{as_text(report)}\nNext for {chosen.subject}: {title}\n",
        (
            ("nothing was opened for it on the day before", not before),
            ("its next re-assessment is now open, in a new issue", bool(again and again.issue != chosen.issue)),
            ("it is due on the date that the conclusion set", bool(again and again.due == _due(cells))),
        ),
    )


def _opened_on(demo: DemoEnvironment, day: date, concluded: Report) -> bool:
    timezone = concluded.assessment_input.register.configuration.timezone if concluded.assessment_input else "UTC"
    move_to(demo, day, timezone)
    report = demo.sweep()
    chosen = {cell.subject for cell in concluded.cells if cell.last and cell.last.provenance == "decided"}
    opened = report.assessment_input.history.open if report.assessment_input else ()
    return any(reassessment.subject in chosen for reassessment in opened)


def _due(cells: list[CellStatus]) -> date | None:
    return min((cell.due for cell in cells if cell.due), default=None)


def move_to(demo: DemoEnvironment, day: date, timezone: str) -> None:
    """Sets the sandbox's clock to 09:00 of that day."""
    demo.box.clock.move_to(datetime.combine(day, time(9), zone(timezone)))


def _today(demo: DemoEnvironment) -> str:
    return day_words(demo.box.clock.now().date(), year=True)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


__all__ = ["StoryStep", "move_to", "story_steps"]
