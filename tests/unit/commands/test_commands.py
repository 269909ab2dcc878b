from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.approvals.arguments import Conclude, Promise
from reassay.commands.base import Command
from reassay.commands.explain import Explain
from reassay.commands.help_ import Help
from reassay.commands.registry import COMMANDS, NotUnderstood, parse_comment
from reassay.common.command_lines import has_command_lines
from tests.make import ASSESSOR, Story, mitigation, register


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("/reassay help", [Help()]),
        ("/reassay help conclude", [Help("conclude")]),
        ("/reassay explain", [Explain()]),
        ("Thanks!\n\n/reassay explain please, somebody\n", [Explain()]),
        ("Some talk\n/reassay explain", [Explain()]),
        ("/reassay explain\n/reassay help", [Explain(), Help()]),
        ("/REASSAY Explain", [Explain()]),
        ("/reassay   explain", [Explain()]),
        ("/reassay explain\r\n/reassay help\r\n", [Explain(), Help()]),
        ("/reassay conclude effective", [Conclude("effective")]),
        ("/reassay conclude Effective because the drill of 3 Dec found nothing", [Conclude("effective", because="the drill of 3 Dec found nothing")]),
        ("/reassay conclude ineffective withdraw because it failed", [Conclude("ineffective", "withdraw", (), "it failed")]),
        (
            "/reassay conclude degraded restrict follow-up 2027-01-15 retrain it follow-up 2027-02-01 test again because worse",
            [Conclude("degraded", "restrict", (Promise(date(2027, 1, 15), "retrain it"), Promise(date(2027, 2, 1), "test again")), "worse")],
        ),
        ("/reassay conclude effective because `code` and *stars* stay", [Conclude("effective", because="`code` and *stars* stay")]),
        ("", []),
        ("no command at all", []),
        ("see /reassay help", []),
    ],
)  # fmt: skip
def test_commands_at_the_start_of_a_line(body: str, expected: list[object]) -> None:
    assert list(parse_comment(body)) == expected
    assert has_command_lines(body) is bool(expected)


@pytest.mark.parametrize(
    "body",
    [
        "```\n/reassay conclude effective\n```",
        "~~~text\n/reassay conclude effective\n~~~",
        "```\n/reassay conclude effective",
        "    /reassay conclude effective",
        "> /reassay conclude effective",
        "> somebody said\n/reassay conclude effective",
        "> > /reassay conclude effective",
        "- /reassay conclude effective",
        "- a list\n  /reassay conclude effective",
        "1. /reassay conclude effective",
        "<!-- /reassay conclude effective -->",
        "<!--\n/reassay conclude effective\n-->",
        "text <!--\n/reassay conclude effective\n--> text",
        "<!--\n/reassay conclude effective",
        "`/reassay conclude effective`",
        "`a\n/reassay conclude effective`",
        "``a ` b\n/reassay conclude effective``",
        "# /reassay conclude effective",
        "<details>\n/reassay conclude effective\n</details>",
        "<pre>\n/reassay conclude effective\n</pre>",
        "| a |\n|---|\n| /reassay conclude effective |",
    ],
)
def test_pitfall_16_a_command_in_a_fence_a_quote_or_a_comment_is_nothing(body: str) -> None:
    assert parse_comment(body) == ()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("/reassay", "needs a command"),
        ("/reassay conclud effective", "Did you mean `conclude`?"),
        ("/reassay xyzzy", "`xyzzy` is not a valid command."),
        ("/reassay conclude", "the decision is missing"),
        ("/reassay conclude efective", "Did you mean `effective`?"),
        ("/reassay conclude effective perhaps", "`perhaps` is not a valid word after the decision"),
        ("/reassay conclude effective continue now", "`now` is not valid here; write a reason after `because`"),
        ("/reassay conclude effective because", "the reason is missing; write it after `because`"),
        (
            "/reassay conclude degraded follow-up tomorrow mend",
            "`tomorrow` is not a valid date for `follow-up`; write e.g. 2027-01-31",
        ),
        ("/reassay conclude degraded follow-up 2027-13-01 mend", "`2027-13-01` is not a valid date"),
        ("/reassay conclude degraded follow-up 2027-01-01", "needs the planned action after the date"),
        ("/reassay con`clude", "`con'clude`"),
    ],
)
def test_what_is_not_understood_says_what_to_write(body: str, words: str) -> None:
    (found,) = parse_comment(body)
    assert isinstance(found, NotUnderstood)
    assert words in found.message


def test_every_verb_has_an_example_that_works() -> None:
    for verb in COMMANDS:
        (command,) = parse_comment(verb.help.example)
        assert not isinstance(command, NotUnderstood), verb.name
        assert verb.help.usage.split()[0] == verb.name


@pytest.mark.slow
@given(st.text(max_size=200))
def test_no_text_whatever_raises(text: str) -> None:
    parse_comment(f"/reassay {text}")
    parse_comment(text)
    parse_comment(f"{text}\n/reassay conclude {text}")


@given(
    st.text(
        alphabet=st.characters(blacklist_characters="`\\<>\r\n", blacklist_categories=["Cs", "Cc", "Zl", "Zp"]),
        max_size=80,
    )
)
def test_a_quoted_command_is_never_one(text: str) -> None:
    assert parse_comment(f"> {text}\n> /reassay conclude effective") == ()


def test_a_command_refuses_the_arguments_of_another() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    context = story.context(ASSESSOR, story.assessment_input.history.open[0])
    for command in COMMANDS:
        other: Command = Help() if command.arguments is not Help else Explain()
        with pytest.raises(TypeError, match=f"not an argument of '{command.name}'"):
            command.outcome(other, context)
        with pytest.raises(TypeError, match=f"not an argument of '{command.name}'"):
            command.confirmation(other, context, context)
