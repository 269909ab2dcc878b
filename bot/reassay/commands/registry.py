"""All slash commands, and the parser of comments."""

from collections.abc import Mapping
from dataclasses import dataclass

from reassay.approvals.command_context import CommandContext, Receipt
from reassay.commands import (
    abandon,
    accept_risk,
    answer,
    assert_,
    assess,
    conclude,
    confirm,
    contain,
    correct,
    dissent,
    evidence,
    explain,
    extend,
    follow_up,
    help_,
    hold,
    merge_into,
    not_material,
    override,
    plan,
    signoff,
    snooze,
    triage,
    unhold,
    waiting_on,
    waive,
    withdraw,
)
from reassay.commands.base import BadCommandError, Command, SlashCommand, word_shown
from reassay.commands.confirm import Confirm
from reassay.common.command_lines import PREFIX, Obstacle, UnheardLine, command_lines, unheard_lines
from reassay.ledger.reassessment import LedgerRecord
from reassay.register.finding import did_you_mean

COMMANDS: tuple[SlashCommand[Command], ...] = (
    abandon.COMMAND,
    accept_risk.COMMAND,
    answer.COMMAND,
    assert_.COMMAND,
    assess.COMMAND,
    conclude.COMMAND,
    confirm.COMMAND,
    contain.COMMAND,
    correct.COMMAND,
    dissent.COMMAND,
    evidence.COMMAND,
    explain.COMMAND,
    extend.COMMAND,
    follow_up.COMMAND,
    help_.COMMAND,
    hold.COMMAND,
    merge_into.COMMAND,
    not_material.COMMAND,
    override.COMMAND,
    plan.COMMAND,
    signoff.COMMAND,
    snooze.COMMAND,
    triage.COMMAND,
    unhold.COMMAND,
    waiting_on.COMMAND,
    waive.COMMAND,
    withdraw.COMMAND,
)
"""In alphabetical order, as help lists them."""
BY_NAME = {command.name: command for command in COMMANDS}


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A line that begins like a command and is not a valid one."""

    line: str
    """The words after `/reassay`."""
    message: str
    usage: str | None
    """The usage of the verb; None for an unknown verb."""


def command_of(arguments: Command) -> SlashCommand[Command]:
    """The slash command of some arguments."""
    return BY_NAME[arguments.verb]


def receipt_of(arguments: Command, records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The reply about a command's records, for a confirmation that of the confirmed command; None without one."""
    if not isinstance(arguments, Confirm):
        return command_of(arguments).acknowledge(records, context)
    confirmed = (command.receipt(records, context) for command in COMMANDS if command.confirmed and command.receipt)
    return next((receipt for receipt in confirmed if receipt is not None), None)


def parse_comment(body: str) -> tuple[Command | NotUnderstood, ...]:
    """The commands of a comment, in order; other text is ignored."""
    return tuple(_parse_line(line) for line in command_lines(body))


def _parse_line(line: str) -> Command | NotUnderstood:
    word, _, rest = line.partition(" ")
    command = BY_NAME.get(word.lower())
    if command is None:
        hint = did_you_mean(word.lower(), BY_NAME).replace("'", "`")
        message = f"{word_shown(word)} is not a valid command." if word else f"`{PREFIX}` needs a command after it."
        return NotUnderstood(line, " ".join(filter(None, [message, hint])), None)
    try:
        return command.parse(rest.strip())
    except BadCommandError as error:
        return NotUnderstood(line, str(error), command.help.usage)


_OBSTACLES: Mapping[Obstacle, str] = {
    "list": "because it is in a list",
    "heading": "because it is a heading",
    "emphasis": "because it is in bold or italics",
    "code": "because it is marked as code",
    "below-quote": "because it directly follows a quote, so it is part of that quote",
    "mention": f"because it does not begin with `{PREFIX}`",
    "spelling": f"because it does not begin with exactly `{PREFIX}`",
}


@dataclass(frozen=True, slots=True)
class Unheard:
    """A line that looks like a command and was not read as one: never executed, but answered."""

    line: str
    """The command as it has to be written."""
    why: str
    """Half a sentence: why the line is not a command."""


def unheard(body: str) -> tuple[Unheard, ...]:
    """Lines of a comment that look like commands and are none, one for each kind of obstacle.

    Talk about commands is left alone: in text with other words, only a line that would be a valid command that acts counts,
    and never one in code, in bold or in a heading.
    """
    meant: dict[Obstacle, UnheardLine] = {}
    for line in unheard_lines(body):
        if _is_meant(line):
            meant.setdefault(line.obstacle, line)
    return tuple(Unheard(f"{PREFIX} {line.words}".strip(), _OBSTACLES[line.obstacle]) for line in meant.values())


def _is_meant(line: UnheardLine) -> bool:
    command = _parse_line(line.words)
    acts = isinstance(command, Command) and not command_of(command).is_showing
    if line.obstacle == "mention":
        return line.words.partition(" ")[0].lower() in BY_NAME and (acts or line.is_alone)
    if line.obstacle in {"code", "heading", "emphasis"}:
        return line.is_alone
    return acts or line.is_alone or line.obstacle == "below-quote"
