"""Slash commands: every comment not yet acknowledged is read, in order of id, and answered once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.domain.cells import Situation
from bot.domain.commands import NotUnderstood, parse_comment
from bot.domain.commands.base import Command, Conclude, Explain, Help
from bot.domain.conclusion import Conclusion, Refusal, conclude
from bot.domain.ledger.entry import CommentRef, Record
from bot.domain.ledger.history import Reassessment
from bot.domain.world import Account, Comment, Issue
from bot.rendering.comments import Said, elsewhere, explanation, help_text, misunderstood, refusal
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

    def _one(
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

    def _record(self, result: Conclusion, by: Account, comment: Comment, index: int, issue: Issue) -> None:
        reference = CommentRef(
            id=comment.id,
            index=index,
            body_sha256=hashlib.sha256(comment.body.encode()).hexdigest(),
            created_at=comment.created_at,
            issue=issue.number,
        )
        record = Record(body=result.decided, actor=by.id, comment=reference)
        self.records.append(record)
        self.objects |= result.objects
        self.situation = replace(self.situation, history=preview(self.world.content.ledger, self.records, self.world))


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
