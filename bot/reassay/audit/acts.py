"""Acts of people: every entry of the period behind which a person stands, of whatever kind.

The other tables show acts by what they mean; this one leaves none out, of kinds that later versions add either.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reassay.audit.audit_input import AuditInput
from reassay.audit.sign_offs import signed_at
from reassay.ledger.digests import Asked
from reassay.ledger.entry import Body, Entry, reassessment_of
from reassay.register.base import Strict


@dataclass(frozen=True, slots=True)
class ActRow:
    """What one entry records of a person."""

    seq: int
    at: datetime
    """When the comment was written, or else when the entry was recorded, in UTC."""
    kind: str
    """Kind of the entry, as the ledger calls it."""
    record: str
    pull: int | None
    subject: str
    by: str
    role: str
    second: str
    """The second person, where it takes two."""
    what: str
    """Fields of the entry that say what was done, as the ledger has them; texts are in `text`."""
    text: str


def acts(audit: AuditInput) -> tuple[ActRow, ...]:
    """The acts of the period, in order of the ledger."""
    return tuple(_row(entry, audit) for entry in audit.in_period if people_behind(entry))


ACTING: Final = frozenset({"by", "requested_by", "confirmed_by", "committer"})
"""Fields of entries, at any depth, that hold the account id of somebody who did what the entry records."""


def people_behind(entry: Entry) -> tuple[int, ...]:
    """Account ids of the people who did what an entry records: who asked first, who commented, who confirmed, who committed."""
    asked = getattr(entry.body, "asked", None)
    first = (asked.by,) if isinstance(asked, Asked) else ()
    commented = () if entry.actor is None else (entry.actor,)
    return tuple(dict.fromkeys((*first, *commented, *_acting(entry.body.model_dump(mode="json")))))


def _acting(value: object) -> Iterator[int]:
    if isinstance(value, list):
        for item in value:
            yield from _acting(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name in ACTING and isinstance(item, int):
                yield item
            yield from _acting(item)


def _row(entry: Entry, audit: AuditInput) -> ActRow:
    body, people, reassessment = entry.body, people_behind(entry), audit.reassessment(entry)
    subject = getattr(body, "subject", None) or (reassessment.subject if reassessment else "")
    return ActRow(
        seq=entry.seq,
        at=signed_at(entry),
        kind=body.kind,
        record=reassessment_of(body) or "",
        pull=getattr(body, "pull", None),
        subject=audit.history.present(str(subject)),
        by=audit.person(people[0]),
        role=str(getattr(body, "role", "") or ""),
        second=", ".join(map(audit.person, people[1:])),
        what="; ".join(_facts(body)),
        text="; ".join(audit.text(digest) for digest in _texts(body)),
    )


_ELSEWHERE = frozenset({"kind", "reassessment", "pull", "subject", "role", "asked", "confirmed_by", "committer"})
"""Fields that have columns of their own."""
_BULKY = frozenset({"snapshot", "nonce", "run", "lease_until", "checklist", "place", "content", "covered"})
"""Fields by which programs find things."""


def _facts(body: Body) -> list[str]:
    written = body.model_dump(mode="json")
    return [
        f"{name.replace('_', ' ')} {words}"
        for name, value in written.items()
        if name not in _ELSEWHERE | _BULKY and (words := _words(value))
    ]


def _words(value: object) -> str:
    """A value of an entry in one line; digests of texts are left out."""
    match value:
        case None | "" | False:
            return ""
        case True:
            return "yes"
        case str() if value.startswith("sha256:"):
            return ""
        case list():
            return ", ".join(filter(None, map(_words, value)))
        case dict():
            parts = ((name, _words(item)) for name, item in value.items())
            return " ".join(f"{name.replace('_', ' ')} {words}" for name, words in parts if words)
        case _:
            return str(value)


def _texts(body: Strict) -> list[str]:
    """Digests of what the person wrote."""
    names = ("because", "note", "says", "party", "interim")
    return [
        digest for name in names if isinstance(digest := getattr(body, name, None), str) and digest[:7] == "sha256:"
    ]
