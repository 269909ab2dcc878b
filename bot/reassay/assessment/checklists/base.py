"""A checklist, its questions, and what decides whether they apply."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.deployment import Deployment


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One question of a checklist."""

    id: str
    text: str
    role: str = "assessor"
    """`owner`, `assessor`, or a role's name: who answers."""
    evidence: bool = False
    """Whether the answer needs evidence."""


@dataclass(frozen=True, slots=True)
class ChecklistInput:
    """What a checklist is chosen for."""

    assessed: Assessable
    deployments: Sequence[Deployment]
    """Those covered."""
    depth: Literal[Depth.LIGHT, Depth.FULL]


@dataclass(frozen=True, slots=True)
class Checklist:
    """Standard questions that go together."""

    items: tuple[ChecklistItem, ...]
    """Their ids are never used for another question: ledgers hold them."""
    applies: Callable[[ChecklistInput], bool]
