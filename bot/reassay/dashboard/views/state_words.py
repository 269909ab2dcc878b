"""States, standings and verdicts in words, each with its tone. Whatever is not understood has the worst one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Tone = Literal["bad", "warn", "soon", "unsure", "good", "quiet"]
"""The class that gives colour and mark: `bad` red, `warn` amber, `soon` blue, `unsure` violet, `good` green, `quiet` grey."""


@dataclass(frozen=True, slots=True)
class ToneWords:
    """A word for people, and its tone."""

    words: str
    tone: Tone
    means: str = ""
    """A sentence of what it means."""


STATES: Final[Mapping[str, ToneWords]] = {
    "unreadable": ToneWords("Unreadable", "bad", "Its register entry has an error, so nothing re-assesses it."),
    "withdraw-ordered": ToneWords(
        "Withdraw ordered", "bad", "A decision to withdraw the deployment is not carried out yet."
    ),
    "restrict-ordered": ToneWords(
        "Restrict ordered", "bad", "A decision to restrict the deployment is not carried out yet."
    ),
    "ineffective": ToneWords("Ineffective", "bad", "The last decision found that it does not work."),
    "overdue": ToneWords("Overdue", "bad", "Its due date has passed without a decision."),
    "due": ToneWords("Due", "warn", "It is to be decided now; after its due date and days of grace it is overdue."),
    "triggered": ToneWords("Triggered", "warn", "Something happened that asks for a re-assessment."),
    "extended": ToneWords("Extended", "warn", "Its due date was moved with an approver's consent."),
    "acceptance-expired": ToneWords("Acceptance expired", "bad", "A risk was accepted until a date that has passed."),
    "evidence-stale": ToneWords(
        "Evidence stale", "warn", "The evidence of the last decision is too old or has expired."
    ),
    "unassessed": ToneWords("Unassessed", "warn", "No assessment is recorded."),
    "degraded": ToneWords("Degraded", "warn", "The last decision found that it works less well than it has to."),
    "due-soon": ToneWords("Due soon", "soon", "It is current, and its due date is near."),
    "unknown": ToneWords("Unknown", "unsure", "A source that its state depends on is missing or silent."),
    "current": ToneWords("Current", "good", "Its last assessment is in date, and nothing asks for another one."),
    "retired": ToneWords("Retired", "quiet", "It is no longer in use."),
}
"""The states of a cell, most urgent first."""
STANDINGS: Final[Mapping[str, ToneWords]] = {
    "broken": ToneWords("Broken", "bad", "Something that it asks for is overdue or ineffective."),
    "not-determinable": ToneWords(
        "Not determinable", "unsure", "The register and the ledger do not show whether it is kept."
    ),
    "at-risk": ToneWords("At risk", "warn", "Something that it asks for is due soon, open or degraded."),
    "kept": ToneWords("Kept", "good", "Everything that it asks for is current."),
    "not-in-force": ToneWords("Not in force", "quiet", "It does not apply today."),
}
VERDICTS: Final[Mapping[str, ToneWords]] = {
    "met": ToneWords("met", "good"),
    "missed": ToneWords("missed", "bad"),
    "exceeded": ToneWords("exceeded", "bad"),
    "refused": ToneWords("refused", "bad"),
    "insufficient": ToneWords("not enough results", "unsure"),
    "not-measured": ToneWords("not measured", "unsure"),
}
"""Verdicts on a criterion."""
CONCLUSIONS: Final[Mapping[str, ToneWords]] = {
    "success": ToneWords("Ready to merge", "good"),
    "failure": ToneWords("Not ready to merge", "bad"),
    "error": ToneWords("Cannot be judged", "bad"),
}
PROBLEMS: Final[Mapping[str, ToneWords]] = {
    "unreadable": ToneWords("Unreadable", "bad"),
    "error": ToneWords("Register error", "bad"),
    "blind": ToneWords("Source cannot be relied on", "bad"),
    "ledger": ToneWords("Ledger", "bad"),
    "sweep": ToneWords("Sweep", "bad"),
    "verdict": ToneWords("Verdict not confirmed", "bad"),
}
TRUST: Final[Mapping[str, ToneWords]] = {
    "signed": ToneWords("signed by a key in force", "good"),
    "unsigned": ToneWords("not signed", "quiet"),
    "unknown-key": ToneWords("signed by a key that was not in force", "bad"),
    "broken": ToneWords("signature is not valid", "bad"),
}
EVENTS: Final[Mapping[str, ToneWords]] = {
    "opened": ToneWords("Opened", "quiet"),
    "decided": ToneWords("Decided", "quiet"),
    "imported": ToneWords("Imported", "quiet"),
    "due": ToneWords("Due", "warn"),
    "will-open": ToneWords("Will open", "soon"),
    "will-be-due": ToneWords("Will be due", "soon"),
}
AUDIENCES: Final[Mapping[str, str]] = {
    "internal": "Internal",
    "trusted-testers": "Trusted testers",
    "external": "External",
}
DECISIONS: Final[Mapping[str, Tone]] = {
    "effective": "good",
    "degraded": "warn",
    "ineffective": "bad",
    "inconclusive": "unsure",
}
_RANK: Final = {state: rank for rank, state in enumerate(STATES)}


def state_words(state: str) -> ToneWords:
    """The state of a cell in words."""
    return STATES.get(state) or ToneWords(f"{state} (not understood)", "bad", "This version does not know the state.")


def state_rank(state: str) -> int:
    """Less is more urgent; a state that this version does not know comes first."""
    return _RANK.get(state, -1)


def tone_words(words: Mapping[str, ToneWords], name: str) -> ToneWords:
    """One of `words`; what is not among them is shown as it is, with the worst tone."""
    return words.get(name) or ToneWords(name, "bad")


def decision_tone(decision: str) -> Tone:
    """The tone of a decision such as `effective (tested)`; empty and past ones are quiet."""
    word = decision.split(" ", 1)[0]
    return DECISIONS.get(word, "quiet")
