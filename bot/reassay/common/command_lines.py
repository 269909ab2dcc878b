"""Command lines of comments: lines of plain text that begin with `/reassay`, not quotes, code or HTML comments."""

import re
from itertools import pairwise

from markdown_it import MarkdownIt

from reassay.common.mail_quotes import own_text

PREFIX = "/reassay"
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SPACES = re.compile(r"[^\S\n]")
"""Also those that do not break, which mail and word processors write."""
_LINE = re.compile(rf"{PREFIX}(?=\s|$)[^\S\n]*(?P<rest>.*)", re.IGNORECASE)


def command_lines(body: str) -> tuple[str, ...]:
    """The text after `/reassay` of each command line, in order.

    Only paragraphs at the top level count, not block quotes (with their lazy lines), lists, fences, indented code, HTML
    blocks or headings (https://spec.commonmark.org); nor what a mail programme quotes. Lines above `--`, as mail puts it before
    a signature, are a heading for Markdown and a paragraph for whoever wrote them.
    """
    if PREFIX not in body.lower():
        return ()
    tokens = MarkdownIt("commonmark").enable("table").parse(own_text(body.replace("\r\n", "\n")))
    commands: list[str] = []
    for before, token in pairwise(tokens):
        is_paragraph = before.type == "paragraph_open" or (
            before.type == "heading_open" and before.markup in {"-", "="}
        )
        if is_paragraph and before.level == 0 and token.type == "inline":
            commands += _in_paragraph(token.content)
    return tuple(commands)


def has_command_lines(body: str) -> bool:
    """Whether a comment has a command line."""
    return bool(command_lines(body))


def _in_paragraph(content: str) -> list[str]:
    outside = _COMMENT.sub(_blank, _CODE_SPAN.sub(_blank, content))
    # A span across lines can hide the start of a line; else the line is read as written.
    return [
        _SPACES.sub(" ", match["rest"]).strip()
        for seen, written in zip(outside.split("\n"), content.split("\n"), strict=True)
        if (match := _LINE.match(written)) and seen.lower().startswith(PREFIX)
    ]


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])
