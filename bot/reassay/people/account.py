"""Who wrote something, and what: the part of what is seen on GitHub that verdicts and roles are about."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Who wrote something."""

    login: str
    id: int | None
    """Numeric account id; None where GitHub does not say."""
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of an issue."""

    id: int
    node_id: str
    body: str
    author: Account | None
    """None for a deleted account."""
    created_at: datetime
    edited_by: str | None = None
    """Login of the last editor, or empty text if edited by an unknown account; None if never edited."""
    reacted: bool = False
    """Whether the account this program acts as has reacted to it."""
