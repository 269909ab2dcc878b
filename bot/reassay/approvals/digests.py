"""Digests of the content that a sign-off covers: it is valid until any of that content changes.

`signed/1` is SHA-256 over RFC 8785 of a small document that names the question as frozen, the answer, its reason, and the
content it is about. An approval step signs all rows and all evidence together.
"""

from __future__ import annotations

from collections.abc import Sequence

from reassay.common.canonical import canonical, digest
from reassay.ledger.answers import Answered, Attached
from reassay.ledger.runs import RunEnded

ALL = "all"
"""The item that an approval step signs."""


def item_digest(item: str, question: str, answered: Answered, content: str) -> str:
    """The digest of one answer to one question about some content; `item` is the question's id."""
    return _signed(
        {
            "reassessment": answered.reassessment,
            "item": item,
            "question": question,
            "answer": answered.answer,
            "because": answered.because,
            "content": content,
        }
    )


def all_digest(
    reassessment: str,
    rows: Sequence[tuple[str, str | None]],
    evidence: Sequence[Attached | RunEnded],
    content: str,
) -> str:
    """The digest of all rows with their answers, and all evidence."""
    attached = [body.model_dump(mode="json", exclude={"kind", "reassessment"}) for body in evidence]
    return _signed(
        {
            "reassessment": reassessment,
            "rows": [list(row) for row in rows],
            "evidence": sorted(attached, key=canonical),
            "content": content,
        }
    )


def _signed(value: object) -> str:
    return f"signed/1:{digest(canonical(value))}"


BRIEF = 7
"""Digits of a digest that are enough to name it in a command."""


def brief(name: str) -> str:
    """The first 7 digits of a digest, for a command."""
    return short(name)[:BRIEF]


def short(name: str) -> str:
    """The first 12 digits of a digest, for people to compare."""
    return name.rsplit(":", 1)[-1][:12]
