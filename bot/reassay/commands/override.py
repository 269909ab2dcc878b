"""override: break glass on a pull request."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.vetoes import overridden_receipt as change_receipt
from reassay.approvals.vetoes import override as on_change
from reassay.commands.asking import Asking, Refusal
from reassay.commands.base import Command, VerbHelp, needs_reason, nothing_more
from reassay.commands.slash_command import SlashCommand

NAME = "override"
HELP = VerbHelp(
    usage="override because <reason>",
    who="the role under `gate: {override: ...}`",
    effect=(
        "on a pull request: lets this very head through without what is asked, for three working days. It opens re-assessments"
        " of what it concerns, and auditors see it. A new push ends it"
    ),
    example="/reassay override because the exploit is live and the fix is this change",
)


@dataclass(frozen=True, slots=True)
class Override(Command):
    """Break glass."""

    verb: ClassVar[str] = NAME
    because: str


def parse(rest: str) -> Override:
    """Reads the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "an override")
    nothing_more(words)
    return Override(because)


def act(_command: Override, _asking: Asking) -> Refusal:
    """Nothing in an issue can be overridden."""
    return Refusal("an override is about a pull request", "Write it there.")


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Override,
    parse=parse,
    act=act,
    on_change=on_change,
    change_receipt=change_receipt,
)
