"""Names of accounts and subjects in a ledger, which itself holds only their ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reassay.ledger.entry import Body, Decided, Opened, Superseded, reassessment_of
from reassay.ledger.history import History

_WORDS = ("decision", "action", "answer", "how", "reason")
"""Fields that say in a word or a sentence what an entry did; of several, the first counts."""


@dataclass(frozen=True, slots=True)
class LedgerNames:
    """What a register and a ledger know of names. Without a register the ids are shown."""

    logins: Mapping[int, str] = field(default_factory=dict)
    """Logins by account id."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Titles of mitigations and commitments by id."""
    subjects: Mapping[str, str] = field(default_factory=dict)
    """Ids of mitigations and commitments by re-assessment."""

    def actor(self, account: int | None) -> str:
        """`@login` where it is known, else `account N`; `bot` where no person acted."""
        if account is None:
            return "bot"
        return f"@{self.logins[account]}" if account in self.logins else f"account {account}"

    def subject(self, body: Body) -> str | None:
        """The id of the mitigation or commitment that an entry is about; None for any other entry."""
        stated = getattr(body, "subject", None)
        return stated if isinstance(stated, str) else self.subjects.get(reassessment_of(body) or "")

    def title(self, body: Body) -> str | None:
        """The title of the subject; None where it is not known."""
        return self.titles.get(self.subject(body) or "")


def subjects_in(history: History) -> Mapping[str, str]:
    """The subject of every re-assessment by its id."""
    return {own.id: own.subject for own in history.reassessments.values()}


def deed(body: Body) -> str:
    """What an entry did, in a word or a sentence: the verdict of a decision, the due date of an opening; empty for others."""
    match body:
        case Decided():
            order = f", {body.deployment_decision}" if body.deployment_decision else ""
            return f"{body.verdict}{order}"
        case Opened():
            return f"due {body.due}"
        case Superseded():
            return body.reason
        case _:
            values = (getattr(body, name, None) for name in _WORDS)
            return next((value for value in values if isinstance(value, str) and ":" not in value[:12]), "")
