"""Markdown as GitHub shows it, made safe."""

import re
from collections.abc import Collection
from urllib.parse import urljoin

import nh3
from linkify_it import LinkifyIt  # type: ignore[import-untyped]  # the package has no types
from linkify_it.main import Match  # type: ignore[import-untyped]  # same
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.tasklists import tasklists_plugin

_TAGS = {
    *(
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "details",
        "em",
        "hr",
        "img",
        "input",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "s",
    ),
    *("h1", "h2", "h3", "h4", "h5", "h6", "strong", "sub", "summary", "sup", "ul"),
    *("table", "tbody", "td", "th", "thead", "tr"),
}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "input": {"type", "checked", "disabled"},
    "li": {"class"},
    "ul": {"class"},
    "code": {"class"},
    "td": {"style"},
    "th": {"style"},
}
_MENTION = re.compile(r"(?<![A-Za-z0-9/`>=\"-])@([A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)")
_REFERENCE = re.compile(r"(?<![A-Za-z0-9&/\"=])#(\d+)\b")
_SOURCE = re.compile(r'(<img[^>]*? src=)"(?![a-z]+:|/|#)([^"]*)"')
_TARGET = re.compile(r'(<a[^>]*? href=)"(?![a-z]+:|/|#)([^"]*)"')
"""Relative addresses of pictures and links."""
_CODE = re.compile(r"(<(?:code|pre|a)\b.*?</(?:code|pre|a)>|<[^>]*>)", re.DOTALL)


class GitHubLinks(LinkifyIt):  # type: ignore[misc] # the package has no types
    """Links what GitHub's autolinks are: addresses with a scheme or `www.`, and e-mail; `refused.at` is a word."""

    def match(self, text: str) -> list[Match] | None:
        """The links of a text; None without one."""
        matches = super().match(text) or []
        return [link for link in matches if link.schema or link.raw.lower().startswith("www.")] or None


def to_html(text: str, logins: Collection[str], repository: str) -> Markup:
    """Tables, task lists, details, autolinks of accounts and issues; scripts and the like are gone."""
    parser = MarkdownIt("commonmark", {"linkify": True, "html": True, "breaks": True}).enable(
        ["table", "strikethrough", "linkify"]
    )
    parser.linkify = GitHubLinks()
    html = parser.use(tasklists_plugin).render(text)
    safe = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"}, strip_comments=True
    )
    parts = _CODE.split(safe)
    # Between tags only: what is code or a link already stays as it is.
    linked = [part if index % 2 else _link(part, logins, repository) for index, part in enumerate(parts)]
    return Markup("".join(linked))  # noqa: S704 - nh3 has just cleaned it


def readme_html(text: str, logins: Collection[str], repository: str, reference: str) -> Markup:
    """A README as GitHub shows it below a folder: pictures are those beside it, and links are relative to the file."""
    html = str(to_html(text, logins, repository))
    html = _SOURCE.sub(lambda match: f'{match[1]}"{urljoin(f"{repository}/raw/{reference}/", match[2])}"', html)
    html = _TARGET.sub(lambda match: f'{match[1]}"{urljoin(f"{repository}/blob/{reference}/", match[2])}"', html)
    return Markup(html)  # noqa: S704 - cleaned, and only addresses below the repository were put in


def _link(text: str, logins: Collection[str], repository: str) -> str:
    def mention(match: re.Match[str]) -> str:
        is_login = match[1].lower() in logins
        return f'<a class="mention" href="/{match[1]}">@{match[1]}</a>' if is_login else match[0]

    return _REFERENCE.sub(rf'<a href="{repository}/issues/\1">#\1</a>', _MENTION.sub(mention, text))
