"""Slash commands: every unanswered comment is read, in order of id, and answered once.

Commands are judged twice in a round: before the append, for the records, and after it, for the replies. A reply is made from
the record, so that the next run completes one that ended in between.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta

from reassay.approvals.command_context import (
    CONFIRM_WITHIN,
    CommandContext,
    Effect,
    Opens,
    Outcome,
    Refusal,
    Shows,
    Waits,
)
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.content import content_of
from reassay.assessment.schedule.plan import Ask
from reassay.commands.base import Command
from reassay.commands.confirm import Confirm
from reassay.commands.evidence import Evidence, request_of
from reassay.commands.help_ import Help
from reassay.commands.registry import NotUnderstood, Unheard, command_of, parse_comment, receipt_of, unheard
from reassay.common.calendar import local_date
from reassay.common.command_lines import command_lines, has_command_lines
from reassay.evidence.result_request import ResultUnavailable
from reassay.gate.input import GateInput
from reassay.github.repository_state import Issue
from reassay.ledger.entry import CommentRef, Record
from reassay.ledger.reassessment import LedgerRecord, Reassessment
from reassay.people.account import Comment
from reassay.sweep.command_results import DONE, NOT_DONE, CommandResult, CommandResults, CommentReply
from reassay.sweep.confirmations import PendingConfirmation, reference, waiting_for
from reassay.sweep.input import SweepInput
from reassay.sweep.issue_comments import ANSWERED_WITHIN, AT_ONCE, content_shown_before, unanswered
from reassay.sweep.ledger_records import LedgerDraft
from reassay.sweep.views.comments import explanation, planned
from reassay.sweep.views.help import help_reply
from reassay.sweep.views.issue_model import issue_model
from reassay.sweep.views.replies import (
    AnsweredLine,
    CommandReply,
    elsewhere,
    misunderstood,
    not_heard,
    re_evaluated,
    recorded,
    refusal,
    reply_draft,
    waits_for_second,
)

TALK_PER_HOUR = 10
"""Comments with commands that get a reply in an hour, for one person on one issue; more are only acknowledged."""


def handle_comments(inputs: SweepInput) -> CommandResults:
    """Decides every command; nothing is written here. Raises UpstreamError for another repository's ledger."""
    handler = _CommandHandler(inputs, LedgerDraft.of(inputs), dict(inputs.objects))
    for issue in _threads(inputs):
        for comment in unanswered(issue, inputs.assessment_input.now):
            handler.reply(issue, comment)
    return CommandResults(handler.draft, tuple(handler.asks), tuple(handler.replies))


def _threads(inputs: SweepInput) -> tuple[Issue, ...]:
    """Issues, and open pull requests where the gate is on."""
    issues = tuple(inputs.repository_state.issues.values())
    if not inputs.assessment_input.register.configuration.gates:
        return issues
    return (*issues, *(pull.issue for pull in inputs.pull_requests.pulls.values() if pull.issue.is_open))


@dataclass(slots=True)
class _CommandHandler:
    """The situation and the replies, command by command."""

    inputs: SweepInput
    draft: LedgerDraft
    objects: dict[str, object]
    """Parsed ledger objects, with those of the draft."""
    asks: list[Ask] = field(default_factory=list)
    replies: list[CommentReply] = field(default_factory=list)

    @property
    def assessment_input(self) -> AssessmentInput:
        """The input with everything that earlier commands record."""
        return self.draft.assessment_input

    def reply(self, issue: Issue, comment: Comment) -> None:
        """All commands of a comment, in order."""
        if comment.author is None or comment.author.id is None:
            return
        if comment.edited_by is not None:
            if parse_comment(comment.body):
                draft = reply_draft(comment, [AnsweredLine("", _edited(comment))])
                self.replies.append(CommentReply(issue.number, comment, (draft,), NOT_DONE))
            return
        commands = parse_comment(comment.body)
        words = command_lines(comment.body)
        results = [self._handle(command, index, comment, issue) for index, command in enumerate(commands[:AT_ONCE])]
        if any(result.pending for result in results):
            return
        lines = [
            AnsweredLine(line, result.reply)
            for line, result in zip(words, results, strict=False)
            if result.reply is not None
        ]
        if len(commands) > AT_ONCE:
            lines.append(AnsweredLine("", _too_many(len(commands))))
        lines += [AnsweredLine("", not_heard(line)) for line in self._unheard(comment, issue)]
        if not commands and not lines:
            return
        # Decisions count however often a person writes; replies are limited, or one account could spend the budget.
        is_told = lines and not _talks_too_much(comment, issue)
        fine = all(line.reply.is_done for line in lines)
        drafts = (reply_draft(comment, lines),) if is_told else ()
        self.replies.append(CommentReply(issue.number, comment, drafts, DONE if fine else NOT_DONE))

    def _unheard(self, comment: Comment, issue: Issue) -> tuple[Unheard, ...]:
        """Lines that look like commands where commands are at home, in new comments only."""
        lines = unheard(comment.body)
        if not lines or self.assessment_input.now - comment.created_at >= ANSWERED_WITHIN:
            return ()
        is_here = self.assessment_input.history.by_issue(issue.number) or self._change(issue.number)
        return lines if is_here else ()

    def _handle(self, command: Command | NotUnderstood, index: int, comment: Comment, issue: Issue) -> CommandResult:
        if isinstance(command, NotUnderstood):
            return CommandResult(misunderstood(command))
        change = self._change(issue.number)
        reassessment = self.assessment_input.history.by_issue(issue.number)
        slash = command_of(command)
        if reassessment is None and not slash.is_for_anywhere and not (change and slash.is_for_pull_requests):
            return CommandResult(elsewhere(on_pull=change is not None))
        context = self._command_context(comment, reference(comment, index, issue), reassessment, issue, change)
        if context is None:
            return CommandResult(None, pending=True)
        done = self.assessment_input.history.handled.get((comment.id, index))
        if done:
            return CommandResult(self._receipt(command, done, context))
        if self._waits_for_file(command, context):
            return CommandResult(None, pending=True)
        if isinstance(command, Confirm):
            outcome = self._confirm(command, context, comment, issue)
        else:
            outcome = slash.outcome(command, context)
        return self._result(outcome, command, index, comment, context)

    def _result(
        self, outcome: Outcome, command: Command, index: int, comment: Comment, context: CommandContext
    ) -> CommandResult:
        match outcome:
            case Refusal():
                unheld = context.assessment_input.people.unheld(context.by)
                outcome = replace(outcome, details=(*outcome.details, *unheld))
                return CommandResult(refusal(outcome, _line(comment, index)))
            case Waits():
                zone = self.assessment_input.register.configuration.timezone
                until = local_date(comment.created_at + CONFIRM_WITHIN, zone)
                return CommandResult(waits_for_second(comment, outcome.people, until))
            case Opens():
                return self._opens(outcome, command, context)
            case Effect():
                self._keep(outcome, context.comment, context.by.id)
                return CommandResult(None, pending=True)
            case Shows():
                return CommandResult(self._shown(outcome, command, context))

    def _change(self, number: int) -> GateInput | None:
        """Everything about a pull request; None for an issue."""
        return self.inputs.gate_input(number, self.assessment_input, self.objects)

    def _command_context(
        self,
        comment: Comment,
        comment_ref: CommentRef,
        reassessment: Reassessment | None,
        issue: Issue,
        change: GateInput | None,
    ) -> CommandContext | None:
        """The context of a command; None while the pull request of a re-assessment cannot be read."""
        assessment_input = (
            self.inputs.assessment_input_of(reassessment, self.assessment_input)
            if reassessment
            else self.assessment_input
        )
        if comment.author is None or assessment_input is None:
            return None
        if change:
            check = change.proposal.shown_before(comment.created_at)
            shown = check.content if check else None
        else:
            shown = self._shown_before(comment, reassessment, issue, assessment_input)
        return CommandContext(
            by=comment.author,
            comment=comment_ref,
            assessment_input=assessment_input,
            objects=self.objects,
            reassessment_here=reassessment,
            shown=shown,
            pull_request=change.source if change else None,
            commit=self.inputs.content.commit,
            files=self.inputs.files,
            results=self.inputs.results,
        )

    @staticmethod
    def _waits_for_file(command: Command, context: CommandContext) -> bool:
        """Whether the command names a file that could not be fetched now; the run says so, and the next one tries again."""
        if not isinstance(command, Evidence) or context.subject is None:
            return False
        request = request_of(command, context.subject, context.commit)
        return request is not None and isinstance(context.results.get(request), ResultUnavailable)

    def _shown_before(
        self, comment: Comment, reassessment: Reassessment | None, issue: Issue, assessment_input: AssessmentInput
    ) -> str | None:
        if reassessment is None:
            return None
        register = assessment_input.register
        if not register.configuration.records:
            # Mode `remind` does not check which content was seen.
            return content_of(reassessment.subject, reassessment.cells, register)
        return content_shown_before(comment, reassessment, issue, self.inputs.bot_accounts)

    def _confirm(self, command: Confirm, second: CommandContext, comment: Comment, issue: Issue) -> Outcome:
        waiting = waiting_for(command, comment, issue, self.assessment_input)
        if isinstance(waiting, Refusal):
            return waiting
        first = replace(second, by=waiting.by, comment=waiting.comment)
        return self._confirmed(waiting, first, second)

    @staticmethod
    def _confirmed(waiting: PendingConfirmation, first: CommandContext, second: CommandContext) -> Outcome:
        slash = command_of(waiting.command)
        if first.reassessment_here is None and not slash.is_for_anywhere:
            return Refusal("this issue is not a re-assessment", "Comment on the re-assessment's issue.")
        return slash.confirmation(waiting.command, first, second)

    def _opens(self, wanted: Opens, command: Command, context: CommandContext) -> CommandResult:
        """The reply once the re-assessment is open; until then a request for it."""
        ask = Ask(wanted.subject, context.by.login, context.by.id, wanted.because, wanted.depth, context.comment)
        reassessment = ask.met_by(self.assessment_input)
        if reassessment is None:
            self.asks.append(ask)
            return CommandResult(None, pending=True)
        record = LedgerRecord(reassessment.opened_seq, reassessment.opened_at, reassessment.opened)
        return CommandResult(self._receipt(command, (record,), context))

    @staticmethod
    def _receipt(command: Command, done: tuple[LedgerRecord, ...], context: CommandContext) -> CommandReply | None:
        receipt = receipt_of(command, done, context)
        return recorded(receipt, done, context.assessment_input, context.by.login) if receipt else None

    def _shown(self, shows: Shows, command: Command, context: CommandContext) -> CommandReply:
        change = self._change(context.comment.issue)
        if shows.what == "explanation" and change is not None:
            return re_evaluated(change)
        here = context.reassessment_here
        if shows.what == "help" or here is None:
            return help_reply(command if isinstance(command, Help) else Help(), context, change)
        model = issue_model(here, context.assessment_input, self.inputs.issue_context)
        return CommandReply(planned(model) if shows.what == "plan" else explanation(model, self.inputs.content.commit))

    def _keep(self, effect: Effect, comment: CommentRef, actor: int | None) -> None:
        records = [Record(body=body, actor=actor, comment=comment) for body in effect.bodies]
        self.draft.add(records, effect.objects)
        self.objects |= {name: json.loads(data) for name, data in effect.objects.items()}


def _edited(comment: Comment) -> CommandReply:
    by = f" by @{comment.edited_by}" if comment.edited_by else ""
    why = f"your comment was edited{by}, and edited comments are not valid commands"
    return refusal(Refusal(why, "Write the command in a new comment."))


def _too_many(count: int) -> CommandReply:
    why = f"your comment has {count} commands, and only the first {AT_ONCE} are read"
    return refusal(Refusal(why, "Write the others in a new comment."))


def _line(comment: Comment, index: int) -> str:
    return f"/reassay {command_lines(comment.body)[index]}".strip()


def _talks_too_much(comment: Comment, issue: Issue) -> bool:
    since = comment.created_at - timedelta(hours=1)
    own = [
        earlier
        for earlier in issue.comments
        if earlier.author == comment.author
        and since < earlier.created_at <= comment.created_at
        and earlier.id <= comment.id
    ]
    return sum(has_command_lines(earlier.body) for earlier in own) > TALK_PER_HOUR
