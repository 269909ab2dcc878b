"""conclude: decides a re-assessment."""

import re
from datetime import date

from bot.domain.commands.base import BadCommandError, Conclude, Promise, VerbHelp, split_reason, word_shown
from bot.domain.register.finding import did_you_mean

NAME = "conclude"
HELP = VerbHelp(
    usage=(
        "conclude effective|degraded|ineffective|inconclusive [continue|restrict|withdraw]"
        " [follow-up <date> <what>] [because <reason>]"
    ),
    who="the assessor; the owner where no assessor is named (the record then says self-assessed)",
    effect=(
        "decides: the record is written, the issue closes, the next due date follows."
        " `degraded` needs a follow-up, `ineffective` says what happens to the deployment, `inconclusive` moves no date"
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
    decision = _choice(first, DECISIONS, "decision")
    deployment = _choice(further[0], DEPLOYMENT, "word after the decision") if further else None
    if len(further) > 1:
        raise BadCommandError(f"{word_shown(' '.join(further[1:]))} is not understood; write a reason after `because`")
    return Conclude(decision, deployment, tuple(_promise(text) for text in promises), because)


def _choice(word: str, known: tuple[str, ...], what: str) -> str:
    if word.lower() in known:
        return word.lower()
    choices = ", ".join(f"`{each}`" for each in known)
    if not word:
        raise BadCommandError(f"the {what} is missing: one of {choices}")
    hint = did_you_mean(word.lower(), known).replace("'", "`")
    raise BadCommandError(" ".join(filter(None, [f"{word_shown(word)} is not a {what}: one of {choices}.", hint])))


def _promise(text: str) -> Promise:
    day, _, what = text.strip().partition(" ")
    try:
        due = date.fromisoformat(day) if len(day) == len("2027-01-15") else None
    except ValueError:
        due = None
    if due is None:
        raise BadCommandError(f"`follow-up` needs a date as YYYY-MM-DD, not {word_shown(day)}")
    if not what.strip():
        raise BadCommandError(f"`follow-up {day}` needs what will be done, after the date")
    return Promise(due, what.strip())
