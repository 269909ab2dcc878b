"""Lists of names as parts of English sentences."""


def names(*parts: str) -> str:
    """The names joined with "and": `a`, `a and b`, `a, b and c`; empty for none."""
    return _joined(" and ", parts)


def alternatives(*parts: str) -> str:
    """The names joined with "or": `a`, `a or b`, `a, b or c`; empty for none."""
    return _joined(" or ", parts)


def _joined(word: str, parts: tuple[str, ...]) -> str:
    return word.join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
