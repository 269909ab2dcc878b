"""evidence-expired: fires before evidence about a cell stops being valid, so that its owner renews it, and when it has."""

from datetime import date, timedelta

from reassay.assessment.triggers.base import Blind, BuiltInTrigger, Fired, Pending, Result, Skipped, TriggerInput
from reassay.assessment.triggers.evidence_stale import covers
from reassay.assessment.triggers.interval import opening
from reassay.register.evidence_item import EvidenceItem

KIND = "evidence-expired"


def evaluate(facts: TriggerInput) -> Result:
    """The result for the evidence with a `valid_until` that ends first, unless newer evidence by the same method is valid longer.

    It fires `open_before` ahead, with the last valid day as due date, unless it was decided since; then again once that day has
    passed. A decision after that without newer evidence makes it blind.
    """
    dated = sorted(_dated(facts), key=lambda own: own[0])
    if not dated:
        return Skipped(KIND, "no evidence about it ends", is_certain=not facts.register_index.evidence)
    last = facts.last
    until, item = dated[0]
    ended, opens = until + timedelta(days=1), opening(item.performed_at, until, facts)
    words = f"evidence '{item.id}'{_owned(item)} is valid until {until}"
    if facts.today >= ended:
        words = f"evidence '{item.id}'{_owned(item)} was valid until {until}, and no newer evidence by {item.method} is valid"
        if last is not None and last.on >= ended:
            return Blind(KIND, f"{words}; {last.words()} was decided without newer evidence")
        return Fired(KIND, words, about=item.id)
    if facts.today < opens:
        return Pending(KIND, words, until, opens)
    if last is not None and last.on >= opens:
        return Pending(KIND, words, until, ended)
    return Fired(KIND, words, until, about=item.id)


def _dated(facts: TriggerInput) -> list[tuple[date, EvidenceItem]]:
    """Evidence with an end, without that which newer evidence by the same method replaces."""
    own = [
        item
        for item in facts.register_index.evidence.get(facts.subject.id, ())
        if item.performed_at <= facts.today and covers(item, facts.cell)
    ]
    return [
        (item.valid_until, item)
        for item in own
        if item.valid_until is not None and not any(_replaces(newer, item, facts) for newer in own)
    ]


def _replaces(newer: EvidenceItem, item: EvidenceItem, facts: TriggerInput) -> bool:
    is_newer = (newer.performed_at, newer.id) > (item.performed_at, item.id) and newer.method == item.method
    return is_newer and (newer.valid_until is None or newer.valid_until >= facts.today)


def _owned(item: EvidenceItem) -> str:
    return f" of {item.owner}" if item.owner else ""


TRIGGER = BuiltInTrigger(KIND, evaluate, frozenset({"evidence-item"}))
