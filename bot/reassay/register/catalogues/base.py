"""A catalogue of a standard, as ids and names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One catalogue of controls, by the groups of which coverage is shown: families, guidelines, principles or levels."""

    name: str
    aliases: tuple[str, ...]
    """Other names by which a register may cite it."""
    title: str
    source: str
    groups: Mapping[str, str]
    """Id to name, in the catalogue's own order."""
    group_of: Callable[[str], str | None]
    """The group that a cited control belongs to; None if it belongs to none."""
    is_cumulative: bool = False
    """Whether a later group includes the ones before it, as security levels do."""
