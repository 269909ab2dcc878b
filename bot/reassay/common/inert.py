"""Untrusted text made inert in Markdown: no markup, no HTML, no link, and nobody is pinged."""

import re
import unicodedata

JOINER = "\u2060"
"""Word joiner: invisible, and enough to keep GitHub from seeing a mention, a reference or an address."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>~|&$])")
_AT = re.compile(r"@(?=[A-Za-z0-9])")
_REFERENCE = re.compile(r"(#|GH-)(?=\d)", re.IGNORECASE)
_ADDRESS = re.compile(r"://")
_WWW = re.compile(r"\b(www)\.", re.IGNORECASE)
_BLOCK_START = re.compile(r"^(#{1,6}(?=\s|$)|[-+=]|\d{1,9}(?=[.)]))")
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\[bot\])?")


class Markdown(str):
    """Text that is already Markdown of our own making."""

    __slots__ = ()


def plain(text: str) -> str:
    """One line without control, formatting (bidirectional, zero-width) and private characters."""
    kept = (" " if character.isspace() else character for character in text if _is_visible(character))
    return " ".join("".join(kept).split())


def _is_visible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn"}


def inert(text: str) -> Markdown:
    """`text` so that GitHub shows its characters and nothing else happens."""
    escaped = _SPECIAL.sub(r"\\\1", plain(text))
    escaped = _unlinked(escaped)
    return Markdown(_BLOCK_START.sub(_escape_start, escaped))


def inert_title(text: str) -> str:
    """For issue titles, where Markdown does not apply but references and mentions may."""
    return _unlinked(plain(text))


def _unlinked(text: str) -> str:
    text = _AT.sub(f"@{JOINER}", text)
    text = _REFERENCE.sub(rf"\1{JOINER}", text)
    text = _ADDRESS.sub(f":{JOINER}//", text)
    return _WWW.sub(rf"\1{JOINER}.", text)


def _escape_start(match: re.Match[str]) -> str:
    start = match[0]
    return f"{start}\\" if start.isdigit() else f"\\{start}"


def mention(login: str) -> Markdown:
    """A live mention, for accounts the register names; anything that is no login stays inert."""
    return Markdown(f"@{login}") if _LOGIN.fullmatch(login) else inert(f"@{login}")


def code(text: str) -> Markdown:
    """Inline code: shown as it is, whatever it holds."""
    shown = plain(text)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return Markdown(f"{fence}{pad}{shown}{pad}{fence}") if shown else Markdown("")


def prose(text: str) -> Markdown:
    """Our own sentences about untrusted words: what stands between backticks is code, the rest is inert."""
    parts = text.split("`")
    return Markdown("".join(code(part) if index % 2 else _inside(part) for index, part in enumerate(parts)))


def _inside(part: str) -> str:
    lead, tail = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return f"{lead and ' '}{inert(part)}{tail and ' '}" if part.strip() else part


def quoted(text: str) -> Markdown:
    """Prose as a block quote, line by line, each line inert."""
    lines = [line for line in text.splitlines() if plain(line)]
    return Markdown("\n>\n".join(f"> {inert(line)}" for line in lines))
