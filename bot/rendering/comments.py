"""What the bot says in comments. Each has a key, by which it is found again and never said twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.commands import VERBS, NotUnderstood, Verb
from bot.domain.commands.base import Help
from bot.domain.conclusion import Refusal
from bot.domain.ledger.entry import Trigger
from bot.domain.ledger.waived import Waived
from bot.domain.reminders import Reminder
from bot.domain.world import Account, Comment
from bot.rendering.environment import clock_words, render
from bot.rendering.inert import Markdown, mention
from bot.rendering.section import keyed
from bot.rendering.view import Facts, cell_words, next_dates


@dataclass(frozen=True, slots=True)
class Said:
    """A comment to make, unless one with its key is there."""

    key: str
    body: str


def _said(key: str, text: str) -> Said:
    return Said(key, keyed(key, text))


def reply_key(comment: Comment, index: int) -> str:
    """Of the answer to the `index`-th command of a comment."""
    return f"reply-{comment.id}-{index}"


def reminder(found: Facts, due: Reminder, today: date) -> Said:
    """Speaks of an open re-assessment again."""
    late = found.situation.register.configuration.working_days.between(found.each.due, today)
    text = render(
        "reminder",
        found=found,
        late=late,
        driver=Markdown(f"{mention(found.driver)}:") if found.driver else "",
        waiting=_people(found),
        next_day=due.next_day,
    )
    words = found.around.overrides.block("reminder", found.values(), text)
    return _said(f"reminder-{found.each.due}-{due.number}", words)


def record(found: Facts, by: Account | None) -> Said:
    """The readable record of a decision."""
    decided = found.each.decided
    if decided is None:
        raise ValueError(f"{found.each.id} is not decided")
    text = render(
        "record",
        found=found,
        each=found.each,
        decided=decided,
        by=mention(by.login) if by else "",
        covered=[cell_words(cell) for cell in decided.cells],
        next_dates=next_dates(decided),
        because=_object(found, decided.because),
        follow_ups=[(each.due, _object(found, each.text)) for each in decided.follow_ups],
    )
    return _said("decided", found.around.overrides.block("record", found.values(), text))


def _object(found: Facts, digest: str | None) -> str:
    if digest is None:
        return ""
    value = found.around.objects.get(digest)
    return value if isinstance(value, str) else f"(redacted: {digest})"


def reopened(found: Facts, by: str | None, times: int) -> Said:
    """Why a closed issue was opened again."""
    text = render(
        "reopened",
        each=found.each,
        by=mention(by) if by else "",
        late=found.is_overdue,
        deciders=_people(found),
    )
    return _said(f"reopened-{times}", text)


def superseded(found: Facts) -> Said:
    """Why an issue was closed without a decision."""
    return _said("superseded", render("superseded", each=found.each))


def joined(found: Facts, triggers: Sequence[Trigger]) -> Said:
    """What joined an open re-assessment since it was opened."""
    text = render("joined", each=found.each, triggers=triggers, covered=[cell_words(cell) for cell in found.each.cells])
    return _said(f"joined-{len(found.each.triggers)}", text)


def explanation(found: Facts, comment: Comment, index: int, commit: str) -> Said:
    """Why this is open, what would settle it, who can."""
    text = render(
        "explain",
        each=found.each,
        covered=[cell for cell in found.own if cell.cell in found.each.cells],
        allowed=found.allowed,
        commit=commit[:7],
        seq=found.situation.history.seq,
        clock=Markdown(clock_words(found.situation.now)),
    )
    return _said(reply_key(comment, index), text)


def refusal(comment: Comment, index: int, refused: Refusal, line: str = "") -> Said:
    """Why a command had no effect."""
    text = render("refused", to=_to(comment), line=line, why=refused.why, remedy=refused.remedy, usage="")
    return _said(reply_key(comment, index), text)


def misunderstood(comment: Comment, index: int, found: NotUnderstood) -> Said:
    """What was wrong with a line, and how it is written."""
    text = render(
        "misunderstood",
        to=_to(comment),
        message=found.message,
        usage=f"/reassay {found.usage}" if found.usage else "",
    )
    return _said(reply_key(comment, index), text)


def help_text(comment: Comment, index: int, wanted: Help) -> Said:
    """The table of commands, or one row of it."""
    one = VERBS.get(wanted.verb or "")
    verbs: Sequence[Verb] = (one,) if one else tuple(VERBS.values())
    return _said(reply_key(comment, index), render("help", to=_to(comment), verbs=verbs))


def waits_for_second(comment: Comment, index: int, people: Sequence[str], until: date) -> Said:
    """Somebody asked for what takes two."""
    asker = comment.author.login.lower() if comment.author else ""
    others = [login for login in people if login.lower() != asker]
    text = render(
        "waits_for_second",
        to=_to(comment),
        people=others,
        number=comment.id,
        until=until,
    )
    return _said(reply_key(comment, index), text)


def waived(comment: Comment, index: int, found: Waived, seq: int) -> Said:
    """A waiver was recorded."""
    text = render(
        "waived", to=_to(comment), seq=seq, subject=found.subject, until=found.until, condition=found.condition
    )
    return _said(reply_key(comment, index), text)


def elsewhere(comment: Comment, index: int) -> Said:
    """The command was given where there is no re-assessment."""
    return refusal(
        comment,
        index,
        Refusal("this issue is no re-assessment", "Write it in the issue that `reassay status` or the label names."),
    )


def _people(found: Facts) -> Markdown:
    if found.allowed is None:
        return Markdown("nobody who is known")
    return Markdown(", ".join(mention(login) for login in found.allowed.people))


def _to(comment: Comment) -> Markdown:
    return Markdown(f"{mention(comment.author.login)}:") if comment.author else Markdown("")
