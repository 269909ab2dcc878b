"""CISA's catalogue of known exploited vulnerabilities: products in any case, new fields, and a catalogue that was cut off."""

import json
from datetime import UTC, datetime

import pytest

from reassay.register.signal_sources import CisaKevSource
from reassay.signals.source_readings import SourceReading, SourceUnreadError
from reassay.signals.sources.cisa_kev import READER
from tests.unit.signals.sources.source_lab import Web, context_of

URL = "https://kev.example.org/known.json"
ENTRY: dict[str, object] = {
    "cveID": "CVE-2026-2000",
    "vendorProject": "Tiny  Tools",
    "product": "Agent Gateway",
    "vulnerabilityName": "Tiny Tools Agent Gateway missing authentication",
    "dateAdded": "2026-11-18",
    "dueDate": "2026-12-09",
    "knownRansomwareCampaignUse": "Unknown",
    "aFieldOfNextYear": {"x": 1},
}
OTHER = {**ENTRY, "cveID": "CVE-2026-2001", "vendorProject": "Else", "product": "Thing"}


def catalogue(*entries: object, **fields: object) -> dict[str, object]:
    return {
        "title": "a catalogue",
        "dateReleased": "2026-11-30T15:00:00.0000Z",
        "count": len(entries),
        "vulnerabilities": list(entries),
        **fields,
    }


def read(document: object, *products: str) -> SourceReading:
    fields = {"id": "kev", "kind": "cisa-kev", "url": URL, "products": products or ["tiny tools/agent gateway"]}
    return READER.read(CisaKevSource.model_validate_json(json.dumps(fields)), context_of(Web({URL: document})))


@pytest.mark.parametrize(
    ("product", "keys"),
    [
        ("tiny tools/AGENT GATEWAY", ["CVE-2026-2000"]),
        ("Tiny Tools/*", ["CVE-2026-2000"]),
        ("tiny tools/gateway", []),
        ("else/*", ["CVE-2026-2001"]),
    ],
)
def test_products_are_matched_in_any_case(product: str, keys: list[str]) -> None:
    reading = read(catalogue(ENTRY, OTHER), product)
    assert [signal.key for signal in reading.signals] == keys
    assert reading.problems == ()


def test_an_entry_is_an_information_item_and_new_fields_are_passed_over() -> None:
    (signal,) = read(catalogue(ENTRY)).signals
    assert signal.title == "Tiny Tools Agent Gateway missing authentication"
    assert signal.first_seen_at == datetime(2026, 11, 18, tzinfo=UTC)
    assert (signal.root_cause, signal.url) == ("CVE-2026-2000", "https://nvd.nist.gov/vuln/detail/CVE-2026-2000")


def test_a_catalogue_that_is_kept_up_is_not_silent_while_nothing_is_new() -> None:
    assert read(catalogue(OTHER)).newest == datetime(2026, 11, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (catalogue(ENTRY, count=2), "The catalogue says that it has '2' entries and has 1."),
        (catalogue(ENTRY, {"cveID": "CVE-2026-3000"}), "Entry 2 has no 'vendorProject' and 'product', so it cannot be told whether it matters."),
        (catalogue(ENTRY, 5), "Entry 2 has no 'vendorProject' and 'product', so it cannot be told whether it matters."),
        (catalogue(ENTRY, {**ENTRY, "cveID": "../x"}), "Entry 2, of 'Tiny Tools/Agent Gateway': 'cveID' is '../x', not an id."),
        (catalogue(ENTRY, dateReleased="x"), "The catalogue's 'dateReleased' is 'x', not a date; write it as 2026-06-01 or 2026-06-01T14:30Z."),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_a_problem_and_the_rest_is_taken(document: object, words: str) -> None:
    reading = read(document)
    assert [signal.key for signal in reading.signals] == ["CVE-2026-2000"]
    assert reading.problems == (words,)


@pytest.mark.parametrize("document", [[], {}, {"vulnerabilities": {}}, b"no"])
def test_what_is_no_catalogue_is_refused(document: object) -> None:
    with pytest.raises(SourceUnreadError, match=r"^The answer of CISA's catalogue "):
        read(document)


def test_a_product_without_a_vendor_is_an_error_of_the_register() -> None:
    with pytest.raises(ValueError, match="pattern"):
        read(catalogue(), "just-a-name")
