"""Tables of requirements in Markdown chapters, as OWASP publishes its verification standards."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from reassay.imports.documents import DocumentEntry
from reassay.imports.markdown_text import Heading, headings, table_cells, without_emphasis
from reassay.imports.recipes.base import title_and_text

_NUMBER = re.compile(r"\d+(?:\.\d+){2,3}")
_VERSION = re.compile(r"\d+(?:\.\d+)*")
_SECTION = re.compile(r"[A-Z]{0,2}\d+(?:\.\d+)*(?=\s)")


class RequirementRow(NamedTuple):
    """One requirement: its number, text and level, and the section that it is in."""

    number: str
    text: str
    level: str
    section: str
    """`C2.1: Prompt injection defences`."""
    place: str


def requirements(path: str, text: str) -> Iterator[RequirementRow]:
    """The requirements of a chapter, in order."""
    sections = {heading.line: heading for heading in headings(text)}
    section = ""
    for number, line in enumerate(text.split("\n")):
        if number in sections:
            section = _section(sections[number])
        cells = [without_emphasis(cell) for cell in table_cells(line)]
        if len(cells) > 1 and _NUMBER.fullmatch(cells[0]):
            level = cells[2] if len(cells) > 2 else ""  # noqa: PLR2004 -- number, text and level
            yield RequirementRow(cells[0], cells[1], level, section, f"{path}:{number + 1}")


def _section(heading: Heading) -> str:
    code = _SECTION.match(heading.text)
    return f"{code[0]}: {heading.text[code.end() :].strip()}" if code else heading.text


def newest(folders: Iterator[str] | tuple[str, ...]) -> str:
    """The folder whose name is the highest version, without `-dev` and the like; "" if there is none."""
    versions = {folder for folder in folders if _VERSION.fullmatch(folder)}
    return max(versions, key=lambda folder: [int(part) for part in folder.split(".")], default="")


def entry_of(row: RequirementRow, identity: str, published: str) -> DocumentEntry:
    """A requirement as an entry with the keys of the recipes for verification standards."""
    title, text = title_and_text(row.text)
    data = {
        "id": identity,
        "requirement": title,
        "whole requirement": text,
        "level": row.level,
        "section": row.section,
        "published as": published,
    }
    return DocumentEntry(row.place, {key: value for key, value in data.items() if value})
