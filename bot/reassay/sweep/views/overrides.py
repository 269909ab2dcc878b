"""A repository's own words: plain `{{name}}` substitution in Markdown, never Jinja, never code.

Files are `.github/reassay/<block>.md` on the default branch. Every value put in is inert; a file that names an unknown
value or carries this bot's markers is refused with a finding, and the default words are used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reassay.common.inert import Markdown, inert
from reassay.register.finding import Finding, FindingSeverity, Position, did_you_mean

FOLDER: Final = ".github/reassay"
BLOCKS: Final = ("issue-introduction", "issue-how-to-go-on", "reminder", "record")
"""What may be said in other words."""
NAMES: Final = ("deciders", "depth", "driver", "due", "mitigation", "reassessment", "timezone", "title")
LARGEST: Final = 20_000
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z0-9_-]+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Overrides:
    """The usable ones, and what is wrong with the others."""

    blocks: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def block(self, name: str, values: Mapping[str, str], default: str) -> Markdown:
        """The repository's words for a block, or the default ones."""
        own = self.blocks.get(name)
        if own is None:
            return Markdown(default)
        return Markdown(_PLACEHOLDER.sub(lambda match: _value(values[match[1]]), own).strip())


def _value(value: str) -> str:
    return value if isinstance(value, Markdown) else inert(value)


def read_overrides(files: Mapping[str, bytes]) -> Overrides:
    """Judges the files of the folder, by path."""
    blocks: dict[str, str] = {}
    findings: list[Finding] = []
    for path, data in sorted(files.items()):
        name = path.removeprefix(f"{FOLDER}/").removesuffix(".md")
        found = _judge(path, name, data)
        findings += found
        if not found:
            blocks[name] = data.decode()
    return Overrides(blocks, tuple(findings))


def _judge(path: str, name: str, data: bytes) -> list[Finding]:
    if name not in BLOCKS:
        remedy = did_you_mean(name, BLOCKS) or f"Blocks are {', '.join(BLOCKS)}."
        return [_finding(path, 1, "unknown-template-block", f"'{name}' is no block of words", remedy)]
    if len(data) > LARGEST:
        return [_finding(path, 1, "template-too-large", f"{len(data)} bytes are too many", f"Keep it to {LARGEST}.")]
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return [_finding(path, 1, "not-utf-8", "the file is not UTF-8 text", "Save it as UTF-8.")]
    return [finding for number, line in enumerate(text.splitlines(), 1) for finding in _judge_line(path, number, line)]


def _judge_line(path: str, number: int, line: str) -> list[Finding]:
    if "<!-- reassay:" in line:
        return [_finding(path, number, "template-marker", "this is one of the bot's own markers", "Remove it.")]
    if "{%" in line or "{#" in line:
        text = "this reads like a template language; only {{name}} is replaced"
        return [_finding(path, number, "template-logic", text, "Write plain Markdown.")]
    unknown = [match[1] for match in _PLACEHOLDER.finditer(line) if match[1] not in NAMES]
    return [
        _finding(
            path,
            number,
            "unknown-template-name",
            f"nothing is called '{name}'",
            did_you_mean(name, NAMES) or f"Names are {', '.join(NAMES)}.",
        )
        for name in unknown
    ]


def _finding(path: str, line: int, code: str, message: str, remedy: str) -> Finding:
    return Finding(
        Position(path, line), code, message, f"{remedy} Until then the default words are used.", FindingSeverity.WARNING
    )
