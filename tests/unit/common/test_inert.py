import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reassay.common.inert import code, inert, inert_title, mention, plain, prose, quoted
from reassay.register.pins import LOGIN_PATTERN
from reassay_sandbox.judge import lint

HOSTILE = [
    "**bold** _em_ `code` ~~gone~~",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png)",
    "<!-- reassay:end -->",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "| a | b |",
    "$x$ &amp; &lt;",
    "line\n# heading\n- [x] done",
    "a\u202eb\u2066c\u200bd\x00e",
    "=====",
    "+ plus",
    "\\*not escaped\\*",
]


def shown(markdown: str) -> tuple[str, set[str]]:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    inline = [child for token in tokens for child in token.children or []]
    kinds = {token.type for token in tokens} | {child.type for child in inline}
    return "".join(child.content for child in inline if child.type == "text"), kinds


@pytest.mark.parametrize("text", HOSTILE)
def test_pitfall_18_register_text_shows_its_characters_and_does_nothing(text: str) -> None:
    seen, kinds = shown(inert(text))
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text"}
    assert seen.replace("\u2060", "") == plain(text)


@given(st.text(max_size=60))
def test_pitfall_18_no_text_whatever_becomes_markup(text: str) -> None:
    seen, kinds = shown(f"before {inert(text)} after")
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text"}
    assert "\u202e" not in seen


@pytest.mark.parametrize(
    "text",
    [
        "@everyone",
        "ping @safety-lead now",
        "see #12 and owner/repo#3",
        "GH-7",
        "https://evil.example",
        "www.evil.example",
    ],
)
def test_pitfall_18_nobody_is_pinged_and_nothing_is_linked(text: str) -> None:
    for made in (inert(text), inert_title(text)):
        assert "\u2060" in made
        assert made.replace("\u2060", "") == text


def test_our_own_mentions_are_live_for_logins_only() -> None:
    assert mention("safety-lead") == "@safety-lead"
    assert mention("not a login") == "@\u2060not a login"


@given(st.text(max_size=40))
def test_inline_code_cannot_be_ended_from_inside(text: str) -> None:
    _, kinds = shown(f"x {code(text)} y")
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "code_inline"}


def test_prose_shows_code_and_nothing_else() -> None:
    assert prose("write `a|b` and <b>") == "write `a|b` and \\<b\\>"


def test_quoted_prose_stays_inside_its_quote() -> None:
    _, kinds = shown(quoted("first\n\n# second\n```\nthird"))
    assert kinds <= {"blockquote_open", "blockquote_close", "paragraph_open", "paragraph_close", "inline", "text"}


def test_a_login_of_a_managed_user_is_mentioned_and_is_a_name() -> None:
    assert mention("octo_acme") == "@octo_acme"
    assert lint("@octo_acme decides.", {"octo_acme"}, set()) == []
    for name in ("octo_acme", "octo-lead_acme", "octo_acme#1003"):
        assert re.fullmatch(LOGIN_PATTERN, name)
    for name in ("_acme", "octo_", "octo acme", "octo.acme"):
        assert not re.fullmatch(LOGIN_PATTERN, name)
