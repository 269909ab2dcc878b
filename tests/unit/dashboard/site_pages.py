"""Pages of a dashboard, parsed."""

import posixpath
from dataclasses import dataclass, field
from html.parser import HTMLParser

from reassay.dashboard.site import HTML, Site
from reassay.dashboard.values import Dashboard

VOID = frozenset({"meta", "link", "img", "br", "input", "area", "hr"})


@dataclass
class ParsedPage(HTMLParser):
    """Tags with attributes, ids, addresses, headings and text of one page."""

    path: str
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    script: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), (self.path, tag, attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (self.path, tag)

    def handle_data(self, data: str) -> None:
        (self.script if self.open and self.open[-1] in {"script", "style"} else self.text).append(data)

    @property
    def words(self) -> str:
        """The text with single spaces."""
        return " ".join(" ".join(self.text).split())

    @property
    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.tags if "id" in attributes]

    def values(self, *names: str) -> list[str]:
        """The values of attributes."""
        return [value or "" for _, attributes in self.tags for name, value in attributes.items() if name in names]

    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]

    def linked(self) -> list[tuple[str, str]]:
        """Path and fragment of each relative address; a fragment with `=` is what cells are filtered by."""
        links = []
        for address in self.values("href", "src", "action"):
            if ":" in address.partition("/")[0]:
                continue
            target, _, fragment = address.partition("#")
            folder = posixpath.dirname(self.path)
            links.append((posixpath.normpath(posixpath.join(folder, target)) if target else self.path, fragment))
        return links


def parsed(path: str, content: bytes) -> ParsedPage:
    page = ParsedPage(path)
    page.feed(content.decode())
    page.close()
    assert page.open == [], path
    return page


def site_of(dashboard: Dashboard, *, has_pictures: bool = False) -> Site:
    """The site, without pictures if nothing else is said: drawing them takes seconds."""
    return Site(dashboard, has_pictures=has_pictures)


def html_pages(site: Site) -> dict[str, ParsedPage]:
    """Every page by its path."""
    pages = {}
    for path in site.paths():
        if path.endswith(".html"):
            file = site.file(path)
            assert file is not None
            assert (file.path, file.media_type) == (path, HTML)
            pages[path] = parsed(path, file.content)
    return pages
