"""Catalogues of standards as ids and names, one module each: NAME, ALIASES, TITLE, SOURCE, GROUPS, group_of().

A register may cite any catalogue; for those here, what nobody cites is named as a gap. A new one is a file here; nothing
else lists it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reassay.common.modules import modules_in


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One catalogue at the grain at which coverage is shown: families, guidelines, principles, levels."""

    name: str
    title: str
    source: str
    groups: Mapping[str, str]
    """Id to name, in the catalogue's own order."""
    is_cumulative: bool
    """Whether a later group includes the ones before it, as security levels do."""
    group_of: Callable[[str], str | None]
    """The group that a cited control belongs to; None if it belongs to none."""


def _discover() -> Mapping[str, Catalogue]:
    found: dict[str, Catalogue] = {}
    for module in modules_in(__name__, __path__):
        catalogue = Catalogue(
            module.NAME,
            module.TITLE,
            module.SOURCE,
            module.GROUPS,
            getattr(module, "CUMULATIVE", False),
            module.group_of,
        )
        found |= {_key(name): catalogue for name in (module.NAME, *module.ALIASES)}
    return found


def _key(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


_BY_NAME = _discover()


def find_catalogue(name: str) -> Catalogue | None:
    """The catalogue of that name, however it is spelled: `NIST-800-53`, `NIST SP 800-53`."""
    return _BY_NAME.get(_key(name))
