"""The slash commands: one grammar, from which help and the reference are generated.

    /reassay <verb> [arguments] [because <reason>]

stands at the start of a line of a comment. Quotes, code and HTML comments are ignored, several lines are several
commands in order, and text around them is talk. A verb is one module here with NAME, HELP and parse(): no list of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from bot.domain.commands.base import BadCommandError, Command, VerbHelp, word_shown
from bot.domain.commands.text import PREFIX, command_lines
from bot.domain.register.finding import did_you_mean

_NOT_VERBS = {"base", "text"}


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of the grammar."""

    name: str
    help: VerbHelp
    parse: Callable[[str], Command]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A line that begins like a command and is none."""

    line: str
    """What followed `/reassay`."""
    message: str
    usage: str | None
    """Of the verb, if the verb was known."""


def _discover() -> Mapping[str, Verb]:
    found = (import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__) if each.name not in _NOT_VERBS)
    return {module.NAME: Verb(module.NAME, module.HELP, module.parse) for module in sorted(found, key=_name)}


def _name(module: object) -> str:
    return str(getattr(module, "NAME", ""))


VERBS: Mapping[str, Verb] = _discover()
"""By name, in alphabetical order."""


def parse_comment(body: str) -> tuple[Command | NotUnderstood, ...]:
    """The commands of a comment, in order. Text that is no command gives nothing."""
    return tuple(_parse_line(line) for line in command_lines(body))


def _parse_line(line: str) -> Command | NotUnderstood:
    word, _, rest = line.partition(" ")
    verb = VERBS.get(word.lower())
    if verb is None:
        hint = did_you_mean(word.lower(), VERBS).replace("'", "`")
        message = f"{word_shown(word)} is not a command." if word else f"`{PREFIX}` needs a command after it."
        return NotUnderstood(line, " ".join(filter(None, [message, hint])), None)
    try:
        return verb.parse(rest.strip())
    except BadCommandError as error:
        return NotUnderstood(line, str(error), verb.help.usage)


def is_for_us(body: str) -> bool:
    """Whether a comment holds any command line: a cheap look before anything is read from GitHub."""
    return bool(command_lines(body))
