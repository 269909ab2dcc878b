"""What a reader of the pack has to be told before the figures: gaps, limits, and what came later."""

from collections import Counter
from collections.abc import Iterator

from reassay.audit.facts import Facts
from reassay.ledger.entry import Decided, Opened
from reassay.ledger.risks import Corrected


def remarks(facts: Facts) -> tuple[str, ...]:
    """Sentences, most important first."""
    return (*_twice(facts), *_beginning(facts), *_registers(facts), *_mode(facts), *_later(facts))


def _twice(facts: Facts) -> Iterator[str]:
    """No run of reassay writes that, so somebody else did."""
    counted = Counter(entry.body.reassessment for entry in facts.known if isinstance(entry.body, Opened))
    for name, count in counted.items():
        if count > 1:
            yield (
                f"{name} was opened {count} times in the ledger, which reassay never does: only the last of them is in "
                "the tables. Find out who wrote that."
            )


def _beginning(facts: Facts) -> Iterator[str]:
    first = facts.entries[0]
    if not facts.known:
        yield f"The ledger begins on {facts.day(first)}, after this period: of the period it records nothing at all."
    elif first.recorded_at > facts.period.opening:
        yield (
            f"The ledger begins on {facts.day(first)}, after the first date. Before that nothing is recorded, and the "
            "population at the first date has no history but what the register itself states."
        )
    elif not facts.recorded:
        yield "Nothing at all was recorded in this period."


def _registers(facts: Facts) -> Iterator[str]:
    for day, situation in ((facts.period.start, facts.opening), (facts.period.end, facts.closing)):
        errors, zone = len(situation.register.errors), situation.register.configuration.timezone
        if not situation.register.subjects:
            yield f"The register of {day} holds no mitigation and no commitment that can be read, or there was none yet."
        if errors:
            said = "error: what it hides is" if errors == 1 else "errors: what they hide is"
            yield f"The register of {day} has {errors} {said} in no figure (`reassay check` names them)."
        if situation.register.subjects and zone != facts.period.timezone:
            yield f"The register of {day} counts its days in {zone}, and this pack in {facts.period.timezone}."


def _mode(facts: Facts) -> Iterator[str]:
    modes = {entry.mode for entry in facts.recorded}
    if "remind" in modes:
        yield (
            "At least a part of the period was recorded in mode `remind`: no answers, no signatures, no roles, and no "
            "missed dates or outages were recorded then. That there are none in the tables does not mean that there were none."
        )


def _later(facts: Facts) -> Iterator[str]:
    if not facts.later:
        return
    first, last = facts.later[0].seq, facts.later[-1].seq
    which = f"Entry {first} was" if first == last else f"Entries {first} to {last} were"
    yield f"{which} recorded after the period: not in any figure."
    own = {entry.body.reassessment: entry.seq for entry in facts.recorded if isinstance(entry.body, Decided)}
    for entry in facts.later:
        if isinstance(entry.body, Corrected) and entry.body.reassessment in own:
            did = "withdrew" if entry.body.how == "withdraw" else "recorded an erratum to"
            yield f"After the period, on {facts.day(entry)}, entry {entry.seq} {did} the decision {entry.body.reassessment}."
