"""Inert Markdown of untrusted text: without markup, HTML, links or mentions."""

import re
import unicodedata

JOINER = "\u2060"
"""The invisible word joiner, which keeps GitHub from detecting mentions, references and addresses."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>~|&$])")
_AT = re.compile(r"@(?=[A-Za-z0-9])")
_REFERENCE = re.compile(r"(#|GH-)(?=\d)", re.IGNORECASE)
_ADDRESS = re.compile(r"://")
_WWW = re.compile(r"\b(www)\.", re.IGNORECASE)
_BLOCK_START = re.compile(r"^(#{1,6}(?=\s|$)|[-+=]|\d{1,9}(?=[.)]))")
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})(?:\[bot\])?")


class Markdown(str):
    """Markdown of this program, which is not escaped again."""

    __slots__ = ()


def plain(text: str) -> str:
    """The text on one line, without control, formatting (bidirectional, zero-width) and private characters."""
    if text.isprintable():
        return " ".join(text.split())
    kept = (" " if character.isspace() else character for character in text if _is_visible(character))
    return " ".join("".join(kept).split())


def _is_visible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn"}


def inert(text: str) -> Markdown:
    """The text as Markdown that shows its characters and has no other effect."""
    escaped = _SPECIAL.sub(r"\\\1", plain(text))
    escaped = _unlinked(escaped)
    return Markdown(_BLOCK_START.sub(_escape_start, escaped))


def inert_title(text: str) -> str:
    """The text for an issue title, where references and mentions apply but Markdown does not."""
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
    """A mention of an account that notifies it; inert if the text is not a login."""
    return Markdown(f"@{login}") if _LOGIN.fullmatch(login) else inert(f"@{login}")


def code(text: str) -> Markdown:
    """The text as inline code."""
    shown = plain(text)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return Markdown(f"{fence}{pad}{shown}{pad}{fence}") if shown else Markdown("")


def prose(text: str) -> Markdown:
    """Sentences with untrusted words: text between backticks becomes code, the rest is inert."""
    parts = text.split("`")
    return Markdown("".join(code(part) if index % 2 else _inside(part) for index, part in enumerate(parts)))


def _inside(part: str) -> str:
    lead, tail = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return f"{lead and ' '}{inert(part)}{tail and ' '}" if part.strip() else part


def quoted(text: str) -> Markdown:
    """The text as a block quote, each line inert."""
    lines = [line for line in text.splitlines() if plain(line)]
    return Markdown("\n>\n".join(f"> {inert(line)}" for line in lines))
