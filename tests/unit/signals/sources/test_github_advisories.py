"""GitHub's global advisories: ids, dates, withdrawn ones, and names of ecosystems."""

import json
from datetime import UTC, datetime

import pytest

from reassay.register.incident import Severity
from reassay.register.signal_sources import GitHubAdvisoriesSource
from reassay.signals.source_readings import JsonMap, SourceReading
from reassay.signals.sources.github_advisories import READER
from tests.unit.signals.sources.source_lab import context_of

ADVISORY: JsonMap = {
    "ghsa_id": "GHSA-aaaa-bbbb-cccc",
    "cve_id": "CVE-2026-1000",
    "html_url": "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
    "summary": "Prompt templates run code",
    "description": "not taken",
    "severity": "high",
    "published_at": "2026-11-20T10:00:00Z",
    "updated_at": "2026-11-21T10:00:00Z",
    "withdrawn_at": None,
    "vulnerabilities": [
        {"package": {"ecosystem": "pip", "name": "tiny-agent"}, "vulnerable_version_range": "< 2.0"},
    ],
}


def read(
    packages: list[dict[str, str]], advisories: dict[tuple[str, str], tuple[JsonMap, ...]]
) -> tuple[SourceReading, list[tuple[str, str]]]:
    asked: list[tuple[str, str]] = []

    def gives(ecosystem: str, package: str) -> tuple[JsonMap, ...]:
        asked.append((ecosystem, package))
        return advisories.get((ecosystem, package), ())

    fields = {"id": "ghsa", "kind": "github-advisories", "packages": packages}
    source = GitHubAdvisoriesSource.model_validate_json(json.dumps(fields))
    return READER.read(source, context_of(advisories=gives)), asked


def test_an_advisory_is_an_information_item() -> None:
    package = {"ecosystem": "pip", "name": "tiny-agent"}
    reading, _ = read([package], {("pip", "tiny-agent"): (ADVISORY,)})
    (signal,) = reading.signals
    assert (signal.key, signal.title) == ("GHSA-aaaa-bbbb-cccc", "Prompt templates run code")
    assert signal.first_seen_at == reading.newest == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert (signal.severity, signal.root_cause, signal.withdrawn) == (Severity.HIGH, "CVE-2026-1000", False)
    assert signal.url == "https://github.com/advisories/GHSA-aaaa-bbbb-cccc"
    assert reading.problems == ()


def test_an_advisory_for_two_packages_is_one() -> None:
    packages = [{"ecosystem": "pip", "name": "tiny-agent"}, {"ecosystem": "npm", "name": "tiny-agent"}]
    reading, _ = read(packages, {("pip", "tiny-agent"): (ADVISORY,), ("npm", "tiny-agent"): (ADVISORY, ADVISORY)})
    assert len(reading.signals) == 1
    assert reading.problems == ()


def test_a_withdrawn_advisory_is_said_to_be_one() -> None:
    withdrawn = {**ADVISORY, "withdrawn_at": "2026-11-25T00:00:00Z"}
    reading, _ = read([{"ecosystem": "pip", "name": "tiny-agent"}], {("pip", "tiny-agent"): (withdrawn,)})
    assert [signal.withdrawn for signal in reading.signals] == [True]


def test_a_version_is_asked_for_as_github_writes_it_and_ecosystems_may_have_the_names_of_osv() -> None:
    packages = [
        {"ecosystem": "PyPI", "name": "tiny-agent", "version": "1.4.0"},
        {"ecosystem": "crates.io", "name": "toy"},
    ]
    _, asked = read(packages, {})
    assert asked == [("pip", "tiny-agent@1.4.0"), ("rust", "toy")]


def test_an_ecosystem_that_github_does_not_have_is_a_problem_and_the_other_packages_are_read() -> None:
    packages = [{"ecosystem": "Debian", "name": "bash"}, {"ecosystem": "pip", "name": "tiny-agent"}]
    reading, asked = read(packages, {("pip", "tiny-agent"): (ADVISORY,)})
    assert asked == [("pip", "tiny-agent")]
    assert len(reading.signals) == 1
    assert reading.problems[0].startswith("GitHub has no ecosystem 'Debian'; write one of actions, composer")


@pytest.mark.parametrize(
    ("severity", "read_as", "number"),
    [("critical", Severity.CRITICAL, 0), ("moderate", Severity.MEDIUM, 0), ("unknown", None, 0), (None, None, 0), ("dire", Severity.CRITICAL, 1)],
)  # fmt: skip
def test_severities_are_mapped_and_what_is_not_understood_is_critical(
    severity: object, read_as: Severity | None, number: int
) -> None:
    odd = {**ADVISORY, "severity": severity}
    reading, _ = read([{"ecosystem": "pip", "name": "a"}], {("pip", "a"): (odd,)})
    assert [signal.severity for signal in reading.signals] == [read_as]
    assert len(reading.problems) == number


def test_an_advisory_without_an_id_is_a_problem_and_an_odd_date_hides_none() -> None:
    odd = ({**ADVISORY, "ghsa_id": None}, {**ADVISORY, "published_at": "soon"})
    reading, _ = read([{"ecosystem": "pip", "name": "a"}], {("pip", "a"): odd})
    assert [(signal.key, signal.first_seen_at) for signal in reading.signals] == [("GHSA-aaaa-bbbb-cccc", None)]
    assert reading.problems == (
        "Advisory 1 for 'a': 'ghsa_id' is 'None', not an id.",
        "GHSA-aaaa-bbbb-cccc: 'published_at' is 'soon', not a date; write it as 2026-06-01 or 2026-06-01T14:30Z.",
    )
