"""The bot's section of an issue's body. Text of people around it is kept."""

import re
from dataclasses import dataclass

from reassay.common.inert import Markdown

_BEGIN = "<!-- reassay:begin {reassessment} {nonce} -->"
_BEGIN_ANY = re.compile(r"<!-- reassay:begin (?P<reassessment>\S+) (?P<nonce>[0-9a-f]+) -->")
_END = "<!-- reassay:end -->"
_ITEM = re.compile(r"^- \[(?P<tick>[ xX])\] (?P<rest>.*<!-- item:(?P<id>[a-z0-9:-]+) -->)[^\S\n]*$", re.MULTILINE)
_LEDGER = re.compile(r"\n<!-- reassay:ledger (?P<repository>[0-9]{1,20}) (?P<anchor>[0-9]+:[0-9a-f]+) -->")
_COMMENT = re.compile(r"\A<!-- reassay:comment (?P<key>[A-Za-z0-9:.-]+) -->")
_LEDGER_MARKER = 200
"""Characters that the marker of an anchor takes at most."""
LIMIT = 65_536
"""Characters that GitHub accepts for one body."""


@dataclass(frozen=True, slots=True)
class Section:
    """The bot's section of an issue's body, between two markers."""

    reassessment: str
    nonce: str
    text: str
    ledger: str = ""
    """The marker of an anchor of the ledger; empty without one."""

    def within(self, room: int) -> str:
        """The section with its markers, in at most `room` characters; the markers alone where there is no room for more."""
        begin = _BEGIN.format(reassessment=self.reassessment, nonce=self.nonce) + self.ledger
        return f"{begin}\n{shorten(self.text, room - len(begin) - len(_END) - 2)}\n{_END}"

    @property
    def least(self) -> int:
        """Characters of the section without any text."""
        return len(self.within(0))


def nonces(body: str) -> tuple[str, ...]:
    """Nonces of the sections in a body. A second or a foreign nonce comes from a copy."""
    return tuple(match["nonce"] for match in _BEGIN_ANY.finditer(body))


def merge(current: str, section: Section) -> str:
    """The body `current` with its section replaced by `section`; text and ticks of people are kept.

    Without both markers the section comes first, and the rest of the body stays below it.
    """
    text = current.replace("\r\n", "\n")
    start = _BEGIN_ANY.search(text)
    end = text.find(_END, start.end()) if start else -1
    if start is None or end < 0:
        rest = _BEGIN_ANY.sub("", text).replace(_END, "").strip()
        below = f"\n\n{rest}" if rest else ""
        # Of a body that people filled to the last character nothing is taken away: then the section has to wait.
        return section.within(LIMIT - len(below)) + below if section.least + len(below) <= LIMIT else text
    before, old, after = text[: start.start()], text[start.start() : end], text[end + len(_END) :]
    if len(before) + section.least + len(after) > LIMIT:
        return text
    return before + _carry_ticks(old, section.within(LIMIT - len(before) - len(after))) + after


def _carry_ticks(old: str, new: str) -> str:
    ticked = {match["id"] for match in _ITEM.finditer(old) if match["tick"] in "xX"}

    def keep(match: re.Match[str]) -> str:
        return f"- [{'x' if match['id'] in ticked else ' '}] {match['rest']}"

    return _ITEM.sub(keep, new)


def shorten(text: str, room: int, where: str = "`reassay status`") -> str:
    """`text` in at most `room` characters, cut at the end of a line, with a notice if it was cut; empty without any room.

    `where` is the command that shows all of it.
    """
    if len(text) <= room:
        return text
    notice = f"\n\n… (the rest does not fit in here; {where} shows it)"
    if room < len(notice):
        return notice.strip()[: max(0, room)]
    return text[: room - len(notice)].rsplit("\n", 1)[0] + notice


def same(first: str, second: str) -> bool:
    """Whether two bodies are equal apart from line ends and outer blanks, which GitHub and its editor change."""
    return first.replace("\r\n", "\n").strip() == second.replace("\r\n", "\n").strip()


def keyed(key: str, text: str) -> Markdown:
    """A comment of the bot, with a marker that holds its key, and with room for the marker of an anchor."""
    marker = f"<!-- reassay:comment {key} -->\n"
    return Markdown(f"{marker}{shorten(text, LIMIT - len(marker) - _LEDGER_MARKER)}")


def ledger_marker(repository: int, anchor: str) -> str:
    """The marker of an anchor, with the repository's id, because GitHub can transfer an issue; empty without an anchor."""
    return f"\n<!-- reassay:ledger {repository} {anchor} -->" if anchor else ""


def with_ledger(body: str, marker: str) -> Markdown:
    """A comment of the bot with the marker of an anchor after its key; unchanged if it has no key."""
    match = _COMMENT.match(body)
    return Markdown(f"{body[: match.end()]}{marker}{body[match.end() :]}" if match else body)


def anchor_in(body: str, repository: int) -> str | None:
    """The anchor of a comment or an issue of the bot; None without one, or for another repository.

    It counts only right after the bot's own marker, where no text of people can be.
    """
    text = body.replace("\r\n", "\n")
    own = _COMMENT.match(text) or _BEGIN_ANY.search(text)
    match = _LEDGER.match(text, own.end()) if own else None
    return match["anchor"] if match and int(match["repository"]) == repository else None


def key_of(body: str) -> str | None:
    """The key of a comment of the bot; None for another comment."""
    match = _COMMENT.match(body)
    return match["key"] if match else None
