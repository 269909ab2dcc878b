"""Labelled issues: dates, the answers of issue forms, and how they were closed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.register.incident import Severity
from reassay.signals.source_readings import LabelledIssue, Signal, SourceReading
from reassay.signals.sources import labelled_issues
from reassay.signals.sources.issue_forms import HEADINGS, form_answers
from tests.unit.signals.sources.feeds_lab import NOW, context, source

CREATED = datetime(2026, 11, 1, 10, tzinfo=UTC)
ISSUE = LabelledIssue(
    number=12,
    title="The filter let something through",
    body="",
    created_at=CREATED,
    labelled_at=None,
    closed_at=None,
    url="https://github.com/example-lab/framework/issues/12",
    labels=("incident",),
)
FORM = """\
### What happened

A customer saw what the filter should have blocked.

### Severity

high

### Kind

near-miss

### Occurred at

2026-10-30T08:15Z

### First seen at

2026-10-31

### Mitigations

jailbreak-filter, output-filter

### Deployment

public-api

### Root cause

tokenizer-update

### Anything else

_No response_
"""


def read(*issues: LabelledIssue, **fields: object) -> SourceReading:
    spec = source("issues", label="incident", **fields)
    return labelled_issues.READER.read(spec, context(issues=issues))


def one(body: str, **fields: object) -> tuple[Signal, tuple[str, ...]]:
    reading = read(replace(ISSUE, body=body), **fields)
    (signal,) = reading.signals
    return signal, reading.problems


def test_the_answers_of_a_form_are_read() -> None:
    signal, problems = one(FORM)
    assert problems == ()
    assert signal == Signal(
        key="12",
        title="The filter let something through",
        first_seen_at=datetime(2026, 10, 31, tzinfo=UTC),
        occurred_at=datetime(2026, 10, 30, 8, 15, tzinfo=UTC),
        severity=Severity.HIGH,
        incident_kind="near-miss",
        mitigations=("jailbreak-filter", "output-filter"),
        deployment="public-api",
        root_cause="tokenizer-update",
        url="https://github.com/example-lab/framework/issues/12",
    )


def test_questions_that_were_left_open_say_nothing() -> None:
    body = "".join(f"### {heading}\n\n_No response_\n\n" for heading in HEADINGS)
    assert one(body) == one("Written without a form.")


def test_an_issue_without_a_form_came_when_it_got_the_label() -> None:
    assert one("")[0].first_seen_at == CREATED
    labelled = replace(ISSUE, labelled_at=CREATED + timedelta(days=20))
    reading = read(ISSUE, replace(labelled, number=13))
    assert [signal.first_seen_at for signal in reading.signals] == [CREATED, CREATED + timedelta(days=20)]
    assert reading.newest == CREATED + timedelta(days=20)


def test_closed_as_completed_is_resolved_and_closed_otherwise_is_said_and_counts() -> None:
    closed = replace(ISSUE, closed_at=CREATED + timedelta(days=1))
    completed, refused, same = read(
        replace(closed, closed_as="completed"),
        replace(closed, closed_as="not-planned"),
        replace(closed, closed_as="duplicate"),
    ).signals
    assert completed.resolved_at == CREATED + timedelta(days=1)
    assert completed.title == ISSUE.title
    assert [(signal.resolved_at, signal.withdrawn, signal.title) for signal in (refused, same)] == [
        (None, False, f"{ISSUE.title} (closed as not planned)"),
        (None, False, f"{ISSUE.title} (closed as a duplicate)"),
    ]


@pytest.mark.parametrize(
    ("body", "words", "expected"),
    [
        ("### Severity\n\nSEV-0\n", "'severity' is 'SEV-0', none of low", {"severity": Severity.CRITICAL}),
        ("### Occurred at\n\nlast night\n", "'occurred at' is 'last night', not a date", {"occurred_at": None}),
        ("### First seen at\n\n2031-01-01\n", "which lies in the future", {"first_seen_at": CREATED}),
        ("### Kind\n\noutage\n", "'kind' is 'outage'", {"incident_kind": "incident"}),
        ("### Deployment\n\nThe API!\n", "not an id", {"deployment": None}),
        ("### Deployment\n\nno-such-one\n", "names the deployment 'no-such-one'", {"deployment": None}),
        ("### Severity\n\nlow\n\n### Severity\n\nhigh\n", "is answered 2 times", {"severity": Severity.HIGH}),
        ("### Severity\n\nlow\n\n### Severity\n\nx\n", "is answered 2 times", {"severity": Severity.CRITICAL}),
        (
            "### Resolved at\n\n2026-11-02\n\n### Resolved at\n\n2026-11-03\n",
            "is answered 2 times",
            {"resolved_at": None},
        ),
    ],
)
def test_what_cannot_be_understood_is_said_and_counts_as_the_worse(
    body: str, words: str, expected: dict[str, object]
) -> None:
    signal, problems = one(body)
    assert words in problems[0]
    assert {name: getattr(signal, name) for name in expected} == expected


def test_an_unknown_mitigation_counts_for_all_that_the_source_names() -> None:
    signal, problems = one("### Mitigations\n\njailbreak-filter and others\n", mitigations=["staff-training"])
    assert signal.mitigations == ("jailbreak-filter", "staff-training")
    assert "names the mitigation 'and', which the register does not have" in problems[0]


def test_a_month_alone_is_no_instant_and_no_problem() -> None:
    signal, problems = one("### Occurred at\n\n2026-10\n")
    assert (signal.occurred_at, problems) == (None, ())


def test_information_has_a_kind_and_no_severity() -> None:
    body = "### Kind\n\nSafeguard vulnerability\n\n### Severity\n\nhigh\n\n### Mitigation\n\n`jailbreak-filter`\n"
    signal, problems = one(body, gives="information")
    assert problems == ()
    assert (signal.information_kind, signal.incident_kind, signal.severity, signal.mitigations) == (
        "safeguard-vulnerability", None, None, ("jailbreak-filter",)
    )  # fmt: skip


def test_text_in_a_code_fence_is_no_answer() -> None:
    body = "### What happened\n\n```\n### Severity\n\nlow\n```\n\n### Severity\n\nhigh\n"
    assert form_answers(body) == {"severity": ("high",)}


def test_a_source_of_another_repository_asks_for_that() -> None:
    asked: list[tuple[str | None, str]] = []

    def issues(repository: str | None, label: str) -> tuple[LabelledIssue, ...]:
        asked.append((repository, label))
        return ()

    spec = source("issues", label="sev", repository="example-lab/product")
    assert labelled_issues.READER.read(spec, replace(context(), issues=issues)) == SourceReading()
    assert asked == [("example-lab/product", "sev")]


@pytest.mark.slow
@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_is_read_and_the_same_text_gives_the_same_signal(body: str, title: str) -> None:
    issue = replace(ISSUE, body=body.replace("\x00", ""), title=title)
    assert read(issue) == read(issue)
    (signal,) = read(issue).signals
    assert signal.key == "12"
    assert signal.first_seen_at is not None
    assert signal.first_seen_at <= NOW


@given(
    st.lists(st.tuples(st.sampled_from(sorted(HEADINGS)), st.sampled_from(["low", "high", "2026-11-02", "x y", "?"])))
)
def test_answers_in_any_order_and_number_are_read(pairs: list[tuple[str, str]]) -> None:
    signal, _ = one("".join(f"### {heading}\n\n{text}\n\n" for heading, text in pairs))
    severities = [text for heading, text in pairs if heading == "severity"]
    if any(text not in {"low", "high"} for text in severities):
        assert signal.severity is Severity.CRITICAL
    elif severities:
        assert signal.severity is max(map(Severity, severities), key=list(Severity).index)
