"""A catalogue of a standard, as ids and names."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


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
    last_numbers: Mapping[str, int] = field(default_factory=dict)
    """The number of the last control of each group, where controls are `GROUP-NUMBER`; empty for other catalogues."""

    def why_not(self, control: str) -> str:
        """Why it has no such control, with what it has, as a sentence without its full stop; empty if it may have it."""
        group = self.group_of(control)
        if group is None:
            return f"Its groups are {', '.join(self.groups)}"
        number = re.match(r"\s*[A-Za-z]+-(\d+)", control)
        last = self.last_numbers.get(group)
        if last is not None and number and not 1 <= int(number[1]) <= last:
            return f"{group} goes from {group}-1 to {group}-{last}"
        return ""
