"""Slash commands: every comment not yet acknowledged is read, in order of id, and answered once.

Decided twice in a pass: before the append, for what there is to record, and after it, for what there is to say. What is
said of a record is made from the record, so that a run that ended in between is taken up by the next one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from reassay.approvals.digests import content_of
from reassay.assessment.cells import Situation
from reassay.assessment.schedule.plan import Ask
from reassay.commands.asking import CONFIRM_WITHIN, Asking, Effect, Opens, Outcome, Refusal, Shows, Waits
from reassay.commands.base import Command
from reassay.commands.confirm import Confirm
from reassay.commands.help_ import Help
from reassay.commands.registry import NotUnderstood, command_of, parse_comment, receipt_of
from reassay.common.calendar import local_date
from reassay.gate.facts import GateFacts
from reassay.github.repository_state import Comment, Issue
from reassay.ledger.entry import CommentRef, Record
from reassay.ledger.reassessment import Noted, Reassessment
from reassay.sweep.confirming import Waiting, reference, waiting_for
from reassay.sweep.gather import World, ours
from reassay.sweep.named_files import AT_ONCE, unanswered
from reassay.sweep.record import preview
from reassay.sweep.shown_content import content_shown_before
from reassay.sweep.views.comments import (
    Said,
    elsewhere,
    explanation,
    help_text,
    misunderstood,
    planned,
    re_evaluated,
    recorded,
    refusal,
    waits_for_second,
)
from reassay.sweep.views.issue import Surroundings, facts

DONE, NOT_DONE = "+1", "confused"
TALK_PER_HOUR = 10
"""So many comments with commands of one person are answered in an hour on one issue; more are only acknowledged."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one comment leads to."""

    number: int
    comment: Comment
    said: tuple[Said, ...]
    reaction: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What all new comments lead to: records first, words after."""

    records: tuple[Record, ...] = ()
    objects: Mapping[str, bytes] = field(default_factory=dict)
    asks: tuple[Ask, ...] = ()
    """Re-assessments that are asked for."""
    answers: tuple[Answer, ...] = ()
    unrecorded: bool = False
    """Something is still to be recorded: true before the append, and after it if it was overtaken."""


@dataclass(frozen=True, slots=True)
class _Result:
    """What one command came to."""

    said: Said | None
    ok: bool
    pending: bool = False
    """Not recorded yet: nothing may be said of it."""


def handle_comments(world: World, around: Surroundings) -> Heard:
    """Decides every command; nothing is written here."""
    handling = _Handling(world, around, world.situation, dict(world.objects))
    for issue in threads(world):
        for comment in unanswered(issue):
            handling.answer(issue, comment)
    return Heard(
        tuple(handling.records),
        handling.kept,
        tuple(handling.asks),
        tuple(handling.answers),
        bool(handling.records or handling.asks),
    )


@dataclass(slots=True)
class _Handling:
    """The situation as it becomes, command by command."""

    world: World
    around: Surroundings
    situation: Situation
    objects: dict[str, object]
    records: list[Record] = field(default_factory=list)
    kept: dict[str, bytes] = field(default_factory=dict)
    asks: list[Ask] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def answer(self, issue: Issue, comment: Comment) -> None:
        """All commands of a comment, in order."""
        if comment.author is None or comment.author.id is None:
            return
        if comment.edited_by is not None:
            self.answers.append(Answer(issue.number, comment, (_edited(comment),), NOT_DONE))
            return
        commands = parse_comment(comment.body)
        results = [self._one(command, index, comment, issue) for index, command in enumerate(commands[:AT_ONCE])]
        if len(commands) > AT_ONCE:
            results.append(_Result(_too_many(comment, len(commands)), ok=False))
        if any(result.pending for result in results):
            return
        # Decisions count however often somebody writes; answers are limited, or one account could spend our budget.
        said = () if _talks_too_much(comment, issue) else tuple(result.said for result in results if result.said)
        fine = all(result.ok for result in results)
        self.answers.append(Answer(issue.number, comment, said, DONE if fine else NOT_DONE))

    def _one(self, command: Command | NotUnderstood, index: int, comment: Comment, issue: Issue) -> _Result:
        if isinstance(command, NotUnderstood):
            return _Result(misunderstood(comment, index, command), ok=False)
        change = self._change(issue.number)
        each = self.situation.history.by_issue(issue.number)
        slash = command_of(command)
        if each is None and not slash.is_for_anywhere and not (change and slash.is_for_pull_requests):
            return _Result(elsewhere(comment, index, on_pull=change is not None), ok=False)
        asking = self._asking(comment, reference(comment, index, issue), each, issue, change)
        if asking is None:
            return _Result(None, ok=True, pending=True)
        done = self.situation.history.handled.get((comment.id, index))
        if done:
            return _Result(self._receipt(command, done, asking, index, comment), ok=True)
        if isinstance(command, Confirm):
            outcome = self._confirm(command, asking, comment, issue)
        else:
            outcome = slash.outcome(command, asking)
        return self._result(outcome, command, index, comment, asking)

    def _result(self, outcome: Outcome, command: Command, index: int, comment: Comment, asking: Asking) -> _Result:
        match outcome:
            case Refusal():
                return _Result(refusal(comment, index, outcome, _line(comment, index)), ok=False)
            case Waits():
                zone = self.situation.register.configuration.timezone
                until = local_date(comment.created_at + CONFIRM_WITHIN, zone)
                return _Result(waits_for_second(comment, index, outcome.people, until), ok=True)
            case Opens():
                return self._opens(outcome, command, index, comment, asking)
            case Effect():
                self._keep(outcome, asking.comment, asking.by.id)
                return _Result(None, ok=True, pending=True)
            case Shows():
                return _Result(self._shown(outcome, command, index, comment, asking), ok=True)

    def _change(self, number: int) -> GateFacts | None:
        """Everything about a pull request; None for an issue."""
        return self.world.proposals.facts(number, self.situation, self.objects)

    def _asking(
        self, comment: Comment, said: CommentRef, each: Reassessment | None, issue: Issue, change: GateFacts | None
    ) -> Asking | None:
        """None while it is not known what a re-assessment is about: its pull request cannot be read just now."""
        situation = self.world.situation_of(each, self.situation) if each else self.situation
        if comment.author is None or situation is None:
            return None
        if change:
            check = change.proposal.shown_before(comment.created_at)
            shown = check.content if check else None
        else:
            shown = self._shown_before(comment, each, issue, situation)
        return Asking(
            by=comment.author,
            comment=said,
            situation=situation,
            objects=self.objects,
            reassessment_here=each,
            shown=shown,
            pull_request=change.source if change else None,
            commit=self.world.content.commit,
            files=self.world.files,
        )

    def _shown_before(
        self, comment: Comment, each: Reassessment | None, issue: Issue, situation: Situation
    ) -> str | None:
        if each is None:
            return None
        register = situation.register
        if not register.configuration.records:
            # Mode `remind` records words: what was seen is not asked.
            return content_of(each.subject, each.cells, register)
        return content_shown_before(comment, each, issue, ours(self.world))

    def _confirm(self, command: Confirm, second: Asking, comment: Comment, issue: Issue) -> Outcome:
        waiting = waiting_for(command, comment, issue, self.situation)
        if isinstance(waiting, Refusal):
            return waiting
        first = replace(second, by=waiting.by, comment=waiting.comment)
        return self._confirmed(waiting, first, second)

    @staticmethod
    def _confirmed(waiting: Waiting, first: Asking, second: Asking) -> Outcome:
        slash = command_of(waiting.command)
        if first.reassessment_here is None and not slash.is_for_anywhere:
            return Refusal("this issue is no re-assessment", "Ask in the issue that it is about.")
        return slash.confirmation(waiting.command, first, second)

    def _opens(self, wanted: Opens, command: Command, index: int, comment: Comment, asking: Asking) -> _Result:
        """Already there if somebody's pass planned it; else asked for."""
        ask = Ask(wanted.subject, asking.by.login, asking.by.id, wanted.because, wanted.depth, asking.comment)
        known = ask.met_by(self.situation)
        if known is None:
            self.asks.append(ask)
            return _Result(None, ok=True, pending=True)
        noted = Noted(known.opened_seq, known.opened_at, known.opened)
        return _Result(self._receipt(command, (noted,), asking, index, comment), ok=True)

    def _receipt(
        self, command: Command, done: tuple[Noted, ...], asking: Asking, index: int, comment: Comment
    ) -> Said | None:
        receipt = receipt_of(command, done, asking)
        return recorded(comment, index, receipt, done, asking.situation) if receipt else None

    def _shown(self, shows: Shows, command: Command, index: int, comment: Comment, asking: Asking) -> Said:
        change = self._change(asking.comment.issue) if shows.what == "explanation" else None
        if change is not None:
            return re_evaluated(comment, index, change)
        here = asking.reassessment_here
        if shows.what == "help" or here is None:
            return help_text(comment, index, command if isinstance(command, Help) else Help())
        found = facts(here, asking.situation, self.around)
        if shows.what == "plan":
            return planned(found, comment, index)
        return explanation(found, comment, index, self.world.content.commit)

    def _keep(self, effect: Effect, comment: CommentRef, actor: int | None) -> None:
        self.records += [Record(body=body, actor=actor, comment=comment) for body in effect.bodies]
        self.kept |= effect.objects
        self.objects |= _parsed(effect.objects)
        self.situation = replace(self.situation, history=preview(self.world.content.ledger, self.records, self.world))


def threads(world: World) -> tuple[Issue, ...]:
    """Everything that holds comments for us: issues, and open pull requests where the gate is on."""
    if not world.situation.register.configuration.gates:
        return tuple(world.look.issues.values())
    pulls = (pull.issue for pull in world.proposals.pulls.values() if pull.issue.is_open)
    return (*world.look.issues.values(), *pulls)


def _parsed(objects: Mapping[str, bytes]) -> Mapping[str, object]:
    return {name: json.loads(data) for name, data in objects.items()}


def _edited(comment: Comment) -> Said:
    by = f" by @{comment.edited_by}" if comment.edited_by else ""
    return refusal(
        comment,
        0,
        Refusal(f"that comment was edited{by}, and an edited comment is never a command", "Write a new comment."),
    )


def _too_many(comment: Comment, count: int) -> Said:
    why = f"that comment holds {count} commands, and only the first {AT_ONCE} are read"
    return refusal(comment, AT_ONCE, Refusal(why, "Write the others in a new comment."))


def _line(comment: Comment, index: int) -> str:
    command = [line for line in comment.body.splitlines() if line.lower().startswith("/reassay")]
    return command[index] if index < len(command) else ""


def _talks_too_much(comment: Comment, issue: Issue) -> bool:
    since = comment.created_at - timedelta(hours=1)
    own = [
        each
        for each in issue.comments
        if each.author == comment.author and since < each.created_at <= comment.created_at and each.id <= comment.id
    ]
    return sum(bool(parse_comment(each.body)) for each in own) > TALK_PER_HOUR
