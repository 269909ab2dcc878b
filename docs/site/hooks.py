"""What MkDocs does besides: the navigation comes from docs/index.md, and links out of docs/ lead to the repository.

A page that docs/index.md does not list, and a link that leads nowhere, end the build.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent
ROOT = DOCS.parent
FENCE = re.compile(r"^(?P<indent> *)(?P<marks>`{3,})[^\n]*\n.*?^(?P=indent)(?P=marks) *$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^(#{2,3}) (.+)$")
_ITEM = re.compile(r"^- \[([^\]]+)\]\(([^)]+\.md)\)")
_LINK = re.compile(r"(?<=\]\()(?P<path>[^)#\s:]+)(?P<anchor>#[^)\s]*)?(?=\))")


def on_config(config: Any) -> Any:  # noqa: ANN401 - MkDocs is not installed where types are checked
    """Sets the navigation."""
    config.nav = navigation((DOCS / "index.md").read_text(encoding="utf-8"), decisions())
    return config


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:  # noqa: ANN401, ARG001 - MkDocs' names
    """The page with links that also work outside of the repository. MkDocs itself complains about those that lead nowhere."""
    tree = f"{config.extra['repository']}/{{kind}}/{config.extra['branch']}/{{path}}"
    folder = (DOCS / page.file.src_uri).parent
    text = outside_of_fences(markdown, lambda part: _LINK.sub(lambda link: _address(link, folder, tree), part))
    picture = tree.format(kind="blob", path=f"docs/{page.file.src_uri}")
    return text.replace("```mermaid\n", f"[Open this as a picture]({picture}). Its source:\n\n```text\n")


def navigation(index: str, records: Mapping[str, str]) -> list[Any]:
    """MkDocs' navigation: second-level headings of the index are tabs, third-level ones groups, links pages."""
    tabs: list[Any] = [{"Home": "index.md"}]
    items: list[Any] = []
    for line in index.splitlines():
        if heading := _HEADING.match(line):
            items = []
            (tabs if heading[1] == "##" else next(iter(tabs[-1].values()))).append({heading[2]: items})
        elif item := _ITEM.match(line):
            items.append({item[1]: item[2]})
    if records:
        tabs[-1] = {
            "Decisions": [{"All decisions": "decisions/README.md"}, *({title: path} for path, title in records.items())]
        }
    return tabs


def decisions() -> dict[str, str]:
    """Path and title of every decision record, in order."""
    pages = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    titles = (page.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ").replace("`", "") for page in pages)
    return {f"decisions/{page.name}": title for page, title in zip(pages, titles, strict=True)}


def outside_of_fences(text: str, change: Callable[[str], str]) -> str:
    """The text with everything but its fenced blocks changed."""
    return "".join(part if part.lstrip().startswith("```") else change(part) for part in _parts(text))


def _parts(text: str) -> Iterator[str]:
    end = 0
    for fence in FENCE.finditer(text):
        yield text[end : fence.start()]
        yield fence[0]
        end = fence.end()
    yield text[end:]


def _address(link: re.Match[str], folder: Path, tree: str) -> str:
    target = Path(os.path.normpath(folder / link["path"]))
    if not target.exists() or (target.is_relative_to(DOCS) and target.is_file()):
        return link[0]
    kind = "tree" if target.is_dir() else "blob"
    return tree.format(kind=kind, path=target.relative_to(ROOT).as_posix()) + (link["anchor"] or "")
