"""The commands of a page: those in its fenced blocks and those in its sentences, in the order in which they are read."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGES = {
    file.relative_to(ROOT).as_posix(): file
    for file in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
    if file.name != "CHANGELOG.md" and "decisions" not in file.parts
}
"""Every page that says what to do now. The change log and the decisions tell what was so on a day, and are not rewritten."""

FENCE = re.compile(
    r"^(?P<indent> *)(?P<marks>`{3,})(?P<language>[^\n]*)\n(?P<body>.*?)^(?P=indent)(?P=marks) *$",
    re.DOTALL | re.MULTILINE,
)
_SHELL = frozenset({"", "console", "sh", "bash", "shell"})
_STRICT = frozenset({"sh", "bash", "shell"})
PROGRAMS = frozenset(
    [
        "caddy",
        "cat",
        "cd",
        "curl",
        "docker",
        "gh",
        "git",
        "jq",
        "make",
        "mkdir",
        "nginx",
        "openssl",
        "pip",
        "pip-audit",
        "pipx",
        "podman",
        "python",
        "python3",
        "reassay",
        "rm",
        "ssh",
        "systemctl",
        "uv",
        "uvx",
    ]
)
"""First words that make a line a command, in a block without a language."""
_ASSIGNMENT = re.compile(r"[A-Z][A-Z0-9_]*=\S*")
_SENTENCE = re.compile(r"(?<!`)`(reassay [^`\n]+)`(?!`)")
_HERE = re.compile(r"<<-?\s*'?(\w+)'?")


@dataclass(frozen=True, slots=True)
class PageCommand:
    """One command as the page shows it."""

    page: str
    line: int
    text: str
    in_block: bool
    """In a fenced block: there to be copied. Otherwise in a sentence, where it may be a name only: `reassay import`."""

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True, slots=True)
class Step:
    """One program call of a command: a command with `&&` has several."""

    variables: dict[str, str]
    words: tuple[str, ...]
    to: str | None
    """File that standard output goes to."""


def commands_of(page: str, text: str) -> tuple[PageCommand, ...]:
    """All of a page, in order."""
    rows = [
        row for fence in FENCE.finditer(text) if fence["language"].strip() in _SHELL for row in _in_block(fence, text)
    ]
    outside = FENCE.sub(lambda fence: re.sub(r"[^\n]", " ", fence[0]), text)
    rows += [(_line(outside, match.start()), match[1], False) for match in _SENTENCE.finditer(outside)]
    return tuple(PageCommand(page, *row) for row in sorted(rows))


def slash_commands_of(text: str) -> tuple[str, ...]:
    """Comments of fenced blocks that people are to paste into an issue; not the usage lines, which have `<...>`."""
    blocks = [fence["body"] for fence in FENCE.finditer(text) if fence["language"].strip() in {"", "text"}]
    lines = [line.strip() for body in blocks for line in body.splitlines()]
    return tuple(line for line in lines if line.startswith("/reassay ") and not re.search(r"<\w|\w\|\w|\[", line))


def steps_of(text: str) -> tuple[Step, ...]:
    """What a shell would run. Raises ValueError for what this reads no further than a person would: pipes, loops."""
    words = shlex.split(text, comments=True)
    parts: list[list[str]] = [[]]
    for word in words:
        if word == "&&":
            parts.append([])
        else:
            parts[-1].append(word)
    return tuple(_step(part) for part in parts)


def without_usage_marks(text: str) -> str:
    """A line of usage as a command: `ledger log [PATH]  what it does` is `ledger log`, and of `SEQ|ID` the first is taken."""
    text = re.split(r" {3,}(?!#)", text.strip())[0]
    while (shorter := re.sub(r"\s*\[[^\[\]]*\](?:\.\.\.)?", "", text)) != text:
        text = shorter
    return re.sub(r"(?<=[A-Z])(?:\|[A-Za-z-]+)+", "", text).replace("FILE...", "FILE")


def _step(words: list[str]) -> Step:
    variables: dict[str, str] = {}
    while words and _ASSIGNMENT.fullmatch(words[0]):
        name, _, value = words.pop(0).partition("=")
        variables[name] = value
    to = None
    if len(words) > 2 and words[-2] == ">":
        to, words = words[-1], words[:-2]
    if not words or {"|", ";", "<", ">>", "||"} & set(words):
        raise ValueError("not a plain command")
    return Step(variables, tuple(words), to)


def _in_block(fence: re.Match[str], text: str) -> list[tuple[int, str, bool]]:
    language = fence["language"].strip()
    start = _line(text, fence.start("body"))
    rows: list[tuple[int, str, bool]] = []
    lines = fence["body"].splitlines()
    number = 0
    while number < len(lines):
        at, line = number, lines[number].strip()
        number += 1
        prompted = line.startswith("$ ")
        line = line.removeprefix("$ ")
        if (language == "console" and not prompted) or not line or line.startswith("#"):
            continue
        while line.endswith("\\") and number < len(lines):
            line = f"{line[:-1].rstrip()} {lines[number].strip()}"
            number += 1
        here = _HERE.search(line)
        while here and number < len(lines):
            line += f"\n{lines[number]}"
            number += 1
            if lines[number - 1].strip() == here[1]:
                break
        if prompted or language in _STRICT or _is_command(line):
            rows.append((start + at, line, True))
    return rows


def _is_command(line: str) -> bool:
    words = line.split()
    while words and _ASSIGNMENT.fullmatch(words[0]):
        words.pop(0)
    return bool(words) and words[0] in PROGRAMS


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
