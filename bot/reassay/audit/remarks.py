"""Remarks for the reader of a pack: gaps, limits, and corrections after the period."""

from collections import Counter
from collections.abc import Iterator

from reassay.audit.audit_input import AuditInput
from reassay.common.calendar import day_words
from reassay.ledger.entry import Decided, Opened
from reassay.ledger.risks import Corrected


def remarks(audit: AuditInput) -> tuple[str, ...]:
    """Remarks as sentences, most important first."""
    return (
        *_twice(audit),
        *_coverage(audit),
        *_beginning(audit),
        *_orders(audit),
        *_registers(audit),
        *_mode(audit),
        *_later(audit),
    )


def _twice(audit: AuditInput) -> Iterator[str]:
    """Ids that were opened twice. reassay never does that, so another program wrote them."""
    counted = Counter(entry.body.reassessment for entry in audit.until_end if isinstance(entry.body, Opened))
    for name, count in counted.items():
        if count > 1:
            yield (
                f"{name} was opened {count} times in the ledger, which reassay never does: only the last of them is in "
                "the tables. Find out who wrote these entries."
            )


def _coverage(audit: AuditInput) -> Iterator[str]:
    """The part of the period after the ledger's last entry, of which nothing is known; it may not be over."""
    if audit.is_covered:
        return
    day, period = audit.covered_until, audit.period
    days = (period.end - day).days
    if day < period.start:
        part = "no day of the period is covered"
    else:
        part = f"the last {_days(days)} of the period {'is' if days == 1 else 'are'} not covered"
    # The date without its day of the week.
    on = day_words(day, year=True).partition(" ")[2]
    yield (
        f"The ledger's last entry is of {on}; {part}. Due dates after it are neither kept nor missed here, and "
        "states at the last date are a forecast."
    )


def _days(days: int) -> str:
    return "day" if days == 1 else f"{days} days"


def _orders(audit: AuditInput) -> Iterator[str]:
    """Orders to restrict or withdraw a deployment that nobody has carried out."""
    orders = {cell.order: cell.subject for cell in audit.closing_cells if cell.order}
    yield from (f"Not carried out at the end of the period: {order.words} (about {orders[order]})." for order in orders)


def _beginning(audit: AuditInput) -> Iterator[str]:
    first = audit.entries[0]
    if not audit.until_end:
        yield f"The ledger begins on {audit.day(first)}, after this period: nothing was recorded in the period."
    elif first.recorded_at > audit.period.opening:
        yield (
            f"The ledger begins on {audit.day(first)}, after the first date. Nothing was recorded before that, and the "
            "population at the first date has only the history that the register states: "
            f"the first {_days((audit.day(first) - audit.period.start).days)} of the period "
            f"{'is' if (audit.day(first) - audit.period.start).days == 1 else 'are'} not covered."
        )
    elif not audit.in_period:
        yield "Nothing was recorded in this period."


def _registers(audit: AuditInput) -> Iterator[str]:
    for day, assessment_input in ((audit.period.start, audit.opening), (audit.period.end, audit.closing)):
        errors, zone = len(assessment_input.register.errors), assessment_input.register.configuration.timezone
        if not assessment_input.register.subjects:
            yield f"The register of {day} has no valid mitigation or commitment, or did not exist yet."
        if errors:
            hidden = "error; the entry with it is" if errors == 1 else "errors; the entries with them are"
            yield f"The register of {day} has {errors} {hidden} in no figure. Run `reassay check` for details."
        if assessment_input.register.subjects and zone != audit.period.timezone:
            yield f"The register of {day} uses the time zone {zone}, this pack {audit.period.timezone}."


def _mode(audit: AuditInput) -> Iterator[str]:
    modes = {entry.mode for entry in audit.in_period}
    if "remind" in modes:
        yield (
            "Part or all of the period was recorded in mode `remind`, which records no answers, sign-offs, roles, missed "
            "dates or outages. The tables may therefore lack some."
        )


def _later(audit: AuditInput) -> Iterator[str]:
    if not audit.after_end:
        return
    first, last = audit.after_end[0].seq, audit.after_end[-1].seq
    which = f"Entry {first} was" if first == last else f"Entries {first} to {last} were"
    yield f"{which} recorded after the period and {'is' if first == last else 'are'} in no figure."
    own = {entry.body.reassessment: entry.seq for entry in audit.in_period if isinstance(entry.body, Decided)}
    for entry in audit.after_end:
        if isinstance(entry.body, Corrected) and entry.body.reassessment in own:
            did = "withdrew" if entry.body.how == "withdraw" else "recorded an erratum to"
            yield f"After the period, on {audit.day(entry)}, entry {entry.seq} {did} the decision {entry.body.reassessment}."
