"""A sweep: gather, decide, record, draw, create, show, tell; repeated until nothing is left to do.

docs/explanation/architecture.md has the same steps in words. A second sweep finds nothing to do; the next continues an early end.
"""

from reassay.common.errors import LimitError, ReassayError, StaleHeadError
from reassay.ledger.loss import LedgerLossError
from reassay.ledger.store.codec import BrokenLedgerError
from reassay.sweep.actions import Action
from reassay.sweep.command_handler import handle_comments
from reassay.sweep.configuration_refusal import publishes_errors, unruled_report
from reassay.sweep.decisions import decide
from reassay.sweep.first_contact import first_contact_report, is_first_contact
from reassay.sweep.gather import gather
from reassay.sweep.interpreters import Allowance, DryRun, Progress, Writer
from reassay.sweep.issue_creation import create_missing
from reassay.sweep.issue_updates import show_issues, show_pull_requests
from reassay.sweep.ledger_refusal import refusal_report
from reassay.sweep.options import Options
from reassay.sweep.paging import send_pages
from reassay.sweep.permissions import nothing_is_posted, refuse_renamed
from reassay.sweep.pictures import with_pictures
from reassay.sweep.reconciliation import Reconciliation, RunState
from reassay.sweep.report import Report
from reassay.sweep.run_context import RunContext
from reassay.sweep.schedule_health import with_schedule


def sweep(context: RunContext, options: Options, budget: Allowance, progress: Progress) -> Report:
    """Reconciles one repository. The report has the failures, and the actions before them."""
    done: list[Action] = []
    try:
        return _rounds(context, options, budget, progress, done)
    except ReassayError as error:
        return Report.failed(context.repository, done, error, dry_run=options.dry_run)


def _rounds(context: RunContext, options: Options, budget: Allowance, progress: Progress, done: list[Action]) -> Report:
    """Repeats rounds until nothing is left, because another run may be faster, and GitHub may show new issues late."""
    run_state = RunState(options.request)
    while True:
        # Gather: register, ledger, GitHub and pull requests as one value (gather.py).
        try:
            inputs = gather(context, options.focus)
        except (BrokenLedgerError, LedgerLossError) as error:
            # A ledger that is broken, or shorter than what was published, is not written to (ledger_refusal.py).
            return refusal_report(context, options, budget, progress, error)
        refuse_renamed(context, inputs.repository_state.repository)
        silent = nothing_is_posted(inputs.assessment_input.register, inputs.repository_state.repository, context.acting)
        if silent is not None and publishes_errors(inputs):
            return unruled_report(context, inputs, options, Writer(context, budget, progress, done), silent)
        is_dry = options.dry_run or silent is not None
        interpreter = DryRun(progress, done) if is_dry else Writer(context, budget, progress, done)
        if silent is None and is_first_contact(inputs):
            return first_contact_report(context, inputs, options, interpreter)
        reconciliation = Reconciliation(context, interpreter, inputs, options.focus, run_state)
        try:
            _round(reconciliation)
        except StaleHeadError as error:  # Another run wrote first: decisions on the old ledger are void.
            reconciliation.failed("ledger", error)
        else:
            run_state.request = None
        if reconciliation.problems or reconciliation.unseen:
            # A round that failed or left something uses one try.
            run_state.tries -= 1
        if reconciliation.is_last:
            return with_schedule(reconciliation.report(silent), context, inputs, options.focus)


def _round(reconciliation: Reconciliation) -> None:
    """All but gathering. Raises StaleHeadError if another run wrote to the ledger first."""
    # Decide: commands (command_handler.py), then everything that follows from time, register and pull requests (decisions.py).
    draft = decide(reconciliation, handle_comments(reconciliation.inputs))
    # Record: one append (ledger_records.py). Then the commands are read again: replies say only what is recorded.
    reconciliation.append(draft.records, draft.objects)
    answered = handle_comments(reconciliation.inputs)
    # A command that could not be recorded, because another run changed the ledger, is decided again in the next round.
    reconciliation.unseen = answered.is_unrecorded and not reconciliation.is_dry
    issue_context = with_pictures(reconciliation)  # Draw: pictures that issues show by their address (pictures.py).
    try:
        with reconciliation.in_issues():
            # Create: issues that were claimed and are not found by nonce (issue_creation.py).
            create_missing(reconciliation, issue_context)
            # Show: what differs in issues and in published verdicts, as actions (issue_updates.py).
            show_issues(reconciliation, issue_context, answered.replies)
        show_pull_requests(reconciliation, answered.replies)
    except LimitError as limit:
        reconciliation.limit = limit
    # Tell: severe incidents, on whatever day (paging.py); after the issues, so that a message links to one.
    send_pages(reconciliation)
