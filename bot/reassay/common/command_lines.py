"""Command lines of comments: lines of plain text that begin with `/reassay`, not quotes, code or HTML comments.

A line that looks like one and is not read as one is named too, with what is in the way, so that it can be answered.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reassay.common.mail_quotes import own_text

PREFIX = "/reassay"
Obstacle = Literal["list", "heading", "emphasis", "code", "below-quote", "mention", "spelling"]
"""What is in the way of a line: the Markdown around it, or another beginning than `/reassay`."""
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NOT_SAID = "blockquote|q|del|s|strike|pre|code|samp|kbd"
_MARKUP = re.compile(rf"<({_NOT_SAID})\b[^<>]*>.*?(?:</\1\s*>|\Z)|<[a-z][^<>]*>", re.DOTALL | re.IGNORECASE)
"""HTML around what somebody quotes, strikes out or shows as code; and any tag, whose attributes nobody sees."""
_TAG = re.compile(rf"<(?P<end>/?)(?:{_NOT_SAID})\b[^<>]*>", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
"""Also those that do not break, and wide ones, which mail and word processors write."""
_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
)
"""Characters without a width: what a line shows is what it says. Joiners, which letters of some scripts need, are kept."""
_LINE = re.compile(rf"{PREFIX}(?=\s|$)[^\S\n]*(?P<rest>.*)", re.IGNORECASE)
_LIKELY = re.compile(r"re-?ass?[ea]", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?P<mark>\*{1,3}|_{1,3}|~~)(?P<line>/reassay\s.*?)(?P=mark)\W*", re.IGNORECASE)
_SPAN = re.compile(r"`+\s?(?P<line>/reassay\s[^`]*)`+\W*", re.IGNORECASE)
_MENTION = re.compile(r"@reassay[\w\[\]-]*[:,]?\s+/?(?P<rest>\S.*)", re.IGNORECASE)
_SPELLING = re.compile(
    r"(?:[/\\\uff0f]\s?){1,2}re-?as+[ae]s*y?s?[:,]?(?:\s+(?P<rest>.*))?|/reassay-(?P<verb>.+)", re.IGNORECASE
)
"""`/re-assess`, `/ reassay`, a wide slash, `/reassay:` and the like."""
_QUOTE_MARK = re.compile(r"\s*>")


@dataclass(frozen=True, slots=True)
class UnheardLine:
    """A line that looks like a command and is not read as one."""

    words: str
    """The words after `/reassay` in any of its forms."""
    obstacle: Obstacle
    is_alone: bool
    """Whether the comment says nothing besides such lines and commands, so that it cannot be talk about commands."""


def command_lines(body: str) -> tuple[str, ...]:
    """The text after `/reassay` of each command line, in order.

    Only paragraphs at the top level count, not quotes (of Markdown with their lazy lines, or of HTML), lists, fences, indented
    code, HTML blocks or headings (https://spec.commonmark.org); nor what a mail programme quotes. Lines above `--`, as mail
    puts it before a signature, are a heading for Markdown and a paragraph for whoever wrote them. White space around and
    between words never matters, whatever its kind.
    """
    return _read(body)[0] if _LIKELY.search(body.translate(_INVISIBLE)) else ()


def unheard_lines(body: str) -> tuple[UnheardLine, ...]:
    """Lines that look like commands and are none, in order. Nothing is looked for in quotes, or in code beside other text."""
    return _read(body)[1] if _LIKELY.search(body.translate(_INVISIBLE)) else ()


def has_command_lines(body: str) -> bool:
    """Whether a comment has a line that may need an answer: a command, or what looks like one."""
    return any(_read(body)) if _LIKELY.search(body.translate(_INVISIBLE)) else False


def _read(body: str) -> tuple[tuple[str, ...], tuple[UnheardLine, ...]]:
    text = own_text(body.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n"))
    commands: list[str] = []
    unheard: list[tuple[str, Obstacle]] = []
    talk = False
    for where, token in _blocks(_markdown().parse(text)):
        if where == "quote":
            unheard += [(words, "below-quote") for words in _below_quote(token, text)]
            continue
        found = _commands(token.content) if where == "plain" else []
        commands += found
        others = _unheard(token, where)
        unheard += others
        lines = [line for line in _COMMENT.sub("", token.content).split("\n") if line.strip()]
        talk |= len(lines) > len(found) + len(others)
    return tuple(commands), tuple(UnheardLine(words, obstacle, is_alone=not talk) for words, obstacle in unheard)


@cache
def _markdown() -> MarkdownIt:
    """Making a parser takes longer than most comments. Its rules are compiled before another thread can use it."""
    parser = MarkdownIt("commonmark").enable("table")
    parser.parse("x")
    return parser


_Where = Literal["plain", "list", "heading", "code", "quote", "other"]


def _blocks(tokens: list[Token]) -> Iterator[tuple[_Where, Token]]:
    """Each block with text, and where it is."""
    within: list[str] = []
    open_tags = 0
    for before, token in pairwise([Token("", "", 0), *tokens]):
        if token.nesting > 0:
            within.append(token.type)
        elif token.nesting < 0:
            within.pop()
        is_quoted, in_list = "blockquote_open" in within, "list_item_open" in within
        if token.type == "inline" and open_tags:
            yield "other", token
        elif token.type == "inline":
            yield _where(before, is_quoted=is_quoted, in_list=in_list), token
        elif token.type in {"fence", "code_block", "html_block"} and not is_quoted:
            yield "other" if token.type == "html_block" or in_list or open_tags else "code", token
        if token.type == "html_block":
            for tag in _TAG.finditer(_COMMENT.sub("", token.content)):
                open_tags = max(0, open_tags + (-1 if tag["end"] else 1))


def _where(opening: Token, *, is_quoted: bool, in_list: bool) -> _Where:
    if is_quoted:
        return "quote"
    if in_list:
        return "list"
    if opening.type == "paragraph_open" or (opening.type == "heading_open" and opening.markup in {"-", "="}):
        return "plain"
    return "heading" if opening.type == "heading_open" else "other"


def _commands(content: str) -> list[str]:
    return [_tidy(match["rest"]) for _, match in _visible(content) if match]


def _visible(content: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """The lines of a paragraph, each with its command. A span across lines can hide the start of a line."""
    outside = _MARKUP.sub(_blank, _COMMENT.sub(_blank, _CODE_SPAN.sub(_blank, content)))
    for seen, written in zip(outside.split("\n"), content.split("\n"), strict=True):
        match = _LINE.match(written.lstrip())
        is_hidden = not seen.lstrip().lower().startswith(PREFIX)
        yield written.strip(), None if is_hidden else match


def _unheard(token: Token, where: _Where) -> list[tuple[str, Obstacle]]:
    if where in {"list", "heading"}:
        obstacle: Obstacle = "list" if where == "list" else "heading"
        return [(words, obstacle) for words in _commands(_without_box(token.content))]
    if where == "code":
        lines = [line.strip() for line in token.content.split("\n") if line.strip()]
        matches = [_LINE.match(line) for line in lines]
        return [(_tidy(match["rest"]), "code") for match in matches if match]
    return list(_other_beginnings(token.content)) if where == "plain" else []


def _without_box(content: str) -> str:
    return re.sub(r"^\[[ xX]\]\s+", "", content)


def _other_beginnings(content: str) -> Iterator[tuple[str, Obstacle]]:
    """Lines of a paragraph that begin otherwise than with `/reassay`."""
    for line, match in _visible(content):
        if match or _LINE.match(line):
            continue
        if marked := _EMPHASIS.fullmatch(line):
            yield _tidy(marked["line"][len(PREFIX) :]), "emphasis"
        elif span := _SPAN.fullmatch(line):
            yield _tidy(span["line"][len(PREFIX) :]), "code"
        elif mention := _MENTION.fullmatch(line):
            yield _tidy(mention["rest"]), "mention"
        elif spelled := _SPELLING.fullmatch(line):
            yield _tidy(spelled["rest"] or spelled["verb"] or ""), "spelling"


def _below_quote(token: Token, text: str) -> Iterator[str]:
    """Lines at the margin that Markdown counts to the quote above them, because no blank line is between."""
    first, last = token.map or (0, 0)
    for line in text.split("\n")[first:last]:
        match = None if _QUOTE_MARK.match(line) else _LINE.match(line.lstrip())
        if match:
            yield _tidy(match["rest"])


def _tidy(words: str) -> str:
    return _SPACES.sub(" ", words).strip()


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])
