"""The documentation site: every page is in its navigation, it builds strictly, asks nobody for anything, and shows what GitHub shows."""

import functools
import re
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

from docs.screenshots import MOST_BYTES
from docs.site import hooks

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
COUNTED = frozenset({"h1", "h2", "h3", "h4", "li", "pre", "tr", "img", "blockquote"})


def paths(items: list[Any]) -> Iterator[str]:
    for item in items:
        for value in item.values():
            yield from [value] if isinstance(value, str) else paths(value)


def test_every_page_is_in_the_navigation_once() -> None:
    listed = Counter(paths(hooks.navigation((DOCS / "index.md").read_text(encoding="utf-8"), hooks.decisions())))
    assert [path for path, times in listed.items() if times > 1] == []
    assert sorted(listed) == [page.relative_to(DOCS).as_posix() for page in PAGES], "list the page in docs/index.md"


def test_headings_of_the_index_become_tabs_and_groups() -> None:
    index = "# T\n\n[not](listed.md)\n\n## How to\n\n- [Home](h.md): why\n\n### Start\n\n- [A](a.md)\n- [B](b.md): words\n\n## More\n\n- [All](x.md)\n"
    assert hooks.navigation(index, {}) == [
        {"Home": "index.md"},
        {"How to": [{"Home": "h.md"}, {"Start": [{"A": "a.md"}, {"B": "b.md"}]}]},
        {"More": [{"All": "x.md"}]},
    ]
    last = hooks.navigation(index, {"decisions/1.md": "One"})[-1]
    assert last == {"Decisions": [{"All decisions": "decisions/README.md"}, {"One": "decisions/1.md"}]}


def test_links_out_of_the_documentation_lead_to_the_repository() -> None:
    page = SimpleNamespace(file=SimpleNamespace(src_uri="how-to/x.md"))
    config = SimpleNamespace(extra={"repository": "https://git.example/r", "branch": "main"})
    text = "[a](../../README.md#use) [b](../../deploy) [c](recover.md#x) [d](https://x.example) [e](../reference/schema/) [f](#x)\n\n```\n[g](../../README.md)\n```\n"
    assert hooks.on_page_markdown(text, page=page, config=config, files=None) == (
        "[a](https://git.example/r/blob/main/README.md#use) [b](https://git.example/r/tree/main/deploy) [c](recover.md#x) "
        "[d](https://x.example) [e](https://git.example/r/tree/main/docs/reference/schema) [f](#x)\n\n```\n[g](../../README.md)\n```\n"
    )


def test_pictures_are_small_and_shown_with_words() -> None:
    texts = {page: page.read_text(encoding="utf-8") for page in [ROOT / "README.md", *PAGES]}
    shown = {
        (page.parent / place).resolve(): words
        for page, text in texts.items()
        for words, place in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)
    }
    pictures = [picture for picture in (DOCS / "images").iterdir() if picture.suffix in MOST_BYTES]
    assert sorted(picture.name for picture in pictures) == sorted(picture.name for picture in shown)
    assert [picture.name for picture in pictures if picture.stat().st_size > MOST_BYTES[picture.suffix]] == []
    assert all(len(words) > 20 for words in shown.values())


def test_the_workflow_may_read_and_only_publishing_from_main_may_more() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/docs.yml").read_text(encoding="utf-8"))
    jobs = workflow["jobs"]
    assert workflow["permissions"] == {"contents": "read"}
    assert {name: job["permissions"] for name, job in jobs.items() if "permissions" in job} == {
        "publish": {"pages": "write", "id-token": "write"}
    }
    for guarded in (jobs["publish"], jobs["build"]["steps"][-1]):
        assert "github.ref == 'refs/heads/main'" in guarded["if"]
        assert "vars.PUBLISH_DOCS == 'true'" in guarded["if"]
    used = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action) for action in used)
    assert "make site" in [step.get("run") for step in jobs["build"]["steps"]]


class Structure(HTMLParser):
    """Counts what a reader sees, and keeps the addresses that a browser fetches by itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()
        self.fetched: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] += tag in COUNTED
        values = dict(attrs)
        if tag in {"script", "img", "iframe", "source"}:
            self.fetched.append(values.get("src") or "")
        if tag == "link" and "canonical" not in (values.get("rel") or ""):
            self.fetched.append(values.get("href") or "")


@pytest.fixture(scope="module")
def mkdocs() -> Path:
    done = subprocess.run(["make", ".venv-docs/.installed"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"requirements/docs.txt cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    return ROOT / ".venv-docs" / "bin" / "mkdocs"


def build(mkdocs: Path, configuration: Path, to: Path) -> subprocess.CompletedProcess[str]:
    command = [str(mkdocs), "build", "--strict", "-f", str(configuration), "-d", str(to)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"NO_MKDOCS_2_WARNING": "1"})


@pytest.fixture(scope="module")
def built(mkdocs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("site")
    done = build(mkdocs, DOCS / "site" / "mkdocs.yml", to)
    assert done.returncode == 0, done.stderr
    return to


@pytest.mark.long
def test_each_page_of_the_site_shows_what_github_shows_and_fetches_nothing_from_elsewhere(built: Path) -> None:
    """Python's Markdown and GitHub's differ in lists and blocks inside of them: the numbers of what is shown do not."""
    github = MarkdownIt("commonmark").enable("table")
    for source in PAGES:
        name = source.relative_to(DOCS)
        folder = name.parent if source.stem in {"README", "index"} else name.with_suffix("")
        html = (built / folder / "index.html").read_text(encoding="utf-8")
        article = html[html.index("<article") : html.index("</article>")]
        assert Structure(article).counts == Structure(github.render(source.read_text(encoding="utf-8"))).counts, name
        assert [address for address in Structure(html).fetched if re.match(r"[a-z]+:|//", address)] == [], name


@pytest.mark.long
def test_a_link_a_section_or_a_page_that_is_lost_ends_the_build(mkdocs: Path, tmp_path: Path) -> None:
    copied = tmp_path / "docs"
    shutil.copytree(DOCS, copied)
    for name in ("README.md", "CONTRIBUTING.md", "deploy", "examples"):
        (tmp_path / name).symlink_to(ROOT / name)
    page = copied / "how-to" / "recover.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(f"{text}\n[a](nowhere.md) [b](rotate-keys.md#nowhere) [c](../../nowhere.txt)\n", encoding="utf-8")
    (copied / "how-to" / "unlisted.md").write_text("# Unlisted\n", encoding="utf-8")
    done = build(mkdocs, copied / "site" / "mkdocs.yml", tmp_path / "site")
    assert done.returncode != 0
    for lost in ("nowhere.md", "rotate-keys.md#nowhere", "../../nowhere.txt", "unlisted.md"):
        assert re.search(rf"WARNING.*?{re.escape(lost)}", done.stderr, re.DOTALL), done.stderr


@pytest.mark.long
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine")
def test_the_search_finds_a_page_and_asks_nobody_else(built: Path) -> None:
    from playwright.sync_api import sync_playwright

    handler = functools.partial(QuietHandler, directory=str(built))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        own = f"http://127.0.0.1:{server.server_port}/"
        asked: list[str] = []
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
            page = browser.new_page(viewport={"width": 390, "height": 800})
            page.on("request", lambda request: asked.append(request.url))
            page.goto(f"{own}how-to/recover/?q=rotate")
            page.wait_for_selector(".md-search-result__item a[href*='rotate-keys']", state="attached")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            browser.close()
        server.shutdown()
    assert len(asked) > 3
    assert [url for url in asked if not url.startswith((own, f"blob:{own}", "data:"))] == []


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the standard library calls it by
        """Nothing: a test has no log."""
