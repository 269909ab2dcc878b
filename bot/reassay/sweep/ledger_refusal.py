"""A run that refuses the ledger: it records nothing, says why in one issue, and fails the checks of pull requests."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from reassay.approvals.proposal import LedgerProblem
from reassay.common.calendar import day_words, local_date
from reassay.common.environment import render
from reassay.common.errors import LimitError, ReassayError
from reassay.common.inert import Markdown
from reassay.github.drafts import REASSESSMENT, IssueChange, IssueDraft
from reassay.github.repository_state import Issue
from reassay.github.section import LIMIT, Section, keyed, ledger_marker, merge, nonces, same
from reassay.ledger.loss import LedgerLossError
from reassay.sweep.actions import Action, AddComment, ChangeIssue, CreateIssue
from reassay.sweep.first_contact import is_first_contact
from reassay.sweep.gather import gather_without_ledger
from reassay.sweep.input import SweepInput
from reassay.sweep.interpreters import Allowance, DryRun, Interpreter, Progress, Writer
from reassay.sweep.issue_comments import own_keys
from reassay.sweep.options import Options
from reassay.sweep.permissions import nothing_is_posted, refuse_renamed
from reassay.sweep.published_anchors import NONCE
from reassay.sweep.reconciliation import Reconciliation
from reassay.sweep.report import RefusedLedger, Report, SweepFailure
from reassay.sweep.run_context import RunContext
from reassay.sweep.verdict_publication import publications

NAME = "ledger"
"""The name in the issue's marker, in place of the id of a re-assessment."""
SEARCHED = timedelta(days=365)
"""How far back the issue is searched for before it is created."""
LOST = "The ledger is shorter than what this bot has published"
BROKEN = "The ledger cannot be used: it was changed, or another key signed it"
FIRST_CONTACT = "the plan is not accepted, so no issue is opened"


def refusal_report(
    context: RunContext, options: Options, budget: Allowance, progress: Progress, error: ReassayError
) -> Report:
    """Publishes the refusal and nothing else. Doing it twice writes once. Raises ReassayError if GitHub cannot be read."""
    inputs = gather_without_ledger(context, options.focus)
    refuse_renamed(context, inputs.repository_state.repository)
    silent = nothing_is_posted(inputs.assessment_input.register, inputs.repository_state.repository, context.acting)
    if silent is None and is_first_contact(inputs):
        silent = FIRST_CONTACT
    done: list[Action] = []
    is_dry = options.dry_run or silent is not None
    interpreter: Interpreter = DryRun(progress, done) if is_dry else Writer(context, budget, progress, done)
    refusal = LedgerRefusal(
        context, replace(inputs, pull_requests=replace(inputs.pull_requests, ledger=_problem(error))), error
    )
    problems = [SweepFailure.of("ledger", error)]
    if options.request is not None:
        text = "nothing is recorded until the ledger is restored; request it again after that"
        problems.append(SweepFailure(f"request for {options.request.subject}", text))
    try:
        problems += refusal.publish(interpreter)
        if not options.focus.is_narrow:
            refusal.show(interpreter)
    except ReassayError as failure:
        problems.append(SweepFailure.of("issue about the ledger", failure))
    notes = (silent,) if silent else ()
    refused = RefusedLedger(inputs.content, inputs.assessment_input, error.message)
    return Report(context.repository, tuple(done), tuple(problems), notes, refused=refused, dry_run=is_dry)


def _problem(error: ReassayError) -> LedgerProblem:
    return LedgerProblem(error.message.rstrip("."), error.remedy)


@dataclass(frozen=True, slots=True)
class LedgerRefusal:
    """One run that refuses the ledger."""

    context: RunContext
    inputs: SweepInput
    error: ReassayError

    def publish(self, interpreter: Interpreter) -> Iterator[SweepFailure]:
        """Publishes the failing checks; yields those that could not be. Raises LimitError."""
        for what, publish in publications(self.inputs):
            try:
                interpreter.publish(publish)
            except LimitError:
                raise
            except ReassayError as failure:
                yield SweepFailure.of(what, failure)

    def show(self, interpreter: Interpreter) -> None:
        """Opens, reopens or updates the issue."""
        issue = refusal_issue(self.inputs) or self._searched()
        section = Section(NAME, NONCE, self._text(), self._marker())
        title = LOST if isinstance(self.error, LedgerLossError) else BROKEN
        if issue is None:
            labels = (REASSESSMENT.name,) if self.inputs.assessment_input.register.configuration.labels else ()
            draft = IssueDraft(title, section.within(LIMIT), labels, assignees=())
            interpreter.issue(CreateIssue(NAME, draft))
            return
        body = merge(issue.body, section)
        change = IssueChange(
            title=title if issue.title != title else None,
            body=None if same(body, issue.body) else body,
            is_open=None if issue.is_open else True,
        )
        if change != IssueChange():
            interpreter.issue(ChangeIssue(issue.number, change, "update" if issue.is_open else "reopen"))

    def _searched(self) -> Issue | None:
        """The issue, if it is not among those that changed last."""
        github, since = self.context.github, self.inputs.assessment_input.now - SEARCHED
        number = github.find_claims((NONCE,), since, self.inputs.bot_accounts).get(NONCE)
        return github.look({number}).issues.get(number) if number else None

    def _marker(self) -> str:
        """The anchor that was lost: the issue remembers it, whatever becomes of the place where it was published."""
        if not isinstance(self.error, LedgerLossError):
            return ""
        anchor = self.error.evidence.anchor
        return ledger_marker(self.inputs.repository_state.repository.id, f"{anchor.seq}:{anchor.start}")

    def _text(self) -> str:
        configuration = self.inputs.assessment_input.register.configuration
        evidence = self.error.evidence if isinstance(self.error, LedgerLossError) else None
        day = local_date(evidence.at, configuration.timezone) if evidence and evidence.at else None
        return render(
            "sweep/ledger_refusal",
            message=self.error.message,
            where=self.error.where,
            remedy=self.error.remedy,
            evidence=evidence,
            anchor=f"{evidence.anchor.seq}:{evidence.anchor.start}" if evidence else "",
            day=day_words(day, year=True) if day else "",
            enforces=configuration.mode == "enforce",
            activity=Markdown(f"{self.inputs.repository_state.repository.url}/activity?ref=refs/heads/reassay-ledger"),
        )


def refusal_issue(inputs: SweepInput) -> Issue | None:
    """The bot's issue about the ledger among those that changed last; the oldest counts. None without one."""
    own = (
        issue
        for issue in inputs.repository_state.recent
        if issue.author and issue.author.login in inputs.bot_accounts and NONCE in nonces(issue.body)
    )
    return min(own, key=lambda issue: issue.number, default=None)


def close_refusal_issue(reconciliation: Reconciliation) -> None:
    """Closes the issue once the ledger has everything that was published."""
    issue = refusal_issue(reconciliation.inputs)
    if issue is None or not issue.is_open or reconciliation.focus.is_narrow:
        return
    ledger = reconciliation.inputs.content.ledger
    key = f"restored-{len(ledger.entries)}"
    text = f"The ledger is complete again (`{ledger.anchor}`). Commands and requests of the meantime are recorded from now on."
    said = key in own_keys(issue, reconciliation.inputs.bot_accounts)
    comments = [] if said else [AddComment(issue.number, key, keyed(key, text))]
    close = ChangeIssue(issue.number, IssueChange(is_open=False), "close")
    reconciliation.carry_out(f"issue #{issue.number}", [*comments, close])
