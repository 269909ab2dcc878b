"""A repository's own words: plain `{{name}}` substitution in Markdown, never Jinja, never code.

Files are `.github/reassay/<block>.md` on the default branch. Every value put in is inert; a file that names an unknown
value or carries this bot's markers is refused with a finding, and the default words are used. What a repository writes is
shown as a quotation under a heading, so that nobody takes it for what the bot says of a decision.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from reassay.common.inert import JOINER, Markdown, inert
from reassay.register.finding import Finding, FindingSeverity, Position, did_you_mean

FOLDER: Final = ".github/reassay"
BLOCKS: Final = ("issue-introduction", "issue-how-to-go-on", "reminder", "record")
"""Blocks of text that a repository may add to or replace."""
HEADING: Final = "**Words of this framework:**"
"""The line above a repository's own words."""
NAMES: Final = ("deciders", "depth", "driver", "due", "mitigation", "reassessment", "timezone", "title")
LARGEST: Final = 20_000
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z0-9_-]+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Overrides:
    """Valid templates of a repository, and findings about the others."""

    blocks: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def block(self, name: str, values: Mapping[str, str]) -> Markdown:
        """The repository's text for a block, quoted under its heading; empty without one."""
        own = self.blocks.get(name)
        if own is None:
            return Markdown("")
        text = _PLACEHOLDER.sub(lambda match: _value(values[match[1]]), own).strip()
        return Markdown(f"{HEADING}\n\n{_quotation(text)}") if text else Markdown("")

    def below(self, name: str, values: Mapping[str, str], facts: str) -> Markdown:
        """The bot's own text with the repository's below it: own words never take the place of what is recorded."""
        own = self.block(name, values)
        return Markdown(f"{facts.rstrip()}\n\n{own}" if own else facts)


def _quotation(text: str) -> str:
    """Markdown as a quotation: every line is quoted, and none opens HTML, which could hide or fold what follows it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("<", f"<{JOINER}").split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _value(value: str) -> str:
    return value if isinstance(value, Markdown) else inert(value)


def read_overrides(files: Mapping[str, bytes], links: Iterable[str] = ()) -> Overrides:
    """Reads the templates of the folder, by path. `links` are those that are not files themselves; they are not followed."""
    blocks: dict[str, str] = {}
    findings: list[Finding] = [
        _finding(path, 1, "template-link", "a template cannot be a link or a submodule", "Put the file itself here.")
        for path in sorted(links)
    ]
    for path, data in sorted(files.items()):
        name = path.removeprefix(f"{FOLDER}/").removesuffix(".md")
        own = _judge(path, name, data)
        findings += own
        if not own:
            blocks[name] = data.decode()
    return Overrides(blocks, tuple(findings))


def _judge(path: str, name: str, data: bytes) -> list[Finding]:
    if name not in BLOCKS:
        remedy = did_you_mean(name, BLOCKS) or f"Templates are {', '.join(BLOCKS)}."
        return [_finding(path, 1, "unknown-template-block", f"'{name}' is not the name of a template", remedy)]
    if len(data) > LARGEST:
        return [
            _finding(
                path, 1, "template-too-large", f"the template has {len(data)} bytes", f"Shorten it to {LARGEST} bytes."
            )
        ]
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return [_finding(path, 1, "not-utf-8", "the file is not UTF-8 text", "Save it as UTF-8.")]
    return [finding for number, line in enumerate(text.splitlines(), 1) for finding in _judge_line(path, number, line)]


def _judge_line(path: str, number: int, line: str) -> list[Finding]:
    if "<!-- reassay:" in line:
        return [_finding(path, number, "template-marker", "this line has one of the bot's own markers", "Remove it.")]
    if "{%" in line or "{#" in line:
        text = "template logic is not supported; only {{name}} is replaced"
        return [_finding(path, number, "template-logic", text, "Write plain Markdown.")]
    unknown = [match[1] for match in _PLACEHOLDER.finditer(line) if match[1] not in NAMES]
    return [
        _finding(
            path,
            number,
            "unknown-template-name",
            f"'{name}' is not a placeholder",
            did_you_mean(name, NAMES) or f"Placeholders are {', '.join(NAMES)}.",
        )
        for name in unknown
    ]


def _finding(path: str, line: int, code: str, message: str, remedy: str) -> Finding:
    return Finding(
        Position(path, line), code, message, f"{remedy} Until then the default text is used.", FindingSeverity.WARNING
    )
