"""Slash commands: every comment not yet acknowledged is read, in order of id, and answered once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.domain import waivers
from bot.domain.calendar import local_date
from bot.domain.cells import Situation
from bot.domain.commands import NotUnderstood, parse_comment
from bot.domain.commands.base import Command, Conclude, Confirm, Explain, Help, Waive
from bot.domain.conclusion import Conclusion, Refusal, conclude
from bot.domain.ledger.entry import Body, CommentRef, Record
from bot.domain.ledger.history import Reassessment
from bot.domain.ledger.waived import Asked
from bot.domain.waivers import CONFIRM_WITHIN, Request
from bot.domain.world import Account, Comment, Issue
from bot.rendering.comments import (
    Said,
    elsewhere,
    explanation,
    help_text,
    misunderstood,
    refusal,
    waits_for_second,
    waived,
)
from bot.rendering.view import Surroundings, facts
from bot.services.gather import World
from bot.services.record import preview

DONE, NOT_DONE = "+1", "confused"
AT_ONCE = 10
"""So many commands of one comment are read."""
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
class Outcome:
    """What all new comments lead to: records first, words after."""

    records: tuple[Record, ...] = ()
    objects: Mapping[str, bytes] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()


def unanswered(issue: Issue) -> tuple[Comment, ...]:
    """Comments by people that hold a command and carry no reaction of ours yet."""
    return tuple(
        each
        for each in issue.comments
        if not each.reacted and each.author and not each.author.is_bot and parse_comment(each.body)
    )


def handle_comments(world: World, around: Surroundings) -> Outcome:
    """Decides every command; nothing is written here."""
    handling = _Handling(world, around, world.situation)
    for issue in world.look.issues.values():
        for comment in unanswered(issue):
            handling.answer(issue, comment)
    return Outcome(tuple(handling.records), handling.objects, tuple(handling.answers))


@dataclass(slots=True)
class _Handling:
    """The situation as it becomes, command by command."""

    world: World
    around: Surroundings
    situation: Situation
    records: list[Record] = field(default_factory=list)
    objects: dict[str, bytes] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)

    def answer(self, issue: Issue, comment: Comment) -> None:
        if comment.author is None:
            return
        if comment.edited_by is not None:
            self.answers.append(Answer(issue.number, comment, (_edited(comment),), NOT_DONE))
            return
        each = self.situation.history.by_issue(issue.number)
        commands = parse_comment(comment.body)
        results = [self._one(command, index, comment, each, issue) for index, command in enumerate(commands[:AT_ONCE])]
        if len(commands) > AT_ONCE:
            results.append((_too_many(comment, len(commands)), False))
        # Decisions count however often somebody writes; answers are limited, or one account could spend our budget.
        said = () if _talks_too_much(comment, issue) else tuple(result for result, _ in results if result)
        fine = all(ok for _, ok in results)
        self.answers.append(Answer(issue.number, comment, said, DONE if fine else NOT_DONE))

    def _one(  # noqa: PLR0911 -- one branch for each command
        self, command: Command | NotUnderstood, index: int, comment: Comment, each: Reassessment | None, issue: Issue
    ) -> tuple[Said | None, bool]:
        """What to say, if anything, and whether the command had its effect."""
        match command:
            case NotUnderstood():
                return misunderstood(comment, index, command), False
            case Help():
                return help_text(comment, index, command), True
            case _ if each is None:
                return elsewhere(comment, index), False
            case Explain():
                found = facts(each, self.situation, self.around)
                return explanation(found, comment, index, self.world.content.commit), True
            case Conclude():
                return self._conclude(command, index, comment, each, issue)
            case Waive():
                return self._waive(command, index, comment, each)
            case Confirm():
                return self._confirm(command, index, comment, each, issue)

    def _conclude(
        self, command: Conclude, index: int, comment: Comment, each: Reassessment, issue: Issue
    ) -> tuple[Said | None, bool]:
        if (comment.id, index) in self.situation.history.handled or comment.author is None:
            return None, True
        now = self.situation.history.reassessments[each.id]
        result = conclude(command, comment.author, now, self.situation)
        if isinstance(result, Refusal):
            return refusal(comment, index, result, _line(comment, index)), False
        self._record(result, comment.author, comment, index, issue)
        return None, True

    def _waive(self, command: Waive, index: int, comment: Comment, each: Reassessment) -> tuple[Said | None, bool]:
        """Checked now, so that nobody confirms what cannot be; recorded when somebody else confirms."""
        if comment.author is None:
            return None, False
        now = self.situation.history.reassessments[each.id]
        refused = waivers.refused(command, comment.author, now, self.situation)
        if refused is not None:
            return refusal(comment, index, refused, _line(comment, index)), False
        subject = self.situation.register.subjects[each.subject].value
        people = waivers.may_confirm(subject, self.situation.register)
        until = local_date(comment.created_at + waivers.CONFIRM_WITHIN, self.situation.register.configuration.timezone)
        return waits_for_second(comment, index, people, until), True

    def _confirm(
        self, command: Confirm, index: int, comment: Comment, each: Reassessment, issue: Issue
    ) -> tuple[Said | None, bool]:
        if comment.author is None:
            return None, False
        known = next((one for one in self.situation.history.waivers if one.confirmed_in == (comment.id, index)), None)
        if known is not None:
            return waived(comment, index, known.waived, known.seq), True
        request = asked_for(command, comment, issue, self.situation)
        now = self.situation.history.reassessments[each.id]
        result = (
            request if isinstance(request, Refusal) else waivers.confirm(request, comment.author, now, self.situation)
        )
        if isinstance(result, Refusal):
            return refusal(comment, index, result, _line(comment, index)), False
        self._keep(result.waived, result.objects, comment.author, comment, index, issue)
        return waived(comment, index, result.waived, self.situation.history.seq), True

    def _record(self, result: Conclusion, by: Account, comment: Comment, index: int, issue: Issue) -> None:
        self._keep(result.decided, result.objects, by, comment, index, issue)

    def _keep(  # noqa: PLR0913, PLR0917 -- a record, and whose comment asked for it
        self, body: Body, objects: Mapping[str, bytes], by: Account, comment: Comment, index: int, issue: Issue
    ) -> None:
        reference = CommentRef(
            id=comment.id,
            index=index,
            body_sha256=hashlib.sha256(comment.body.encode()).hexdigest(),
            created_at=comment.created_at,
            issue=issue.number,
        )
        self.records.append(Record(body=body, actor=by.id, comment=reference))
        self.objects |= objects
        self.situation = replace(self.situation, history=preview(self.world.content.ledger, self.records, self.world))


def asked_for(command: Confirm, comment: Comment, issue: Issue, situation: Situation) -> Request | Refusal:
    """The comment that waits for confirmation, as it stands now: edited, deleted or old ones count for nothing."""
    nothing = Refusal(
        f"no comment here with the number {command.comment} waits for confirmation", "The bot's answer names it."
    )
    found = next((each for each in issue.comments if each.id == command.comment), None)
    if found is None or found.author is None or found.author.id is None or found.author.is_bot:
        return nothing
    if found.edited_by is not None:
        return Refusal("the comment that asked was edited since, and counts for nothing", "Ask again in a new comment.")
    if comment.created_at - found.created_at > CONFIRM_WITHIN:
        days = CONFIRM_WITHIN.days
        return Refusal(f"it was asked for more than {days} days ago and has expired", "Ask again in a new comment.")
    known = {(each.waived.asked.comment, each.waived.asked.index) for each in situation.history.waivers}
    waiting = [(index, each) for index, each in enumerate(parse_comment(found.body)) if isinstance(each, Waive)]
    open_ones = [(index, each) for index, each in waiting if (found.id, index) not in known]
    if waiting and not open_ones:
        return Refusal("it is confirmed already", "Nothing more is needed.")
    if not open_ones:
        return nothing
    index, wanted = open_ones[0]
    body = hashlib.sha256(found.body.encode()).hexdigest()
    return Request(wanted, found.author, Asked(comment=found.id, index=index, body_sha256=body, by=found.author.id))


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
