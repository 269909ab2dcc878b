"""Labelled issues and global advisories as our client reads them on the wire, with GitHub's descriptions beside it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reassay.common.errors import IssuesOffError, NotFoundError, RejectedError
from reassay.github.client import Client
from reassay.github.signal_feeds import LABELLED_ISSUES, SignalFeeds
from reassay.register.incident import Severity
from reassay.signals.sources import labelled_issues
from reassay_sandbox import Sandbox
from reassay_sandbox.advisories import advisory
from reassay_sandbox.sandbox_repository import SandboxRepository
from tests.contract import description
from tests.unit.signals.sources.feeds_lab import context, source

NAME = "example-lab/framework"


@pytest.fixture
def repo(box: Sandbox) -> SandboxRepository:
    box.add_user("safety-lead")
    return box.add_repo(NAME, files={"README.md": b"x\n"}, collaborators={"safety-lead": "write"})


@pytest.fixture
def feeds(box: Sandbox, repo: SandboxRepository) -> Iterator[SignalFeeds]:
    token = box.token("safety-lead", repo.full_name, permissions={"issues": "read", "metadata": "read"})
    client = Client.connect(token, box.api_url, sleep=lambda _: None)
    yield SignalFeeds(client, NAME)
    client.close()


def test_issues_with_a_label_are_read_open_and_closed_with_their_dates(
    box: Sandbox, repo: SandboxRepository, feeds: SignalFeeds
) -> None:
    start = box.clock.now()
    for title in ("leak", "other", "no fault"):
        number = repo.open_issue_as("safety-lead", title, f"about {title}")
    box.clock.advance(timedelta(hours=3))
    repo.label_as("safety-lead", 1, "Incident")
    repo.label_as("safety-lead", number, "Incident")
    box.clock.advance(timedelta(hours=1))
    repo.unlabel_as("safety-lead", 1, "Incident")
    repo.label_as("safety-lead", 1, "Incident")
    repo.close_as("safety-lead", number, "not_planned")
    first, second = feeds.labelled_issues(None, "incident")
    assert (first.number, first.title, first.body, first.closed_at, first.closed_as) == (
        1, "leak", "about leak", None, None
    )  # fmt: skip
    assert first.created_at == start.replace(microsecond=0)
    assert first.labelled_at == (start + timedelta(hours=3)).replace(microsecond=0)
    assert first.labels == ("Incident",)
    assert (second.number, second.closed_as) == (3, "not-planned")
    assert second.closed_at == (start + timedelta(hours=4)).replace(microsecond=0)


@pytest.mark.long
def test_every_page_of_issues_is_read(box: Sandbox, repo: SandboxRepository, feeds: SignalFeeds) -> None:
    for index in range(103):
        repo.label_as("safety-lead", repo.open_issue_as("safety-lead", f"report {index}"), "incident")
    before = len(box.traffic)
    assert [issue.number for issue in feeds.labelled_issues(NAME, "incident")] == list(range(1, 104))
    assert len(box.traffic) - before == 2


@pytest.mark.long
def test_what_cannot_be_read_is_never_an_empty_list(box: Sandbox, repo: SandboxRepository, feeds: SignalFeeds) -> None:
    with pytest.raises(NotFoundError, match="there is no label 'incident'"):
        feeds.labelled_issues(None, "incident")
    with pytest.raises(NotFoundError, match="example-lab/elsewhere: GitHub finds no repository"):
        feeds.labelled_issues("example-lab/elsewhere", "incident")
    box.dispatcher.store.repos[NAME].has_issues = False
    with pytest.raises(IssuesOffError):
        feeds.labelled_issues(None, "incident")


def test_a_filed_form_is_an_incident_of_a_source_of_this_repository(
    repo: SandboxRepository, feeds: SignalFeeds
) -> None:
    body = "### Severity\n\nhigh\n\n### First seen at\n\n2026-11-01\n\n### Deployment\n\n_No response_"
    number = repo.open_issue_as("safety-lead", "A leak", body)
    repo.label_as("safety-lead", number, "incident")
    given = replace(context(), issues=feeds.labelled_issues)
    reading = labelled_issues.READER.read(source("issues", label="incident"), given)
    (signal,) = reading.signals
    assert (signal.key, signal.title, signal.severity) == (str(number), "A leak", Severity.HIGH)
    assert (signal.first_seen_at, reading.problems) == (datetime(2026, 11, 1, tzinfo=UTC), ())


def test_a_label_without_issues_is_an_empty_list(repo: SandboxRepository, feeds: SignalFeeds) -> None:
    repo.label_as("safety-lead", repo.open_issue_as("safety-lead", "x"), "incident")
    repo.unlabel_as("safety-lead", 1, "incident")
    assert feeds.labelled_issues(None, "incident") == ()


def test_advisories_of_a_package_are_read_with_malware_and_on_every_page(box: Sandbox, feeds: SignalFeeds) -> None:
    for index in range(101):
        box.add_advisory(advisory(f"GHSA-{index:04d}-aaaa-bbbb", "pip", "vllm"))
    box.add_advisory(advisory("GHSA-mmmm-aaaa-bbbb", "pip", "vllm", kind="malware"))
    box.add_advisory(advisory("GHSA-oooo-aaaa-bbbb", "npm", "vllm"))
    box.add_advisory(advisory("GHSA-pppp-aaaa-bbbb", "pip", "other"))
    before = len(box.traffic)
    read = feeds.advisories("pip", "vllm")
    assert [row["ghsa_id"] for row in read] == [
        *(f"GHSA-{index:04d}-aaaa-bbbb" for index in reversed(range(101))), "GHSA-mmmm-aaaa-bbbb"
    ]  # fmt: skip
    assert len(box.traffic) - before == 3
    assert feeds.advisories("pip", "nothing-about-it") == ()


@pytest.mark.complaints_expected
def test_an_ecosystem_that_github_does_not_know_is_refused(feeds: SignalFeeds) -> None:
    with pytest.raises(RejectedError):
        feeds.advisories("models", "example-model")


@pytest.mark.skipif(not description.is_there(), reason=description.REASON)
def test_the_query_is_one_that_github_understands() -> None:
    assert description._graphql_document(LABELLED_ISSUES) == []


def test_dates_are_instants(box: Sandbox, repo: SandboxRepository, feeds: SignalFeeds) -> None:
    repo.label_as("safety-lead", repo.open_issue_as("safety-lead", "x"), "incident")
    (issue,) = feeds.labelled_issues(None, "incident")
    assert isinstance(issue.created_at, datetime)
    assert issue.created_at.tzinfo is not None
    assert issue.created_at.astimezone(UTC) == issue.created_at
