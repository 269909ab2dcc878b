"""Which lines of a comment are commands, which are answered because they look like one, and which are left alone."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.commands.answer import Answer
from reassay.commands.registry import COMMANDS, NotUnderstood, parse_comment, unheard
from reassay.common.command_lines import command_lines, has_command_lines, unheard_lines

SPACE = " \t\u00a0\u2007\u202f\u2003\u3000"
INVISIBLE = "\u200b\u2060\ufeff\u200e\u00ad"
HOLD = "hold because it is wrong"


@pytest.mark.parametrize(
    "body",
    [
        f"/reassay {HOLD}",
        f"   /reassay {HOLD}",
        f"\u00a0\u00a0\u00a0\u00a0/reassay\u3000{HOLD}",
        f"\ufeff/reassay\u00a0 \t{HOLD}   ",
        f"/re\u200bassay {HOLD}",
        f"I looked at it.\n  /reassay {HOLD}",
        f"I looked at it.\r/reassay {HOLD}\r",
        f"/REASSAY {HOLD}",
        f"/reassay {HOLD}\n-- \nThe safety lead\nExample Lab",
        f"/reassay {HOLD}\n--\nThe safety lead",
        "/reassay hold  because   it is\u2003wrong",
    ],
)
def test_white_space_and_signatures_change_nothing(body: str) -> None:
    assert command_lines(body) == (HOLD,)
    assert unheard(body) == ()


MAILS = [
    "On Mon, Dec 1, 2026 at 10:00 AM Safety Lead ***@***.***> wrote:",
    "Am Mo., 1. Dez. 2026 um 10:00 Uhr schrieb Safety Lead <lead@example.org>:",
    "Den m\u00e5n 1 dec. 2026 kl 10:00 skrev Safety Lead <lead@example.org>:",
    "Op ma 1 dec. 2026 om 10:00 schreef Safety Lead <lead@example.org>:",
    "Il giorno lun 1 dic 2026 alle ore 10:00 Safety Lead <lead@example.org> ha scritto:",
    "El lun, 1 dic 2026 a las 10:00, Safety Lead (<lead@example.org>) escribi\u00f3:",
    "Safety Lead <lead@example.org> \u4e8e2026\u5e7412\u67081\u65e5 10:00\u5199\u9053\uff1a",
    "\u043f\u043d, 1 \u0434\u0435\u043a. 2026 10:00, Safety Lead <lead@example.org> \u043d\u0430\u043f\u0438\u0441\u0430\u043b(\u0430):",
    "-----Original Message-----",
    "-----Urspr\u00fcngliche Nachricht-----",
    "-----Message d'origine-----",
    "---------- Forwarded message ---------",
    "Von: Safety Lead <lead@example.org>\nGesendet: Montag, 1. Dezember 2026 10:00\nAn: Auditor\nBetreff: AW: Filter",
    "De : Safety Lead <lead@example.org>\nEnvoy\u00e9 : lundi 1 d\u00e9cembre 2026 10:00\n\u00c0 : Auditor",
    "*From:* Safety Lead <lead@example.org>\n*Sent:* Monday, 1 December 2026 10:00\n*To:* Auditor",
    "From: Safety Lead\nSubject: Re: [example-lab/framework] Filter (#1)\nDate: 1 Dec 2026",
]


@pytest.mark.parametrize("head", MAILS)
def test_what_a_mail_quotes_below_an_answer_is_neither_executed_nor_answered(head: str) -> None:
    old = f"{head}\n\n/reassay override because it cannot wait\n\n- /reassay hold because no\n"
    assert command_lines(f"Thanks.\n\n{old}") == ()
    assert unheard(f"Thanks.\n\n{old}") == ()
    assert command_lines(f"/reassay {HOLD}\n\n{old}") == (HOLD,)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (f"- /reassay {HOLD}", "in a list"),
        (f"My view:\n\n1. /reassay {HOLD}", "in a list"),
        (f"- [ ] /reassay {HOLD}", "in a list"),
        (f"- one\n- two\n/reassay {HOLD}", "in a list"),
        (f"**/reassay {HOLD}**", "in bold"),
        (f"`/reassay {HOLD}`", "marked as code"),
        (f"```\n/reassay {HOLD}\n```", "marked as code"),
        (f"    /reassay {HOLD}", "marked as code"),
        (f"# /reassay {HOLD}", "a heading"),
        (f"> somebody said\n/reassay {HOLD}", "directly follows a quote"),
        (f"@reassay {HOLD}", "does not begin with `/reassay`"),
        (f"Well.\n@reassay-bot: {HOLD}", "does not begin with `/reassay`"),
        (f"/re-assess {HOLD}", "exactly `/reassay`"),
        (f"/reassess {HOLD}", "exactly `/reassay`"),
        (f"/ reassay {HOLD}", "exactly `/reassay`"),
        (f"\uff0freassay {HOLD}", "exactly `/reassay`"),
        (f"/reassay: {HOLD}", "exactly `/reassay`"),
        (f"/reassay-{HOLD}", "exactly `/reassay`"),
    ],
)
def test_what_looks_like_a_command_is_not_executed_and_says_how_to_write_it(body: str, why: str) -> None:
    assert command_lines(body) == ()
    assert has_command_lines(body)
    (line,) = unheard(body)
    assert why in line.why
    assert parse_comment(line.line) == parse_comment(f"/reassay {HOLD}"), "the line to write is a command"


@pytest.mark.parametrize(
    "body",
    [
        f"> /reassay {HOLD}",
        f"> > /reassay {HOLD}",
        f"Please comment:\n\n`/reassay {HOLD}`",
        f"Please comment:\n```\n/reassay {HOLD}\n```",
        f"Somebody should write /reassay {HOLD}",
        "You can write:\n- /reassay help lists the commands\n- /reassay explain says why",
        "You can write:\n- /reassay conclude: decides it",
        "@reassay thanks for the reminder",
        "/reassign this to me",
        "/hold",
        f"<!-- /reassay {HOLD} -->",
        f"| command |\n|---|\n| /reassay {HOLD} |",
        f"`a\n/reassay {HOLD}`",
        f"[/reassay {HOLD}](https://example.com)",
        "The reassessment is late.",
        "",
    ],
)
def test_talk_about_commands_is_left_alone(body: str) -> None:
    assert parse_comment(body) == ()
    assert unheard(body) == ()


def test_many_lines_in_a_list_are_one_remark() -> None:
    body = "\n".join(f"- /reassay answer {row} yes because looked at" for row in range(1, 29))
    (line,) = unheard(body)
    assert line.line == "/reassay answer 1 yes because looked at"


VERBS = st.sampled_from([verb.help.example.removeprefix("/reassay ") for verb in COMMANDS])
TALK = st.text(
    alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="`<>\\~"), max_size=40
)


def _quoted(line: str, how: int) -> str:
    below = MAILS[how % len(MAILS)]
    forms = (
        f"> {line}",
        f">{line}",
        f"> > {line}",
        f"```\n{line}\n```",
        f"~~~\n{line}\n~~~",
        f"    {line}",
        f"`{line}`",
        f"<!--\n{line}\n-->",
        f"<blockquote>\n{line}\n</blockquote>",
        f"{below}\n\n{line}",
    )
    return forms[how % len(forms)]


@given(command=VERBS, how=st.integers(0, 200), talk=TALK)
def test_a_command_that_is_quoted_in_any_way_is_never_executed(command: str, how: int, talk: str) -> None:
    line = f"/reassay {command}"
    before = f"x{talk}\n\n"
    assert command_lines(f"{before}{_quoted(line, how)}") == command_lines(before)


SPACES = st.text(alphabet=SPACE + INVISIBLE, max_size=6)


@pytest.mark.slow
@given(
    command=VERBS,
    before=st.text(alphabet="\u00a0\u2007\u202f\u3000" + INVISIBLE, max_size=5),
    after=SPACES,
    data=st.data(),
)
def test_white_space_around_and_between_words_never_changes_what_is_meant(
    command: str, before: str, after: str, data: st.DataObject
) -> None:
    line = f"/reassay {command}"
    words = line.split(" ")
    gaps = [data.draw(SPACES) + data.draw(st.sampled_from(SPACE)) for _ in words[1:]]
    stretched = words[0] + "".join(f"{gap}{word}" for gap, word in zip(gaps, words[1:], strict=True))
    assert parse_comment(f"{before}{stretched}{after}") == parse_comment(line)


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    unheard(text)
    unheard(f"- /reassay {text}\n\n> x\n/reassay {text}")
    assert bool(parse_comment(text)) <= has_command_lines(text)
    assert bool(unheard(text)) <= has_command_lines(text)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("answer 2: the filter was retrained", Answer("2", "in-words", "the filter was retrained")),
        ("answer 2:retrained", Answer("2", "in-words", "retrained")),
        ("answer #2 : retrained, because it leaked", Answer("2", "in-words", "retrained, because it leaked")),
        ("answer 2\uff1a retrained", Answer("2", "in-words", "retrained")),
        ("answer 2 because it was retrained", Answer("2", "in-words", "it was retrained")),
        ("answer changes: it was retrained", Answer("changes", "in-words", "it was retrained")),
        ("answer safe:kept yes because it is", Answer("safe:kept", "yes", "it is")),
        ("answer safe:kept: it is", Answer("safe:kept", "in-words", "it is")),
        ("answer 2 no because nothing shows it", Answer("2", "no", "nothing shows it")),
        ("answer 2: No because nothing shows it", Answer("2", "no", "nothing shows it")),
    ],
)
def test_answers_in_words_and_in_a_word(line: str, expected: Answer) -> None:
    assert parse_comment(f"/reassay {line}") == (expected,)


@pytest.mark.parametrize(
    "line", ["answer 2", "answer 2:", "answer 2: yes", "answer 2 no", "answer", "answer because x"]
)
def test_no_words_are_no_answer(line: str) -> None:
    (found,) = parse_comment(f"/reassay {line}")
    assert isinstance(found, NotUnderstood)


LINE = "/reassay conclude effective because x"


@pytest.mark.parametrize("tag", ["blockquote", "del", "s", "code", "q"])
def test_what_html_quotes_or_strikes_out_is_not_heard(tag: str) -> None:
    for body in (
        f"<{tag}>\n\n{LINE}\n\n</{tag}>",
        f"no <{tag}>\n{LINE}\n</{tag}>",
        f"<{tag}>\n\n{LINE}",
        f'<a title="\n{LINE}\n">x</a>',
    ):
        assert (command_lines(body), unheard_lines(body)) == ((), ()), body
    assert command_lines(f"<{tag}>\n\nx\n\n</{tag}>\n\n{LINE}") == (LINE.removeprefix("/reassay "),)
    assert command_lines(f"<details>\n\n{LINE}\n\n</details>") != ()


@pytest.mark.parametrize(
    "header",
    [
        "Am 01.12.26 um 10:00 schrieb A:",
        "On 12/1/26 10:00 AM, A wrote:",
        "On Dec 1, 2026, at 10 AM, A wrote:",
        "Le\u00a0mar. 1 d\u00e9c. 2026 \u00e0 10:00, A <a@example.org> a\u00a0\u00e9crit\u00a0:",
        "\u041e\u0442: A <a@example.org>\n\u041e\u0442\u043f\u0440\u0430\u0432\u043b\u0435\u043d\u043e: x\n\u041a\u043e\u043c\u0443: x\n\u0422\u0435\u043c\u0430: y",
        "L\u00e4hett\u00e4j\u00e4: A <***@***.***>\nL\u00e4hetetty: x\nVastaanottaja: x\nAihe: y",
        "From: A\nSent: x\nTo: x\nSubject: y",
        "**From:** A <***@***.***>\n**Date:** x\n**To:** x",
    ],
)
def test_no_line_of_a_quoted_mail_is_heard(header: str) -> None:
    assert command_lines(f"Fine.\n\n{header}\n\n{LINE}") == ()


@pytest.mark.parametrize(
    "words", ["From: January\nTo: June", "From: 2026-01-01\nTo: 2026-06-30\nRead: 3 incidents", "De: 1\nA: 2"]
)
def test_a_period_in_a_comment_is_no_header_of_a_mail(words: str) -> None:
    assert command_lines(f"{words}\n\n{LINE}") != ()


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["2026 1", "12/1/26 1", "On 1/1/26 ", "<del ", "<a@", "De: a\n", "2026 1" * 60 + "\n"])
def test_reading_a_comment_grows_with_its_text(unit: str) -> None:
    started = process_time()
    assert command_lines(f"{unit * (60_000 // len(unit))}\n\n{LINE}") != ()
    assert process_time() - started < 5
