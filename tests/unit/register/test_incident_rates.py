"""Incident-rate triggers in a register: the three forms, what is refused where it stands, and what check warns of."""

import pytest

from reassay.register.finding import Finding
from reassay.register.lint.incident_rates import FALSE_ALARMS
from tests.unit.register.trees import read

HEAD = """\
signals:
  sources:
    - {id: requests, kind: file, path: requests.csv, gives: exposure}
    - {id: blocked, kind: file, path: blocked.csv, gives: count}
mitigations:
  - id: filter
    title: A filter
    owner: safety-lead
    every: 6 months
    reassess:
      triggers:
        - {kind: incident-rate, """
LINE, COLUMN = 12, len("        - {kind: incident-rate, ") + 1
BY_LEAD = "stated_by: safety-lead"


def findings(fields: str) -> list[Finding]:
    """What check says of one trigger."""
    return [own for own in read({"framework/all.yml": f"{HEAD}{fields}}}\n"}).findings if own.at.line == LINE]


@pytest.mark.parametrize(
    "fields",
    [
        "more_than: 3, window: 30 days",
        "more_than: 3, window: 30 days, at_least: high, kinds: [incident, hazard], similar_models: true",
        "more_than: 2 per million requests, window: 30 days, exposure: requests",
        f"accepted: 6 per year, {BY_LEAD}",
        f"accepted: 6 per year, {BY_LEAD}, expected: 3 per year, since: 2026-01-01",
        f"accepted: 2 per million requests, {BY_LEAD}, exposure: requests, expected: 1 per million requests",
        f"accepted: 500 per week, {BY_LEAD}, count: blocked",
        f"accepted: 2 per thousand requests, {BY_LEAD}, count: blocked, exposure: requests",
        f"accepted: 6 per year, {BY_LEAD}, method: change, run_length: 10 years",
        "more_than: 3, window: 30 days, expected: 4 per year",
    ],
)
def test_the_forms_are_read_without_a_finding(fields: str) -> None:
    assert findings(fields) == []


@pytest.mark.parametrize(
    ("fields", "at", "words", "remedy"),
    [
        (f"accepted: 6 a year, {BY_LEAD}", "6 a", "'6 a year' is not a number of incidents", "2 per million requests"),
        (f"accepted: 6, {BY_LEAD}", "6,", "a bare number says neither time nor exposure", "6 per year"),
        (f"accepted: 0 per year, {BY_LEAD}", "0 per", "is zero", "incident-severity"),
        ("accepted: 6 per year", "accepted", "does not say who states it", "stated_by"),
        ("more_than: 3", "more_than", "'more_than' and 'window' belong together", "window: 30 days"),
        ("more_than: 3 per year, window: 1 year", "window", "has its time in 'window'", "window: 30 days"),
        (f"more_than: 3, window: 30 days, {BY_LEAD}", "stated_by", "'accepted' is missing", "delete 'stated_by'"),
        (f"accepted: 6 per year, {BY_LEAD}, more_than: 3, window: 1 year", "more_than", "are two forms", "of its own"),
        (f"accepted: 6 per year, {BY_LEAD}, method: change", "accepted", "needs 'accepted' and 'run_length'", "10 years"),
        (f"accepted: 6 per year, {BY_LEAD}, run_length: 9 years", "run_length", "is without effect", "method: change"),
        (f"accepted: 6 per year, {BY_LEAD}, method: change, run_length: 1 day", "run_length", "shorter than a month", "10"),
        (f"accepted: 2 per million requests, {BY_LEAD}", "accepted", "needs 'exposure'", "Name the source"),
        (f"accepted: 6 per year, {BY_LEAD}, exposure: requests", "exposure", "without effect", "per million"),
        (f"accepted: 6 per year, {BY_LEAD}, expected: 1 per request", "expected", "not in the terms", "both per time"),
        (f"accepted: 6 per day, {BY_LEAD}, count: blocked, at_least: high", "count", "is about incidents", "Delete one"),
        (f"accepted: 6 per year, {BY_LEAD}, colour: red", "colour", "colour", ""),
        (f"accepted: 6 per day, {BY_LEAD}, count: blockd", "blockd", "there is no source 'blockd'", "Did you mean 'blocked'"),
        (f"accepted: 6 per day, {BY_LEAD}, count: hotline", "hotline", "no source 'hotline'", "signals.sources"),
        (f"accepted: 6 per day, {BY_LEAD}, count: requests", "requests", "gives exposure, and count is needed", "gives: count"),
        (f"accepted: 6 per request, {BY_LEAD}, exposure: blocked", "blocked", "gives count, and exposure is", "gives: exposure"),
    ],
)  # fmt: skip
def test_what_cannot_act_is_an_error_where_it_stands(fields: str, at: str, words: str, remedy: str) -> None:
    (own,) = findings(fields)
    assert own.severity == "error"
    assert words in own.message
    assert remedy in own.remedy
    columns = [COLUMN + place for place in range(len(fields)) if fields.startswith(at, place)]
    assert own.at.column in columns, own


def test_a_trigger_without_a_form_says_both() -> None:
    text = HEAD.replace("incident-rate, ", "incident-rate}\n")
    (own,) = [own for own in read({"framework/all.yml": text}).findings if own.at.line == LINE]
    assert "either 'accepted' or 'more_than'" in own.message
    assert "accepted: 6 per year" in own.remedy


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        (
            "more_than: 3, window: 1 month, expected: 3 per month",
            "rate-about-expected",
            "at least 99% of five-year spells",
        ),
        (
            "more_than: 6, window: 1 month, expected: 3 per month",
            "rate-about-expected",
            "is about what is expected (3.1)",
        ),
        ("more_than: 12, window: 1 month, expected: 3 per month", None, ""),
        ("more_than: 3, window: 1 month", None, ""),
        (
            f"accepted: 31 per year, {BY_LEAD}, expected: 10 per year",
            "ceiling-loose",
            "3.1 times what is expected (10 per year)",
        ),
        (f"accepted: 30 per year, {BY_LEAD}, expected: 10 per year", None, ""),
        (f"accepted: 1 per month, {BY_LEAD}, expected: 1 per quarter", None, ""),
        ("accepted: unspecified", "no-interval", "states no figure for 'accepted'"),
        ("more_than: unspecified, window: unspecified", "no-interval", "states no figure for 'more_than'"),
    ],
)
def test_check_warns_of_figures_that_say_little(fields: str, code: str | None, words: str) -> None:
    own = [warning for warning in findings(fields) if warning.code == code]
    if code is None:
        assert findings(fields) == []
        return
    assert own[0].severity == "warning"
    assert words in own[0].message
    assert code != "ceiling-loose" or FALSE_ALARMS in own[0].remedy


def test_a_configuration_with_errors_says_nothing_about_sources() -> None:
    text = f"{HEAD}accepted: 6 per day, {BY_LEAD}, count: hotline}}\n".replace("gives: count", "gives: nothing")
    assert "unknown-source" not in {own.code for own in read({"framework/all.yml": text}).findings}


@pytest.mark.parametrize("combined", ["any", "all"])
def test_members_of_combined_triggers_are_checked_too(combined: str) -> None:
    member = "{kind: incident-rate, accepted: 6 per day, stated_by: safety-lead, count: hotline}"
    text = HEAD.replace("{kind: incident-rate, ", f"{{kind: {combined}, of: [{member}]}}\n")
    assert "unknown-source" in {own.code for own in read({"framework/all.yml": text}).findings}
