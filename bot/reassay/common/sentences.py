"""Small pieces of English sentences."""


def names(*parts: str) -> str:
    """Joins names for a sentence: `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
