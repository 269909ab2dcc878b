"""Names that stand for somebody whom nobody has named yet, and ids of the examples that `reassay init` writes."""

from collections.abc import Mapping
from typing import Final

OWNER_PLACEHOLDER: Final = "your-login"
"""The owner in ready-made files, until somebody writes one."""
PLACEHOLDERS: Final = frozenset(
    {
        OWNER_PLACEHOLDER,
        "your-chief-executive",
        "your-name",
        "your-responsible-scaling-officer",
        "your-team",
        "another-login",
        "change-me",
        "changeme",
        "example",
        "fixme",
        "login",
        "name",
        "owner",
        "placeholder",
        "replace-me",
        "replaceme",
        "tba",
        "tbd",
        "todo",
        "username",
        "xxx",
    }
)
"""A closed list, in lower case: whoever has such a login declares a role for it."""
EXAMPLE_IDS: Final[Mapping[str, frozenset[str]]] = {
    "mitigation": frozenset({"example-jailbreak-filter", "example-staff-training"}),
    "deployment": frozenset({"example-public-app"}),
    "threat-model": frozenset({"example-misuse-by-novices"}),
    "model": frozenset({"example-model"}),
    "commitment": frozenset({"example-framework-review"}),
    "incident": frozenset({"example-near-miss"}),
    "information-item": frozenset({"example-paper"}),
    "risk-acceptance": frozenset({"example-acceptance"}),
    "evidence-item": frozenset({"example-red-team-report"}),
    "delegation": frozenset({"example-stand-in"}),
}
"""Ids of examples by kind: those in files, and those in the README files of folders for facts."""


def is_placeholder(name: str) -> bool:
    """Whether a login or role name, with or without `@`, is on the list."""
    return name.removeprefix("@").casefold() in PLACEHOLDERS


def addressed(owner: str | None) -> str | None:
    """An owner to whom a message may be addressed; None for a placeholder, whose account belongs to a stranger."""
    return None if owner is None or is_placeholder(owner) else owner
