"""Judges what the bot sends: everything GitHub would let pass and a careful reader would not."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token as MarkdownToken

from reassay_sandbox.state import Repo, Store, User
from reassay_sandbox.traffic import SandboxRequest

_HTML_ALLOWED = re.compile(r"</?(?:details|summary|sub|kbd|br)\s*/?>|<!--.*?-->", re.DOTALL)
_MENTION = re.compile(r"(?<![A-Za-z0-9`/])@([A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)")
_REFERENCE = re.compile(r"(?<![A-Za-z0-9&/])#(\d+)\b")
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
"""A code span: an interval that ends in `-->` opens and closes no comment."""
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_LEFTOVER = re.compile(r"\bNone\b|\bUndefined\b|\{\{|\{%")


@dataclass(slots=True)
class Judge:
    """Collects complaints; a test that expects none fails on any."""

    store: Store
    complaints: list[str] = field(default_factory=list)

    def say(self, complaint: str) -> None:
        """One more."""
        self.complaints.append(complaint)

    def keys(self, request: SandboxRequest, data: Collection[str], accepted: tuple[str, ...]) -> None:
        """Keys that GitHub's description does not have."""
        for key in set(data) - set(accepted):
            self.say(f"{request.method} {request.path}: GitHub knows no '{key}'")

    def markdown(self, repo: Repo, author: User, body: str, where: str) -> None:
        """What a bot posts is read closely; people may write what they like."""
        if author.is_bot and body:
            for fault in lint(body, {user.login.lower() for user in self.store.users.values()}, set(repo.issues)):
                self.say(f"{where}: {fault}")


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def lint(body: str, logins: Collection[str], issues: Collection[int]) -> list[str]:
    """What is wrong with a piece of Markdown as GitHub shows it."""
    complaints = []
    bare = _CODE.sub("", body)
    if bare.count("<!--") != bare.count("-->"):
        complaints.append("an HTML comment is not closed")
    if _BIDI.search(body):
        complaints.append("bidirectional control characters")
    if "\n\n\n\n" in body.replace("\r", ""):
        complaints.append("three blank lines in a row")
    tokens = _markdown().parse(body)
    for token in tokens:
        complaints += _token(token, logins, issues)
    if re.search(r"^\|[ -:|]+\|$", body, re.MULTILINE) and not any(token.type == "table_open" for token in tokens):
        complaints.append("a table that does not show as one")
    return complaints


def _token(token: MarkdownToken, logins: Collection[str], issues: Collection[int]) -> list[str]:
    complaints = [f"raw HTML {rest!r}" for rest in [_html(token)] if rest]
    for child in token.children or []:
        if child.type == "html_inline" and _html(child):
            complaints.append(f"raw HTML {child.content!r}")
        if child.type == "link_open" and not re.match(r"https?://|[#/.]", str(child.attrGet("href") or "")):
            complaints.append(f"a link to {child.attrGet('href')!r}")
        if child.type == "text":
            complaints += _text(child.content, logins, issues)
    return complaints


def _html(token: MarkdownToken) -> str:
    if token.type not in {"html_block", "html_inline"}:
        return ""
    # What is left of the tags; the text between them is fine.
    return " ".join(re.findall(r"<[^>]*>?", _HTML_ALLOWED.sub("", token.content)))


def _text(text: str, logins: Collection[str], issues: Collection[int]) -> list[str]:
    complaints = [f"@{name} is nobody" for name in _MENTION.findall(text) if name.lower() not in logins]
    complaints += [f"#{number} does not exist" for number in _REFERENCE.findall(text) if int(number) not in issues]
    return complaints + [f"left over: {left!r}" for left in _LEFTOVER.findall(text)]
