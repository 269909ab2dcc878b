"""Help about one command, and where there is nothing to do."""

from reassay.commands.help_ import Help
from reassay.commands.registry import COMMANDS, parse_comment
from reassay.sweep.views.help import help_reply
from tests.unit.approvals.places import OnReassessment


def test_one_command_is_explained_in_full() -> None:
    context = OnReassessment().written_by("auditor", "help signoff")
    for command in COMMANDS:
        text = help_reply(Help(command.name), context, None).text
        assert f"Who can: {command.help.who[:20]}" in text.replace("\\", "")
        assert command.help.example in text
        assert parse_comment(text) == (), "what the bot shows is not a command"


def test_an_unknown_command_is_named_and_the_rest_is_there() -> None:
    text = help_reply(Help("concluded"), OnReassessment().written_by("stranger", "help"), None).text
    assert text.startswith("`concluded` is not a command. R-2026-001 is open")
    assert "You have no role here" in text
    folded = text.partition("<details>")[2]
    assert all(f"`/reassay {command.name}" in folded for command in COMMANDS)
    assert parse_comment(text) == ()
