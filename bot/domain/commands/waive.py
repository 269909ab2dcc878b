"""waive: says that a ground for leaving a re-assessment out, once, holds; a second person has to confirm it."""

import re
from datetime import date

from bot.domain.commands.base import BadCommandError, VerbHelp, Waive, split_reason, word_shown

NAME = "waive"
HELP = VerbHelp(
    usage="waive <ground> until <date> because <reason>",
    who="the owner or an assessor; then another of them confirms, or an approver where the register names approval steps",
    effect=(
        "where an interval is stated with exceptions (`unless`): says that one of them holds until a date."
        " Nothing is recorded before somebody else writes `/reassay confirm ...`; then it is not due until that date is over"
    ),
    example="/reassay waive nothing-changed until 2027-01-31 because the model and its deployments are as they were",
)
_SHAPE = re.compile(r"(?P<ground>\S+)\s+until\s+(?P<until>\S+)", re.IGNORECASE)


def parse(rest: str) -> Waive:
    """Reads what follows the verb. Raises BadCommandError."""
    words, because = split_reason(rest)
    match = _SHAPE.fullmatch(words)
    if match is None:
        raise BadCommandError(
            "write the ground and the last day on which it holds: `waive nothing-changed until 2027-01-31`"
        )
    try:
        until = date.fromisoformat(match["until"]) if len(match["until"]) == len("2027-01-31") else None
    except ValueError:
        until = None
    if until is None:
        raise BadCommandError(f"`until` needs a date as YYYY-MM-DD, not {word_shown(match['until'])}")
    if because is None:
        raise BadCommandError("a waiver needs a reason after `because`")
    return Waive(match["ground"].lower(), until, because)
