"""The sweep of one repository, and after it the page of its dashboard on the branch `reassay-dashboard` (docs/decisions/0063).

The sweep itself does not know the dashboard, which stands above it. What fails here is a problem of the report, and nothing else
is lost: everything that the sweep does is done already.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from reassay import __version__
from reassay.common.calendar import add_months
from reassay.common.errors import LimitError, ReassayError, StaleHeadError
from reassay.dashboard.branch_digest import shown_digest
from reassay.dashboard.branch_page import FOLDER
from reassay.dashboard.build import DashboardInput, build_dashboard
from reassay.dashboard.gather import DashboardOptions, input_of_report, of_register_alone
from reassay.dashboard.pictures import picture
from reassay.dashboard.pictures.picture_parts import COMING_MONTHS
from reassay.dashboard.publication import PAGE, drawn_pictures, ending, is_published, publication
from reassay.github.branch_files import BranchContent
from reassay.sweep.actions import KeepDashboard
from reassay.sweep.dashboard_reports import has_dashboard
from reassay.sweep.interpreters import Allowance, DryRun, Interpreter, Progress, Writer
from reassay.sweep.options import Options
from reassay.sweep.report import Report, SweepFailure
from reassay.sweep.repository_issues import DASHBOARD
from reassay.sweep.run_context import RunContext
from reassay.sweep.sweep import sweep

WHAT: Final = "dashboard on its branch"
ENDING: Final = timedelta(days=7)
"""How long after it was switched off the branch is still read, in case a run ended before it wrote that."""
_TRIES: Final = 3


def sweep_with_dashboard(context: RunContext, options: Options, budget: Allowance, progress: Progress) -> Report:
    """Reconciles one repository, then brings its dashboard up to date, where the configuration asks for one."""
    report = sweep(context, options, budget, progress)
    return report if options.focus.is_narrow else with_dashboard(report, context, budget, progress)


def with_dashboard(report: Report, context: RunContext, budget: Allowance, progress: Progress) -> Report:
    """The report, with what was written to the branch, and what could not be.

    It costs one request where nothing changed, and none where there is no dashboard.
    """
    if any(isinstance(problem.error, LimitError) for problem in report.problems):
        return report  # GitHub asks for a pause, and the next run has the same to do
    done = list(report.done)
    interpreter = DryRun(progress, done) if report.dry_run else Writer(context, budget, progress, done)
    try:
        notes = _bring_up_to_date(report, context, interpreter)
    except ReassayError as error:
        return replace(report, problems=(*report.problems, SweepFailure.of(WHAT, error)))
    return replace(report, done=tuple(done), notes=(*report.notes, *notes))


def _bring_up_to_date(report: Report, context: RunContext, interpreter: Interpreter) -> tuple[str, ...]:
    """Returns notes for the report. Raises ReassayError."""
    shown = _shown(report, context)
    if shown is None and not _ended_lately(report):
        return ()
    return _publish(shown, _issue(report), context, interpreter)


def _publish(
    shown: DashboardInput | None, issue: int | None, context: RunContext, interpreter: Interpreter
) -> tuple[str, ...]:
    """Writes what differs, in one commit. Returns notes for the report. Raises ReassayError."""
    for tries_left in reversed(range(_TRIES)):
        present = context.pictures.content(FOLDER, PAGE)
        action, notes = (ending(present), ()) if shown is None else _decided(shown, issue, present)
        if action is None:
            break
        try:
            interpreter.dashboard(action)
            break
        except StaleHeadError:  # another run was faster, and may have written the same
            if not tries_left:
                raise
    return notes


def _decided(
    shown: DashboardInput, issue: int | None, present: BranchContent
) -> tuple[KeepDashboard | None, tuple[str, ...]]:
    """What is written, and notes. The forecast is made only for a page that is written, because no digest depends on it."""
    shows = shown_digest(build_dashboard(shown), issue)
    if is_published(shows, present):
        return None, ()
    today = shown.assessment_input.today
    dashboard = build_dashboard(replace(shown, plan_until=add_months(today, COMING_MONTHS)))
    drawn = drawn_pictures(dashboard, picture)
    action = publication(dashboard, drawn, issue, shows, present)
    return action, drawn.notes if action else ()


def _shown(report: Report, context: RunContext) -> DashboardInput | None:
    """What the dashboard is built from; None where there is none, or nothing is known. A refused ledger is shown as refused."""
    report = of_register_alone(report)
    if report.content is None or report.assessment_input is None or not has_dashboard(report.assessment_input):
        return None
    ledger, present = report.content.ledger, report.assessment_input.results
    options = DashboardOptions(version=f"reassay {__version__}")  # without an address: the page has relative links
    contents = context.contents
    return input_of_report(report, lambda digests: contents.newest_objects(ledger, digests, present), options)


def _issue(report: Report) -> int | None:
    """The number of the dashboard issue; None where there is none."""
    return DASHBOARD.open_number(report.assessment_input.history) if report.assessment_input else None


def _ended_lately(report: Report) -> bool:
    """Whether the dashboard was switched off, and perhaps not every run since has said so on the branch."""
    facts = report.assessment_input
    latest = DASHBOARD.latest(facts.history) if facts else None
    return bool(facts and latest and latest.ended and facts.now - latest.ended.at <= ENDING)
