"""English sentences and their parts: lists, numbers with their nouns, capitals and full stops, and texts cut to a length."""

import textwrap


def names(*parts: str) -> str:
    """The names joined with "and": `a`, `a and b`, `a, b and c`; empty for none."""
    return _joined(" and ", parts)


def alternatives(*parts: str) -> str:
    """The names joined with "or": `a`, `a or b`, `a, b or c`; empty for none."""
    return _joined(" or ", parts)


def count_words(number: int, noun: str, plural: str = "") -> str:
    """`1 cell`, `2 cells`, `1,204 cells`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def number_words(number: float) -> str:
    """A number with at most two decimals: `1,800,000`, `3.25`."""
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def capitalised(text: str) -> str:
    """The text with a capital letter in front; the rest stays as it is."""
    return f"{text[:1].upper()}{text[1:]}"


def sentence(text: str) -> str:
    """The text as a sentence: a capital letter in front, and a full stop unless it has an end."""
    own = capitalised(text.strip())
    return own if own.endswith((".", "!", "?")) else f"{own}."


def shortened(text: str, most: int) -> str:
    """The text, cut to `most` characters; the last one is `…` then."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def wrapped(text: str, indent: int = 2, width: int = 80) -> list[str]:
    """The lines of a paragraph for a terminal, the first one indented by `indent` columns and the others by two more."""
    return textwrap.wrap(
        text, width, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2), break_on_hyphens=False
    )


def _joined(word: str, parts: tuple[str, ...]) -> str:
    return word.join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
