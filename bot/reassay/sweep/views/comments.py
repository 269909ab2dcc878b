"""What the bot says in comments. Each has a key, by which it is found again and never said twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reassay.approvals.readiness import missing_rows, said_of_step
from reassay.assessment.cells import Situation
from reassay.assessment.schedule import forecast
from reassay.assessment.schedule.reminders import Reminder
from reassay.commands.asking import Receipt, Refusal
from reassay.commands.base import Command
from reassay.commands.help_ import Help
from reassay.commands.registry import BY_NAME, COMMANDS, NotUnderstood
from reassay.commands.slash_command import SlashCommand
from reassay.common.calendar import Duration
from reassay.common.environment import clock_words, render
from reassay.common.inert import Markdown, mention
from reassay.gate.decide import decide
from reassay.gate.facts import GateFacts
from reassay.github.repository_state import Account, Comment
from reassay.github.section import keyed
from reassay.ledger.entry import Trigger
from reassay.ledger.reassessment import Noted
from reassay.ledger.views.words import cell_words, next_dates
from reassay.sweep.views.issue import Facts


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
        "sweep/reminder",
        found=found,
        late=late,
        driver=Markdown(f"{mention(found.driver)}:") if found.driver else "",
        waiting=_people(found),
        wanted=_wanted(found),
        outside=found.waiting_on,
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
        "sweep/record",
        found=found,
        each=found.each,
        decided=decided,
        by=mention(by.login) if by else "",
        covered=[cell_words(cell) for cell in decided.cells],
        next_dates=next_dates(decided),
        signatures=found.signatures,
        dissents=found.dissents,
        criteria=decided.criteria,
        signed=found.decided_signed,
        trust=found.trust,
        anchor=found.around.anchor,
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
        "sweep/reopened",
        each=found.each,
        by=mention(by) if by else "",
        late=found.is_overdue,
        deciders=_people(found),
    )
    return _said(f"reopened-{times}", text)


def superseded(found: Facts) -> Said:
    """Why an issue was closed without a decision."""
    return _said("superseded", render("sweep/superseded", each=found.each))


def joined(found: Facts, triggers: Sequence[Trigger]) -> Said:
    """What joined an open re-assessment since it was opened."""
    text = render(
        "sweep/joined",
        found=found,
        each=found.each,
        triggers=triggers,
        covered=[cell_words(cell) for cell in found.each.cells],
    )
    return _said(f"joined-{len(found.each.triggers)}", text)


def explanation(found: Facts, comment: Comment, index: int, commit: str) -> Said:
    """Why this is open, what would settle it, who can."""
    text = render(
        "sweep/explain",
        each=found.each,
        covered=[cell for cell in found.own if cell.cell in found.each.cells],
        allowed=found.allowed,
        wanted=_wanted(found),
        holds=found.holds,
        trust=found.trust,
        commit=commit[:7],
        anchor=found.around.anchor,
        clock=Markdown(clock_words(found.situation.now)),
    )
    return _said(reply_key(comment, index), text)


def _wanted(found: Facts) -> tuple[str, ...]:
    """What is missing before it can be concluded, from mode `record` on."""
    approvals = found.approvals
    if approvals is None or found.each.state != "open" or not found.situation.register.configuration.records:
        return ()
    steps = (said_of_step(step, approvals) for step in approvals.steps if not step.is_signed)
    return (*missing_rows(approvals), *steps)


def refusal(comment: Comment, index: int, refused: Refusal, line: str = "") -> Said:
    """Why a command had no effect."""
    text = render(
        "sweep/refused",
        to=_to(comment),
        line=line,
        why=refused.why,
        remedy=refused.remedy,
        details=refused.details,
        usage="",
    )
    return _said(reply_key(comment, index), text)


def misunderstood(comment: Comment, index: int, found: NotUnderstood) -> Said:
    """What was wrong with a line, and how it is written."""
    text = render(
        "sweep/misunderstood",
        to=_to(comment),
        message=found.message,
        usage=f"/reassay {found.usage}" if found.usage else "",
    )
    return _said(reply_key(comment, index), text)


def help_text(comment: Comment, index: int, wanted: Help) -> Said:
    """The table of commands, or one row of it."""
    about = BY_NAME.get(wanted.about or "")
    rows: Sequence[SlashCommand[Command]] = (about,) if about else COMMANDS
    return _said(reply_key(comment, index), render("sweep/help", to=_to(comment), verbs=rows, one=about is not None))


def waits_for_second(comment: Comment, index: int, people: Sequence[str], until: date) -> Said:
    """Somebody asked for what takes two."""
    asker = comment.author.login.lower() if comment.author else ""
    others = [login for login in people if login.lower() != asker]
    text = render(
        "sweep/waits_for_second",
        to=_to(comment),
        people=others,
        number=comment.id,
        until=until,
    )
    return _said(reply_key(comment, index), text)


def recorded(comment: Comment, index: int, receipt: Receipt, done: Sequence[Noted], situation: Situation) -> Said:
    """What a command led to, from its records."""
    text = render(
        "sweep/recorded",
        to=_to(comment),
        entries=[each.seq for each in done],
        receipt=receipt,
        signed=done[-1].signed,
        mode=situation.register.configuration.mode or "remind",
    )
    return _said(reply_key(comment, index), text)


def planned(found: Facts, comment: Comment, index: int) -> Said:
    """A dry run: what would be opened for the subject within a year."""
    situation = found.situation
    until = Duration(months=12).after(situation.today)
    steps = [step for step in forecast.forecast(situation, until) if step.subject == found.each.subject]
    text = render("sweep/planned", to=_to(comment), found=found, steps=steps, until=until)
    return _said(reply_key(comment, index), text)


def content_changed(found: Facts, key: str, content: str) -> Said:
    """What is signed is not what it was: said once for each change, so that everybody signs what they have seen."""
    rows = found.approvals.rows if found.approvals else ()
    void = [row.number for row in rows if (row.answer or row.signatures) and not row.is_signed]
    text = render(
        "sweep/content_changed", each=found.each, content=content, void=void, place=found.each.opened.place.path
    )
    return _said(key, text)


def side_exit(found: Facts) -> Said:
    """Why an issue was closed without a decision, by two people."""
    left = found.each.side_exit
    if left is None:
        raise ValueError(f"{found.each.id} has no side exit")
    text = render("sweep/side_exit", each=found.each, left=left, because=_object(found, left.because))
    return _said("side-exit", text)


def corrected(found: Facts, noted: Noted, how: str, because: str) -> Said:
    """A record was corrected: said beside it, whatever issue it was asked for in."""
    text = render("sweep/corrected", each=found.each, how=how, seq=noted.seq, because=_object(found, because))
    return _said(f"corrected-{noted.seq}", text)


def elsewhere(comment: Comment, index: int, *, on_pull: bool = False) -> Said:
    """The command was given where it has no meaning."""
    what = (
        "this command is about a re-assessment, and this is a pull request"
        if on_pull
        else "this issue is no re-assessment"
    )
    return refusal(comment, index, Refusal(what, "Write it in the issue that `reassay status` or the label names."))


def re_evaluated(comment: Comment, index: int, facts: GateFacts) -> Said:
    """The verdict as it is now, in short; the check and the one comment have all of it."""
    verdict = decide(facts)
    text = render("gate/gate_explained", to=_to(comment), verdict=verdict, head=facts.proposal.head[:7])
    return _said(reply_key(comment, index), text)


def _people(found: Facts) -> Markdown:
    if found.allowed is None:
        return Markdown("nobody who is known")
    return Markdown(", ".join(mention(login) for login in found.allowed.people))


def _to(comment: Comment) -> Markdown:
    return Markdown(f"{mention(comment.author.login)}:") if comment.author else Markdown("")
