"""No path leads from one installation to another's repository, whatever the tables or a waiting job say."""

import pytest

from reassay.common.errors import NotAllowedError
from reassay.github.app_types import HostedRepository
from reassay.github.tokens import LOOKS
from reassay.hosted.jobs.reconcile import RetryLater
from reassay.hosted.repositories import INSTALLATIONS
from reassay.hosted.rules.subject import Job
from reassay_sandbox.faults import Fault
from tests.hosted.hosted_lab import FIRST, SECOND, HostedLab


def writes_to(hosted: HostedLab, name: str) -> list[str]:
    return [each.path for each in hosted.box.writes() if f"/{name}/" in each.path]


@pytest.mark.long
def test_a_table_that_is_wrong_gives_no_access(hosted: HostedLab) -> None:
    hosted.tick()
    hosted.database.run("delete from procrastinate_jobs")
    one, other = (hosted.jobs.repositories.find(hosted.id_of(name)) for name in (FIRST, SECOND))
    assert one is not None
    assert other is not None
    hosted.database.run(
        "update reassay_repositories set installation_id = %s where id = %s", (one.installation, other.id)
    )
    with hosted.box.readonly():
        outcome = hosted.jobs.runner.run(Job(hosted.subject(SECOND)))
    assert isinstance(outcome, RetryLater)
    assert "the installation has no access" in outcome.why
    # The next tick asks GitHub again, and mends the table.
    hosted.tick()
    mended = hosted.jobs.repositories.find(other.id)
    assert mended is not None
    assert mended.installation == other.installation


@pytest.mark.long
def test_a_token_is_for_one_repository_and_a_look_can_only_read(hosted: HostedLab) -> None:
    hosted.tick()
    one, other = (hosted.jobs.repositories.find(hosted.id_of(name)) for name in (FIRST, SECOND))
    assert one is not None
    assert other is not None
    access = hosted.jobs.tokens.for_repository(one.installation, one.id)
    assert access.full_name == FIRST
    token = hosted.box.dispatcher.store.tokens[access.token]
    assert token.repositories == frozenset({one.id})
    looks = hosted.box.dispatcher.store.tokens[hosted.jobs.tokens.for_looks(one.installation).token]
    assert dict(looks.permissions) == LOOKS
    with pytest.raises(NotAllowedError, match="gives no token"):
        hosted.jobs.tokens.for_repository(one.installation, other.id)
    assert access.token not in repr(access) + repr(access.client) + repr(hosted.jobs.tokens)


@pytest.mark.long
def test_tokens_are_kept_until_shortly_before_they_expire(hosted: HostedLab) -> None:
    hosted.tick()
    one = hosted.jobs.repositories.find(hosted.id_of(FIRST))
    assert one is not None
    first = hosted.jobs.tokens.for_repository(one.installation, one.id)
    hosted.hours(0.8)
    assert hosted.jobs.tokens.for_repository(one.installation, one.id) is first
    hosted.hours(0.1)
    assert hosted.jobs.tokens.for_repository(one.installation, one.id) is not first
    assert len(hosted.jobs.tokens.kept) == 1


@pytest.mark.long
def test_a_repository_that_was_taken_away_is_not_touched_any_more(hosted: HostedLab) -> None:
    hosted.round()
    subject, number = hosted.subject(FIRST), hosted.box.repo(FIRST).issues()[0].number
    copy = hosted.data / "git" / f"{subject.repository}.git"
    assert copy.exists()
    hosted.box.take_away(hosted.app_id, FIRST)
    hosted.box.repo(FIRST).comment_as("safety-lead", number, "/reassay explain")
    hosted.jobs.queue.defer([subject])
    with hosted.box.readonly():
        hosted.work()
        hosted.later()
        hosted.work()
        hosted.tick()
        assert hosted.jobs.repositories.find(subject.repository) is None
        assert not copy.exists()
        hosted.jobs.queue.defer([subject])
        hosted.later()
        hosted.work()
    assert hosted.jobs.dead_letters.listed() == ()
    assert hosted.waiting() == []


@pytest.mark.long
def test_a_suspended_installation_is_left_alone_and_taken_up_again(hosted: HostedLab) -> None:
    hosted.tick()
    hosted.database.run("delete from procrastinate_jobs")
    one = hosted.jobs.repositories.find(hosted.id_of(FIRST))
    assert one is not None
    hosted.box.suspend(hosted.app_id, one.installation)
    hosted.hours(1)
    hosted.tick()
    before = hosted.titles(FIRST)
    hosted.work()
    assert hosted.titles(FIRST) == before == []
    hosted.box.suspend(hosted.app_id, one.installation, suspended=False)
    hosted.hours(1)
    hosted.round()
    assert len(hosted.titles(FIRST)) == 2


@pytest.mark.long
def test_an_uninstalled_app_forgets_everything_of_the_account(hosted: HostedLab) -> None:
    hosted.round()
    one = hosted.jobs.repositories.find(hosted.id_of(FIRST))
    assert one is not None
    hosted.box.uninstall(hosted.app_id, one.installation)
    hosted.hours(1)
    hosted.tick()
    hosted.hours(6)
    hosted.tick()
    assert hosted.jobs.repositories.find(one.id) is None
    assert hosted.database.rows("select count(*) from reassay_due where repository_id = %s", (one.id,)) == [(0,)]
    assert hosted.jobs.mirrors.ids() == (hosted.id_of(SECOND),)


@pytest.mark.long
def test_a_renamed_repository_is_followed_and_its_old_name_is_nobodys(hosted: HostedLab) -> None:
    hosted.round()
    hosted.hours(1)
    hosted.round()
    number = hosted.id_of(FIRST)
    hosted.box.rename(FIRST, "example-lab/renamed")
    # Somebody else takes the old name: what was meant is the id.
    hosted.box.dispatcher.store.renamed.clear()
    hosted.add("example-lab/another")
    hosted.box.rename("example-lab/another", FIRST)
    hosted.box.dispatcher.store.renamed.clear()
    stranger = hosted.box.repo(FIRST)
    hosted.jobs.queue.defer([hosted.subject("example-lab/renamed")])
    hosted.jobs.tokens.forget(0)
    for _ in range(3):
        hosted.work()
        hosted.later()
    assert stranger.issues() == ()
    hosted.hours(1)
    hosted.round()
    found = hosted.jobs.repositories.find(number)
    assert found is not None
    assert found.full_name == "example-lab/renamed"
    assert stranger.issues() == ()
    hosted.box.repo("example-lab/renamed").comment_as(
        "safety-lead", hosted.box.repo("example-lab/renamed").issues()[0].number, "/reassay explain"
    )
    hosted.hours(1)
    hosted.round()
    assert len(hosted.box.repo("example-lab/renamed").issues()[0].comments) > 1
    assert all(hosted.fine().values())


@pytest.mark.long
def test_a_listing_that_fails_forgets_nobody(hosted: HostedLab) -> None:
    hosted.tick()
    hosted.box.faults.add(Fault("500", r"GET /api/v3/installation/repositories", times=20))
    hosted.hours(1)
    hosted.tick()
    assert set(hosted.fine()) == {FIRST, SECOND}
    hosted.box.faults.clear()


@pytest.mark.long
def test_a_repository_that_is_added_later_is_swept_at_once(hosted: HostedLab) -> None:
    hosted.round()
    hosted.hours(0.1)
    hosted.box.install(hosted.app_id, hosted.add("example-lab/second").full_name)
    # As the delivery about it asks.
    hosted.jobs.claims.release(INSTALLATIONS)
    hosted.round()
    assert hosted.titles("example-lab/second")


@pytest.mark.long
def test_an_empty_repository_is_no_failure(hosted: HostedLab) -> None:
    hosted.box.add_repo("example-lab/empty", files={})
    hosted.box.install(hosted.app_id, "example-lab/empty")
    hosted.round()
    assert hosted.fine()["example-lab/empty"]
    assert hosted.waiting() == []
    assert hosted.jobs.dead_letters.listed() == ()


def test_what_is_listed_has_ids_that_cannot_be_guessed_into_another_account(hosted: HostedLab) -> None:
    hosted.tick()
    one = hosted.jobs.repositories.find(hosted.id_of(FIRST))
    assert one is not None
    # An installation that claims a repository it does not have moves a row, and gets no token for it.
    hosted.jobs.repositories.keep_repositories(
        one.installation,
        [
            HostedRepository(one.id, one.installation, FIRST),
            HostedRepository(hosted.id_of(SECOND), one.installation, SECOND),
        ],
        hosted.box.clock.now(),
    )
    with hosted.box.readonly():
        assert isinstance(hosted.jobs.runner.run(Job(hosted.subject(SECOND))), RetryLater)
    assert isinstance(hosted.jobs.repositories.find(one.id), HostedRepository)
