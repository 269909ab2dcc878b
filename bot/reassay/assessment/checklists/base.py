"""Standard checklists, their items, and the input that decides whether they apply."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from reassay.register.assessable import AnswerForm, Assessable
from reassay.register.base import Depth
from reassay.register.deployment import Deployment


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item of a checklist: a question with the role that answers it."""

    id: str
    text: str
    role: str = "assessor"
    """The role that answers: `owner`, `assessor` or a declared role."""
    evidence: bool = False
    """Whether the answer needs evidence."""
    asked_by: str | None = None
    """Id of the commitment that asks it of a mitigation; None otherwise."""
    answer: AnswerForm = "yes-no"
    """`words` for an open question."""


@dataclass(frozen=True, slots=True)
class ChecklistInput:
    """The subject, deployments and depth for which checklists are selected."""

    assessed: Assessable
    deployments: Sequence[Deployment]
    """The deployments covered."""
    depth: Literal[Depth.LIGHT, Depth.FULL]


@dataclass(frozen=True, slots=True)
class Checklist:
    """Standard items that apply together."""

    items: tuple[ChecklistItem, ...]
    """Their ids are recorded in ledgers, so they are never reused for another question."""
    applies: Callable[[ChecklistInput], bool]
