"""The demo without a browser: set-up, sweeps, then every tour, step by step, with checks of what each step claims."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reassay.common.calendar import day_words
from reassay.hosted.rules.subject import JobSubject
from reassay.ledger.history import Reassessment
from reassay.sweep.report import Report
from reassay.sweep.views.dashboard import TITLE
from reassay.sweep.views.report import as_text
from reassay_sandbox.demo.environment import REPOSITORY, DemoEnvironment
from reassay_sandbox.demo.hosted import set_up
from reassay_sandbox.demo.tours import TOURS, Checks, Tour, TourStep


@dataclass(frozen=True, slots=True)
class StoryStep:
    """A step of the demo: its text, and the checks of what the text claims."""

    heading: str
    text: str
    checks: Checks

    @property
    def passed(self) -> bool:
        """Whether every check is true."""
        return all(is_true for _, is_true in self.checks)


def story_steps(demo: DemoEnvironment, tours: Sequence[Tour] = TOURS) -> Iterator[StoryStep]:
    """Runs the steps, one at a time."""
    yield from beginning(demo)
    for tour in tours:
        yield from tour_steps(demo, tour)
    complaints = demo.box.complaints
    sentence = "every request was valid, and so was every text"
    yield StoryStep(
        "The local GitHub's complaints about requests and texts",
        "\n".join(complaints or ["none"]) + "\n",
        ((sentence, not complaints),),
    )


def beginning(demo: DemoEnvironment) -> Iterator[StoryStep]:
    """Set-up and the first sweep, before which nothing can be shown; then the same sweep again."""
    yield _set_up(demo)
    yield _first_sweep(demo, demo.hosted.wait_for(JobSubject(demo.repository), 0))
    yield _second_sweep(demo)


def tour_steps(demo: DemoEnvironment, tour: Tour) -> Iterator[StoryStep]:
    """Runs the steps of one tour by their buttons."""
    for step in tour.steps:
        step.prepare(demo)
        was_done = step.is_done(demo)
        step.perform(demo)
        yield StoryStep(
            f"{_today(demo)}: {tour.title} · {step.title}",
            f"{step.text}\n{_comments(demo, step)}",
            (("this was not so before", not was_done), *step.checks(demo)),
        )


def _comments(demo: DemoEnvironment, step: TourStep) -> str:
    lines = [f"  @{comment.who}: {line}" for comment in step.comments(demo) for line in comment.text.splitlines()]
    return "".join(f"{line}\n" for line in lines)


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
    issues = demo.repo.issues()
    boards = [issue for issue in issues if issue.title == TITLE]
    app_id = next(iter(demo.box.dispatcher.apps))
    history = report.assessment_input.history if report.assessment_input else None
    opened = history.open if history else ()
    titles = "\n".join(f"  #{issue.number} {issue.title}" for issue in issues)
    return StoryStep(
        f"{_today(demo)}: the first sweep",
        f"{as_text(report)}\nThe issues it opened:\n{titles}\n",
        (
            ("nothing failed", not report.problems),
            ("every opened re-assessment has exactly one issue", _one_issue_each(opened, len(issues) - len(boards))),
            ("one more issue, the dashboard, shows who has to do what", len(boards) == 1),
            (f"the trust line says what is missing: app_id: {app_id}", f"`app_id: {app_id}`" in report.trust),
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


def _today(demo: DemoEnvironment) -> str:
    return day_words(demo.box.clock.now().date(), year=True)
