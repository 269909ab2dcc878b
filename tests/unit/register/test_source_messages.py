"""What `check` says of a typo in sources, webhooks and rates: what is wrong in words, and a form to write instead."""

import pytest

from reassay.register.finding import Finding
from tests.unit.register.trees import read

MITIGATION = (
    "mitigations:\n  - {{id: filter, title: x, owner: safety-lead, reassess: {{every: 1 year, triggers: [{}]}}}}\n"
)


def of_source(source: str) -> list[Finding]:
    text = f"signals:\n  sources:\n    - {{id: a, {source}}}\n"
    files = {".github/reassay.yml": text, "framework/m.yml": MITIGATION.format("{kind: new-information}")}
    return [own for own in read(files).errors if own.at.path == ".github/reassay.yml"]


@pytest.mark.parametrize(
    ("source", "remedy"),
    [
        ("kind: json-feed, url: feeds.example.org/a.json", "https://feeds.example.org/a.json"),
        ("kind: json-feed, url: 'https://bot:secret@feeds.example.org'", "https://feeds.example.org/a.json"),
        ("kind: alertmanager, secret: on call", "PROMETHEUS"),
        ("kind: issues, label: x, repository: product", "example-lab/product"),
        ("kind: file, path: /ops/incidents.csv", "ops/incidents.csv"),
        ("kind: cisa-kev, products: [langflow]", "Langflow/Langflow"),
        ("kind: atlas, url: 'https://example.org/a.yaml', techniques: [AML.0054]", "AML.T0054"),
    ],
)
def test_a_value_of_another_form_is_told_a_form_to_write(source: str, remedy: str) -> None:
    (error,) = of_source(source)
    assert (error.at.line, error.code.startswith("bad-")) == (3, True)
    assert remedy in error.remedy


def test_a_column_that_is_no_field_is_an_unknown_key_with_a_guess() -> None:
    (error,) = of_source("kind: file, path: a.csv, columns: {first_seen: Reported}")
    assert (error.code, error.message) == ("unknown-key", "'first_seen' is not a key of 'signals.sources[1].columns'")
    assert error.remedy.startswith("Did you mean 'first_seen_at'?")


@pytest.mark.parametrize(("unit", "meant"), [("yaer", "year"), ("mnth", "month"), ("weks", "week")])
def test_a_misspelt_time_is_not_only_taken_for_exposure(unit: str, meant: str) -> None:
    trigger = f"{{kind: incident-rate, accepted: 6 per {unit}, stated_by: safety-lead}}"
    (error,) = read({"framework/m.yml": MITIGATION.format(trigger)}).errors
    assert f"Did you mean '{meant}'?" in error.remedy
    assert "exposure" in f"{error.message} {error.remedy}"
