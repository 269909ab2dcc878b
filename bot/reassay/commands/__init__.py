"""The slash commands: one grammar, from which help and the reference are generated.

    /reassay <verb> [arguments] [because <reason>]

stands at the start of a line of a comment. Quotes, code and HTML comments are ignored, several lines are several
commands in order, and text around them is talk. A verb is one module here: no list of them. It has

    NAME, HELP           how it is written, who may use it, what it does
    parse(rest)          the words after the verb become a typed command
    act(command, asking) what comes of it: something to record, a second person to wait for, or a refusal that helps
    receipt(...)         what is said once it is recorded, from the record alone; absent where an issue says it itself
    confirmed(...)       what a second person's `confirm` records; present where it takes two
    on_change(...)       the same as `act` on a pull request, with `change_receipt(...)`; absent where it means nothing there
    ANYWHERE             True if it works outside of a re-assessment's issue
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from reassay.commands.base import BadCommandError, Command, VerbHelp, word_shown
from reassay.commands.text import PREFIX, command_lines
from reassay.modules import modules_in
from reassay.register.finding import did_you_mean

if TYPE_CHECKING:
    from reassay.commands.asking import Asking, Effect, Outcome, Receipt, Refusal
    from reassay.ledger.reassessment import Noted

_NOT_VERBS = {"base", "text"}


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of the grammar, and its rules."""

    name: str
    help: VerbHelp
    parse: Callable[[str], Command]
    act: "Callable[[Any, Asking], Outcome]"
    receipt: "Callable[[tuple[Noted, ...], Asking], Receipt | None] | None"
    confirmed: "Callable[[Any, Asking, Asking], Effect | Refusal] | None"
    anywhere: bool
    on_change: "Callable[[Any, Asking], Outcome] | None" = None
    change_receipt: "Callable[[tuple[Noted, ...], Asking], Receipt | None] | None" = None


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A line that begins like a command and is none."""

    line: str
    """What followed `/reassay`."""
    message: str
    usage: str | None
    """Of the verb, if the verb was known."""


@cache
def verbs() -> Mapping[str, Verb]:
    """By name, in alphabetical order."""
    found = modules_in(__name__, __path__, but=_NOT_VERBS)
    return {module.NAME: _verb(module) for module in sorted(found, key=lambda module: str(module.NAME))}


def _verb(module: Any) -> Verb:  # noqa: ANN401 -- a module, whose names the tests check
    return Verb(
        name=module.NAME,
        help=module.HELP,
        parse=module.parse,
        act=module.act,
        receipt=getattr(module, "receipt", None),
        confirmed=getattr(module, "confirmed", None),
        anywhere=getattr(module, "ANYWHERE", False),
        on_change=getattr(module, "on_change", None),
        change_receipt=getattr(module, "change_receipt", None),
    )


def parse_comment(body: str) -> tuple[Command | NotUnderstood, ...]:
    """The commands of a comment, in order. Text that is no command gives nothing."""
    return tuple(_parse_line(line) for line in command_lines(body))


def _parse_line(line: str) -> Command | NotUnderstood:
    word, _, rest = line.partition(" ")
    verb = verbs().get(word.lower())
    if verb is None:
        hint = did_you_mean(word.lower(), verbs()).replace("'", "`")
        message = f"{word_shown(word)} is not a command." if word else f"`{PREFIX}` needs a command after it."
        return NotUnderstood(line, " ".join(filter(None, [message, hint])), None)
    try:
        return verb.parse(rest.strip())
    except BadCommandError as error:
        return NotUnderstood(line, str(error), verb.help.usage)


def is_for_us(body: str) -> bool:
    """Whether a comment holds any command line: a cheap look before anything is read from GitHub."""
    return bool(command_lines(body))
