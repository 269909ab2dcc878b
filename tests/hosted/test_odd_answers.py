"""A job of the App whose answers are odd is delayed and seen, and what was asked for is done once they are answers again."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from reassay.common.errors import UpstreamError
from reassay.github.activity_query import ActivityQuery
from reassay.github.app_api import AppApi
from reassay.github.client import Client
from reassay.github.tokens import Tokens
from reassay.hosted.rules.backoff import MOST_FAILURES
from reassay.hosted.rules.subject import JobSubject
from reassay_sandbox import Fault
from reassay_sandbox.faults import Kind
from tests.hosted.hosted_lab import FIRST, PEM, SECOND, HostedLab
from tests.lab import BoxClock

pytestmark = pytest.mark.long

NEVER = 10_000
LOGGER = "reassay.jobs"


def concluded(hosted: HostedLab) -> int:
    """An issue with a command that nobody has answered yet."""
    hosted.round()
    number = next(issue.number for issue in hosted.box.repo(FIRST).issues() if "Staff" in issue.title)
    hosted.hours(1)
    hosted.box.repo(FIRST).comment_as("safety-lead", number, "/reassay conclude effective because fine")
    hosted.jobs.queue.defer([JobSubject(hosted.id_of(FIRST), "issue", number)])
    return number


@pytest.mark.parametrize(
    "kind", ["404", "404-html", "403-html", "401-html", "redirect", "html", "no-data", "cut-off", "null"]
)
def test_a_command_is_never_done_while_graphql_does_not_answer(
    hosted: HostedLab, kind: Kind, caplog: pytest.LogCaptureFixture
) -> None:
    number = concluded(hosted)
    hosted.box.faults.add(Fault(kind, "QUERY", times=NEVER))
    caplog.clear()
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            hosted.work()
            hosted.later()
    about = [record for record in caplog.records if record.name == LOGGER and f":{number}" in record.getMessage()]
    assert about, "it is said"
    assert all(record.levelno >= logging.WARNING for record in about)
    assert all("GitHub" in record.getMessage() for record in about)
    assert hosted.waiting(), "it is tried again"
    assert hosted.box.repo(FIRST).issue(number).state == "open"
    hosted.box.faults.clear()
    for _ in range(4):
        hosted.work()
        hosted.later()
        hosted.hours(0.1)
    assert hosted.box.repo(FIRST).issue(number).state == "closed"
    assert hosted.jobs.dead_letters.listed() == ()


@pytest.mark.parametrize(("kind", "attempts"), [("401", MOST_FAILURES + 3), ("404", 3), ("forbidden", 3)])
def test_a_command_is_never_done_while_github_gives_the_app_no_token(
    hosted: HostedLab, kind: Kind, attempts: int, caplog: pytest.LogCaptureFixture
) -> None:
    number = concluded(hosted)
    repository = hosted.jobs.repositories.find(hosted.id_of(FIRST))
    assert repository is not None
    hosted.jobs.tokens.forget(repository.installation, repository.id)
    hosted.box.faults.add(Fault(kind, r"POST /api/v3/app/installations/\d+/access_tokens", times=NEVER))
    caplog.clear()
    with caplog.at_level(logging.INFO):
        for _ in range(attempts):
            hosted.work()
            hosted.later()
    about = [record for record in caplog.records if record.name == LOGGER and f":{number}" in record.getMessage()]
    assert len(about) >= attempts - 1
    assert all(record.levelno >= logging.WARNING for record in about)
    assert hosted.waiting(), "it is tried again"
    hosted.box.faults.clear()
    for _ in range(2):
        hosted.work()
        hosted.later()
    assert hosted.box.repo(FIRST).issue(number).state == "closed"
    assert hosted.jobs.dead_letters.listed() == ()


@pytest.mark.parametrize("kind", ["empty", "null", "html", "list", "empty-text", "cut-off", "no-fields"])
def test_a_token_that_is_none_delays_its_repository_and_no_other(hosted: HostedLab, kind: Kind) -> None:
    hosted.tick()
    hosted.box.faults.add(Fault(kind, r"POST /api/v3/app/installations/\d+/access_tokens", times=3))
    for _ in range(6):
        hosted.work()
        hosted.later()
        hosted.hours(0.1)
    assert hosted.titles(FIRST)
    assert hosted.titles(SECOND)


# An empty list is what GitHub answers where the App is installed nowhere.
@pytest.mark.parametrize("kind", ["null", "html", "cut-off", "no-fields"])
def test_a_list_of_installations_that_is_none_takes_no_repository_away(hosted: HostedLab, kind: Kind) -> None:
    hosted.round()
    before = hosted.fine()
    hosted.hours(2)
    hosted.box.faults.add(Fault(kind, r"GET /api/v3/(app/installations|installation/repositories)", times=NEVER))
    hosted.tick()
    assert hosted.fine() == before


def asking(hosted: HostedLab) -> dict[str, Callable[[], object]]:
    """Everything that the App asks as itself."""
    clock = BoxClock(hosted.box)
    app = Client.as_app(hosted.app_id, PEM, hosted.box.api_url, sleep=clock.sleep)

    def connected(token: str, _installation: int) -> Client:
        return Client.connect(token, hosted.box.api_url, write_pause=0, sleep=clock.sleep)

    tokens = Tokens(app, connected, clock.now)
    api, installation = AppApi(app, tokens), next(iter(hosted.app.installations))
    repositories = api.repositories(installation)
    tokens.kept.clear()
    return {
        "installations": api.installations,
        "repositories": lambda: api.repositories(installation),
        "deliveries": lambda: api.deliveries(clock.now() - timedelta(days=1)),
        "activity": lambda: ActivityQuery(tokens).read(installation, repositories),
        "token": lambda: tokens.for_repository(installation, repositories[0].id).full_name,
    }


@pytest.mark.parametrize(
    "kind", ["empty", "null", "empty-text", "html", "cut-off", "cut-short", "no-data", "no-fields"]
)
def test_whatever_the_app_asks_as_itself_is_asked_again_or_one_clear_error(hosted: HostedLab, kind: Kind) -> None:
    for name, ask in asking(hosted).items():
        hosted.box.faults.add(Fault(kind, "any", times=NEVER))
        before = len(hosted.box.traffic)
        with pytest.raises(UpstreamError, match="GitHub"):
            ask()
        assert len(hosted.box.traffic) - before <= 9, name
        hosted.box.faults.clear()
