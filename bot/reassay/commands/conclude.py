"""conclude: decides a re-assessment."""

import re

from reassay.approvals.arguments import Conclude, Promise
from reassay.approvals.asking import Asking, Effect, Outcome
from reassay.commands.base import BadCommandError, VerbHelp, one_of, read_day, split_reason, word_shown
from reassay.commands.conclusion import Conclusion, conclude
from reassay.commands.slash_command import SlashCommand

NAME = "conclude"
HELP = VerbHelp(
    usage=(
        "conclude effective|degraded|ineffective|inconclusive [continue|restrict|withdraw]"
        " [follow-up <date> <what>] [because <reason>]"
    ),
    who="the assessor; the owner where no assessor is named (the record then says self-assessed)",
    effect=(
        "decides: the record is written, the issue closes, the next due date follows."
        " `degraded` needs a follow-up or an accepted risk, `ineffective` says what happens to the deployment,"
        " `inconclusive` moves no date. From mode `record` on every row has to be answered and signed, and every approval step"
        " taken; `effective` then needs every criterion that can be read to be met"
    ),
    example="/reassay conclude effective because the drill of 3 Dec found nothing new",
)
DECISIONS = ("effective", "degraded", "ineffective", "inconclusive")
DEPLOYMENT = ("continue", "restrict", "withdraw")
_FOLLOW_UP = re.compile(r"(?:^|\s)follow-up\s+", re.IGNORECASE)


def parse(rest: str) -> Conclude:
    """Reads what follows the verb. Raises BadCommandError."""
    words, because = split_reason(rest)
    head, *promises = _FOLLOW_UP.split(words)
    first, *further = head.split() or [""]
    decision = one_of(first, DECISIONS, "decision")
    deployment = one_of(further[0], DEPLOYMENT, "word after the decision") if further else None
    if len(further) > 1:
        raise BadCommandError(f"{word_shown(' '.join(further[1:]))} is not understood; write a reason after `because`")
    return Conclude(decision, deployment, tuple(_promise(text) for text in promises), because)


def _promise(text: str) -> Promise:
    day, _, what = text.strip().partition(" ")
    due = read_day(day, "`follow-up`")
    if not what.strip():
        raise BadCommandError(f"`follow-up {day}` needs what will be done, after the date")
    return Promise(due, what.strip())


def act(command: Conclude, asking: Asking) -> Outcome:
    """The record of a decision, or why there is none. What was decided is said by the issue's own record."""
    result = conclude(command, asking)
    return Effect((result.decided,), result.objects) if isinstance(result, Conclusion) else result


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Conclude,
    parse=parse,
    act=act,
)
