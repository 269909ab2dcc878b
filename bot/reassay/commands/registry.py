"""All slash commands, and the parser of comments."""

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
from reassay.common.command_lines import PREFIX, command_lines
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
