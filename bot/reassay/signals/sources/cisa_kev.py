"""CISA's catalogue of known exploited vulnerabilities, for named products.

The catalogue is one JSON file (https://www.cisa.gov/known-exploited-vulnerabilities-catalog). New fields appear in it before its
schema has them, so only the fields that are named here are read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reassay.common.inert import plain
from reassay.register.signal_sources import CisaKevSource
from reassay.signals.source_readings import Signal, SourceContext, SourceReader, SourceReading
from reassay.signals.sources import field_values as values
from reassay.signals.sources.advisory_fields import advisory_fields
from reassay.signals.sources.json_documents import document_of, list_at, object_of
from reassay.signals.sources.rows import distinct, listed_problems

NAME: Final = "CISA's catalogue"
_PAGE: Final = "https://nvd.nist.gov/vuln/detail/"


@dataclass(frozen=True, slots=True)
class _Products:
    vendors: frozenset[str]
    products: frozenset[tuple[str, str]]

    def have(self, vendor: str, product: str) -> bool:
        return vendor in self.vendors or (vendor, product) in self.products


def read(source: CisaKevSource, context: SourceContext) -> SourceReading:
    """Raises SourceUnreadError."""
    document = object_of(document_of(context.http.get(source.url), NAME), NAME)
    entries = list_at(document, "vulnerabilities", NAME)
    problems: list[str] = []
    if "count" in document and document["count"] != len(entries):
        problems.append(
            f"The catalogue says that it has {values.shown(document['count'])} entries and has {len(entries):,}."
        )
    signals = distinct(list(_signals(entries, _products(source), context.now, problems)), problems)
    return SourceReading(
        signals=signals, newest=_released(document, context.now, problems), problems=listed_problems(problems)
    )


def _products(source: CisaKevSource) -> _Products:
    pairs = [_folded(vendor, product) for vendor, _, product in (written.partition("/") for written in source.products)]
    whole = frozenset(vendor for vendor, product in pairs if product == "*")
    return _Products(whole, frozenset(pairs))


def _folded(vendor: str, product: str) -> tuple[str, str]:
    return plain(vendor).casefold(), plain(product).casefold()


def _released(document: Mapping[str, object], now: datetime, problems: list[str]) -> datetime | None:
    """When the catalogue was published last, which shows that it is kept up also while nothing is new for these products."""
    try:
        return values.instant_of(document.get("dateReleased"), now)
    except values.OddValueError as error:
        problems.append(f"The catalogue's 'dateReleased' {error}.")
        return None


def _signals(entries: list[object], products: _Products, now: datetime, problems: list[str]) -> Iterator[Signal]:
    for number, entry in enumerate(entries, 1):
        fields = entry if isinstance(entry, dict) else {}
        vendor, product = fields.get("vendorProject"), fields.get("product")
        if not isinstance(vendor, str) or not isinstance(product, str):
            problems.append(
                f"Entry {number} has no 'vendorProject' and 'product', so it cannot be told whether it matters."
            )
        elif products.have(*_folded(vendor, product)):
            try:
                advisory = advisory_fields(fields, "cveID", now, problems)
            except values.OddValueError as error:
                problems.append(f"Entry {number}, of {values.shown(f'{vendor}/{product}')}: {error}.")
                continue
            yield Signal(
                key=advisory.key,
                title=advisory.title("vulnerabilityName"),
                first_seen_at=advisory.instant("dateAdded"),
                root_cause=advisory.key,
                url=f"{_PAGE}{advisory.key}",
            )


READER = SourceReader("cisa-kev", CisaKevSource, frozenset({"action", "app"}), is_pushed=False, read=read)
