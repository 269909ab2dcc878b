"""conclude: decides a re-assessment."""

import re

from reassay.approvals.arguments import Conclude, Promise
from reassay.approvals.command_context import CommandContext, Effect, Outcome
from reassay.commands.base import BadCommandError, SlashCommand, VerbHelp, one_of, read_day, split_reason, word_shown
from reassay.commands.conclusion import Conclusion, conclude

NAME = "conclude"
HELP = VerbHelp(
    usage=(
        "conclude ineffective|degraded|inconclusive|effective [withdraw|restrict|continue]"
        " [follow-up <date> [by <role>] [verified-by <role>] <what>] [because <reason>]"
    ),
    who="the assessor; the owner where no assessor is named (the record then says self-assessed)",
    effect=(
        "decides the re-assessment: the decision is recorded, the issue closes, and the next due date is set. `ineffective` needs"
        " a decision about the deployment, `degraded` a follow-up or an accepted risk; `inconclusive` moves no date."
        " A follow-up gets an issue of its own; the owner does it, or who is named after `by`, and another person verifies it."
        " After `restrict` or `withdraw` the issue stays open until a narrower deployment is registered, or a later decision says"
        " `continue`."
        " From mode `record` on every question must be answered and signed off, and every approval step signed off. In every mode"
        " `effective` needs every criterion to be met by the evidence; if one is not, the refusal lists what is missing"
    ),
    example="/reassay conclude degraded follow-up 2027-01-15 retrain the filter because two of ten tries got through",
)
DECISIONS = ("ineffective", "degraded", "inconclusive", "effective")
"""In order of harm, as every ready-made command lists them."""
DEPLOYMENT = ("withdraw", "restrict", "continue")
_FOLLOW_UP = re.compile(r"(?:^|\s)follow-up\s+", re.IGNORECASE)

_PERSON = re.compile(r"\s*(?P<word>by|verified-by)\s+(?P<name>\S+)(?:\s+|$)", re.IGNORECASE)


def parse(rest: str) -> Conclude:
    """Reads what follows the verb. Raises BadCommandError."""
    words, because = split_reason(rest)
    head, *promises = _FOLLOW_UP.split(words)
    first, *further = head.split() or [""]
    decision = one_of(first, DECISIONS, "decision")
    deployment = one_of(further[0], DEPLOYMENT, "word after the decision") if further else None
    if len(further) > 1:
        raise BadCommandError(f"{word_shown(' '.join(further[1:]))} is not valid here; write a reason after `because`")
    return Conclude(decision, deployment, tuple(_promise(text) for text in promises), because)


def _promise(text: str) -> Promise:
    day, _, rest = text.strip().partition(" ")
    due = read_day(day, "`follow-up`")
    people: dict[str, str] = {}
    while match := _PERSON.match(rest):
        word = match["word"].lower()
        if word in people:
            raise BadCommandError(f"`{word}` is given twice in `follow-up {day}`")
        people[word], rest = match["name"].removeprefix("@"), rest[match.end() :]
    if not rest.strip():
        raise BadCommandError(f"`follow-up {day}` needs the planned action after the date")
    return Promise(due, rest.strip(), people.get("by"), people.get("verified-by"))


def act(command: Conclude, context: CommandContext) -> Outcome:
    """The record of a decision, or a refusal. The issue itself shows the decision."""
    result = conclude(command, context)
    return Effect((result.decided,), result.objects) if isinstance(result, Conclusion) else result


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Conclude,
    parse=parse,
    act=act,
)
