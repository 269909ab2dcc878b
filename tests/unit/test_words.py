"""The words of the product: messages, help and templates avoid phrases that readers who are not native speakers stumble over.

The list has only what a program can tell; a better sentence for each is in the comment beside it. Texts that a ledger keeps as
they were recorded, such as problems of result files, stay as they are, so that the same file gives the same bytes.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REASSAY = ROOT / "bot" / "reassay"
TEMPLATES = ROOT / "templates"

STUMBLING = {
    "anew": r"\banew\b",  # again
    "afresh": r"\bafresh\b",  # again, restart
    "mend": r"\bmend(s|ed)?\b",  # fix
    "by itself": r"\bby (itself|themselves)\b",  # automatically, or who does it
    "nobody who": r"\bnobody who\b",  # name who does it
    "so long as": r"\bso long as\b",  # while
    "past the gate": r"\b(past|passed by) (the|its) gate\b",  # bypassed the merge gate
    "all the same": r"\ball the same\b",  # still
    "goes on": r"\b(goes|going) on\b",  # continues
    "for ever": r"\bfor ever\b",  # forever
    "whoever": r"\bwhoever\b(?! maintains)",  # the person who, people who
    "counts no more": r"\bcounts no (more|longer)\b",  # no longer counts
    "needs whom": r"\bneeds whom\b",  # who has to do what
    "not looked at": r"\bnot looked at\b",  # not checked, not read
    "it is no": r"\b([Ii]t|[Tt]his|which|that|and|line|file) is no (?!longer\b|more\b)[a-z]",  # is not a
    "stands twice": r"\bstands? (twice|in the)\b",  # is given twice, is in the
    "What ... is": r"(?:^|[.!] |\*\*)What (?!if\b)[^.?:]*\b(is|are|was|were|has|have|counts?|cannot)\b[^?:]*[.;]",  # name the thing
}
"""Phrase -> the pattern that finds it in a text for people."""

RECORDED = (
    "assessment/incident_rates/words.py",
    "evidence/cell_coverage.py",
    "evidence/kinds/",
    "evidence/readers/",
    "signals/fetching/bodies.py",
    "signals/sources/",
    "sweep/signal_sources.py",
)
"""Files whose texts go into the ledger: reasons of triggers, verdicts on criteria, problems of results and of sources."""
QUOTED = ("commitment-sets/eu-code-of-practice.yml",)
"""Templates with the words of a source."""


def texts_of(file: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each string literal with a blank in it that is not a docstring; parts of f-strings are joined."""
    tree = ast.parse(file.read_text("utf-8"))
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left_out.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values}
            parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
            yield node.lineno, "".join(map(str, parts))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in left_out
            and " " in node.value
        ):
            yield node.lineno, node.value


def lines_of(template: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each line of a template, without its tags."""
    for number, line in enumerate(template.read_text("utf-8").splitlines(), 1):
        yield number, re.sub(r"\{%.*?%\}|<[^>]*>", "", re.sub(r"\{\{.*?\}\}", "…", line)).strip()


def stumbling_texts(name: str, texts: Iterator[tuple[int, str]]) -> list[str]:
    """A line for each phrase of the list that a file has."""
    return [
        f"{name}:{line}: {phrase}: {text.strip()[:120]}"
        for line, text in texts
        for phrase, pattern in STUMBLING.items()
        if re.search(pattern, text)
    ]


@pytest.mark.parametrize(
    "room", sorted(folder.name for folder in REASSAY.iterdir() if (folder / "__init__.py").exists())
)
def test_messages_say_it_plainly(room: str) -> None:
    files = sorted((REASSAY / room).rglob("*.py"))
    names = {file: str(file.relative_to(REASSAY)) for file in files}
    assert [
        line
        for file, name in names.items()
        if not name.startswith(RECORDED)
        for line in stumbling_texts(name, texts_of(file))
    ] == []


def test_templates_say_it_plainly() -> None:
    templates = [
        file
        for file in sorted(TEMPLATES.rglob("*"))
        if file.suffix in {".j2", ".yml"} and not str(file).endswith(QUOTED)
    ]
    found = [line for file in templates for line in stumbling_texts(str(file.relative_to(TEMPLATES)), lines_of(file))]
    assert found == []
    assert len(templates) > 50


@pytest.mark.parametrize(
    "text",
    [
        "What cannot be read is never due.",
        "Run it anew.",
        "it comes by itself",
        "this is no git repository.",
        "it is recorded and counts no longer",
    ],
)
def test_the_list_finds_what_it_is_for(text: str) -> None:
    assert stumbling_texts("file", iter([(1, text)]))


@pytest.mark.parametrize(
    "text", ["What changed since then?", "it is no longer due", "What if they sign off", "there is no such file"]
)
def test_questions_and_plain_sentences_pass(text: str) -> None:
    assert stumbling_texts("file", iter([(1, text)])) == []
