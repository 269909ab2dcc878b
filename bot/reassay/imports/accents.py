"""Letters without accents, so that `Häufigkeit`, `Haufigkeit` and `HÄUFIGKEIT` compare equal."""

import unicodedata
from collections.abc import Iterable

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def without_accents(text: str) -> str:
    """The text in small letters without accents: `nächste` becomes `nachste`, `Maßnahme` becomes `massnahme`."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    return "".join(character for character in plain if not unicodedata.combining(character))


def spellings(words: Iterable[str]) -> tuple[str, ...]:
    """The words without accents, those with umlauts also as `ae`, `oe` and `ue`."""
    longer = (word.translate(_UMLAUTS) for word in words)
    return tuple(
        dict.fromkeys(without_accents(spelling) for pair in zip(words, longer, strict=True) for spelling in pair)
    )
