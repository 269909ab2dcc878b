"""GitHub accounts and comments, as far as verdicts and roles need them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A GitHub account."""

    login: str
    id: int | None
    """Numeric account id; None if GitHub does not state it."""
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
    """Login of the last editor, "" for an unknown account; None if it was never edited."""
    reacted: bool = False
    """Whether the bot's account has reacted to it."""
    is_review: bool = False
    """Whether it is the text of a review, whose ids are GitHub's negated: they are of another count than comments'."""
