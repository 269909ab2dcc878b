"""Catalogues of standards, one module each. A new one is a file here with its CATALOGUE, and a line in CATALOGUES.

A register may cite any catalogue; for those here, what nobody cites is named as a gap.
"""

from reassay.register.catalogues import dsit_ai_cyber, ncsc_secure_ai, nist_800_53, rand_security_levels
from reassay.register.catalogues.base import Catalogue
from reassay.register.finding import nearest

CATALOGUES: tuple[Catalogue, ...] = (
    dsit_ai_cyber.CATALOGUE,
    ncsc_secure_ai.CATALOGUE,
    nist_800_53.CATALOGUE,
    rand_security_levels.CATALOGUE,
)


def _key(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


_BY_KEY = {_key(name): catalogue for catalogue in CATALOGUES for name in (catalogue.name, *catalogue.aliases)}


def find_catalogue(name: str) -> Catalogue | None:
    """The catalogue of that name, however it is spelled: `NIST-800-53`, `NIST SP 800-53`."""
    return _BY_KEY.get(_key(name))


def nearest_catalogue(name: str) -> Catalogue | None:
    """The catalogue whose name shares its first word or is spelled alike; None if none is."""
    first = _key(name.split(maxsplit=1)[0] if name.split() else "")
    sharing = [own for own in CATALOGUES if first and first == _key(own.name.split()[0])]
    if len(sharing) == 1:
        return sharing[0]
    near = nearest(_key(name), _BY_KEY)
    return _BY_KEY[near] if near else None
