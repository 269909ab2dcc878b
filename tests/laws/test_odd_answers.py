"""Law: an answer that is not what GitHub's description says is asked for again, or is one clear error; never a traceback,
never "there is none", and never a write done twice.

Every request that the product makes, and every odd answer to it.
"""

import inspect
import re
from collections.abc import Callable
from datetime import timedelta
from typing import get_args

import pytest

from reassay.common.errors import LockedError, NotAllowedError, OddAnswerError, ReassayError, UpstreamError
from reassay.github.activity_query import ActivityQuery
from reassay.github.answers import MAY_BE_HIDDEN, GitHubAnswer, graphql_data, readable_parts
from reassay.github.app_api import AppApi
from reassay.github.client import Client
from reassay.github.drafts import CheckDraft, IssueChange, IssueDraft, Label, PullRequestDraft, StickyDraft
from reassay.github.ledger import GitHubLedger
from reassay.github.odd_answers import PAUSES
from reassay.github.repository import GitHubRepository
from reassay.github.repository_settings import RepositorySettings
from reassay.github.repository_state import RepositoryQuery
from reassay.github.tokens import Tokens
from reassay_sandbox import Fault
from reassay_sandbox.faults import Kind, OddKind, RefusedKind
from tests.gate_lab import APP, FILES, STAFF_APP, GateLab
from tests.lab import BoxClock, Lab

ODD: tuple[Kind, ...] = get_args(OddKind)
REFUSED: tuple[Kind, ...] = get_args(RefusedKind)
HARMLESS = {"wrong-type"}
Asked = Callable[[GitHubRepository, RepositorySettings], object]
NEVER = 10_000


def everything(lab: Lab) -> RepositoryQuery:
    return RepositoryQuery(
        logins=("safety-lead",), teams=("example-lab/board",), register=("framework",), since=lab.box.clock.now(),
        pulls=(2,), open_pulls=True, queue="main", recent="labelled", recent_pulls=True,
        closed_since=lab.box.clock.now() - timedelta(days=9), branch="main", pushers=True,
    )  # fmt: skip


def readers(lab: Lab) -> dict[str, Asked]:
    now, head = lab.box.clock.now(), lab.repo.head() or ""
    return {
        "look": lambda github, _: github.look({1}, everything(lab)),
        "arrived": lambda github, _: github.arrived([head]),
        "protection": lambda github, _: github.protection(),
        "queue": lambda github, _: github.queue("main"),
        "own_checks": lambda github, _: github.own_checks("main", [head]),
        "find_claims": lambda github, _: github.find_claims(["00"], now - timedelta(days=9), ["reassay[bot]"]),
        "issues_with_commands": lambda github, _: github.issues_with_commands(now - timedelta(days=9)),
        "find_pull_request": lambda github, _: github.find_pull_request("change"),
        "find_notice": lambda github, _: github.find_notice("<!--", ["reassay[bot]"]),
        "branch": lambda _, settings: settings.branch("main"),
        "environments": lambda _, settings: settings.environments(),
        "secrets": lambda _, settings: settings.secrets(),
        "workflow_rights": lambda _, settings: settings.workflow_rights(),
    }


def writers(lab: Lab) -> dict[str, Asked]:
    look = GitHubRepository(client(lab), lab.name).look({1}, everything(lab))
    head, node = lab.repo.pull_head(2), look.repository_node
    check = CheckDraft("reassay/main", head, "success", "a b", "Ready", "Ready")
    comment = look.issues[1].comments[0]
    notice = GitHubRepository(client(lab), lab.name).create_notice(head, "words")
    draft = PullRequestDraft("own", "main", lab.repo.head() or "", "a.txt", "a", "A", "b")
    return {
        "publish": lambda github, _: github.publish(node, check, StickyDraft(look.pulls[2].node_id, "words")),
        "create_label": lambda github, _: github.create_label(Label("a label", "ffffff", "one")),
        "create_issue": lambda github, _: github.create_issue(IssueDraft("One", "body", (), ())),
        "change_issue": lambda github, _: github.change_issue(1, IssueChange(title="Other")),
        "comment": lambda github, _: github.comment(1, "words"),
        "react": lambda github, _: github.react(comment, "+1"),
        "create_pull_request": lambda github, _: github.create_pull_request(draft),
        "change_pull_request": lambda github, _: github.change_pull_request(2, "Other", "body"),
        "create_notice": lambda github, _: github.create_notice(head, "words"),
        "change_notice": lambda github, _: github.change_notice(notice, "other words"),
    }


def client(lab: Lab) -> Client:
    settings = lab.settings
    return Client.connect(settings.token, settings.api_url, write_pause=0, sleep=BoxClock(lab.box).sleep)


@pytest.fixture
def busy(make_lab: Callable[..., Lab]) -> Lab:
    """A repository with an issue, a pull request, a label and a comment on a commit."""
    lab = make_lab(dict(FILES))
    lab.box.add_team("example-lab/board", "release-manager")
    lab.repo.open_issue_as("safety-lead", "One")
    lab.say("safety-lead", 1, "/reassay explain")
    GateLab.of(lab).propose({APP: STAFF_APP + b"oversight: A person reads every answer.\n"})
    lab.repo.set_up(**{"rules/branches/main": [{"type": "deletion", "ruleset_id": 7}], "rulesets/7": {"id": 7}})
    token = lab.box.token(
        "reassay[bot]", lab.name, permissions={**dict.fromkeys(
            ("issues", "contents", "pull_requests", "checks"), "write"), **dict.fromkeys(
            ("metadata", "members", "administration", "actions", "secrets", "merge_queues"), "read")},
    )  # fmt: skip
    lab.settings = GateLab.of(lab).lab.settings.__class__(
        token=token, api_url=lab.box.api_url, server_url=lab.box.url, write_pause=0, run=""
    )
    return lab


def asked(lab: Lab, ask: Asked) -> object:
    own = client(lab)
    try:
        return ask(GitHubRepository(own, lab.name), RepositorySettings(own, lab.name))
    finally:
        own.close()


def refusal(lab: Lab, ask: Asked) -> ReassayError | None:
    """The one kind of error that may come; anything else is a failure of the test."""
    try:
        asked(lab, ask)
    except ReassayError as error:
        return error
    return None


def test_no_method_that_asks_github_is_left_out_of_this_law(busy: Lab) -> None:
    covered = readers(busy).keys() | writers(busy).keys()
    for kind in (GitHubRepository, RepositorySettings):
        methods = {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}
        assert methods <= covered
    for owner in (GitHubRepository, RepositorySettings, AppApi, GitHubLedger, ActivityQuery, Tokens):
        for name, method in inspect.getmembers(owner, inspect.isfunction):
            if not name.startswith("_") and re.search(r"self\.(client|app)\.(?!close)", inspect.getsource(method)):
                assert hasattr(method, "__wrapped__"), f"{owner.__name__}.{name} is neither @reads nor @writes"


@pytest.mark.parametrize("kind", ODD)
def test_every_read_is_asked_again_and_then_as_if_nothing_had_been(busy: Lab, kind: Kind) -> None:
    for name, ask in readers(busy).items():
        plain = asked(busy, ask)
        busy.box.faults.add(Fault(kind, "any"))
        before = busy.box.clock.now()
        again = asked(busy, ask)
        if not may_be_true(kind, name):
            assert again == plain, name
            assert kind in HARMLESS or busy.box.clock.now() > before, f"{name}: asked again without a pause"
        busy.box.faults.clear()


@pytest.mark.long
@pytest.mark.parametrize("kind", ODD)
def test_every_read_that_stays_odd_is_one_clear_error_after_a_few_tries(busy: Lab, kind: Kind) -> None:
    for name, ask in readers(busy).items():
        busy.box.faults.add(Fault(kind, "any", times=NEVER))
        before = len(busy.box.traffic)
        if kind in HARMLESS or may_be_true(kind, name):
            asked(busy, ask)
        else:
            with pytest.raises(UpstreamError) as error:
                asked(busy, ask)
            assert "GitHub" in error.value.message
            assert error.value.remedy, "what to do next"
            assert len(busy.box.traffic) - before <= 2 * (len(PAUSES) + 1)
        busy.box.faults.clear()


def may_be_true(kind: Kind, name: str) -> bool:
    """An empty list of rows is what GitHub answers where there are none."""
    rows = {"find_claims", "issues_with_commands", "find_pull_request", "find_notice"}
    # A commit may also be in a pull request of another repository, which is left out; and where no list is, none is empty.
    whole = {"arrived", "workflow_rights"}
    return (kind == "list" and name in {*rows, "branch"}) or (kind == "null-nodes" and name in whole)


@pytest.mark.long
@pytest.mark.complaints_expected
@pytest.mark.parametrize("kind", ODD)
def test_no_write_is_done_twice_whatever_is_answered(busy: Lab, kind: Kind) -> None:
    for name, ask in writers(busy).items():
        busy.box.faults.add(Fault(kind, "write", times=NEVER))
        before = len(busy.box.writes())
        error = refusal(busy, ask)
        assert error is None or error.remedy, name
        operations = [request.operation for request in busy.box.writes()[before:]]
        assert operations, name
        assert len(set(operations)) == len(operations), name
        busy.box.faults.clear()


@pytest.mark.long
@pytest.mark.parametrize("kind", REFUSED)
def test_every_refusal_is_a_typed_error_that_says_what_to_do(busy: Lab, kind: Kind) -> None:
    for name, ask in (*readers(busy).items(), *writers(busy).items()):
        busy.box.faults.add(Fault(kind, "any", times=NEVER))
        error = refusal(busy, ask)
        assert error is None or error.remedy, name
        if error is not None and kind.endswith(("html", "redirect")):
            assert "GitHub answered" in error.message, name
        busy.box.faults.clear()


def test_a_locked_repository_is_no_locked_conversation() -> None:
    def refused(message: str) -> ReassayError:
        return GitHubAnswer(403, {}, f'{{"message": "{message}"}}', "POST /issues/5/comments").refusal()

    assert isinstance(refused("Unable to create comment because issue is locked."), LockedError)
    assert not isinstance(refused("Repository is locked for migration."), LockedError)


def test_a_server_that_is_too_old_for_a_part_is_not_allowed_to_show_it() -> None:
    error = '{"message": "Field \'rules\' doesn\'t exist on type \'Ref\'", "extensions": {"code": "undefinedField"}}'
    with pytest.raises(NotAllowedError, match="does not know it"):
        readable_parts(GitHubAnswer(200, {}, f'{{"errors": [{error}]}}', "POST /graphql"))


def test_an_error_that_names_an_empty_place_explains_that_one_and_no_other() -> None:
    def answered(data: str, path: str) -> GitHubAnswer:
        error = f'[{{"type": "NOT_FOUND", "path": {path}, "message": "gone"}}]'
        return GitHubAnswer(200, {}, f'{{"data": {data}, "errors": {error}}}', "POST /graphql")

    assert graphql_data(answered('{"u0": null}', '["u0"]')) == {"u0": None}
    with pytest.raises(OddAnswerError, match=r"nothing at repository\.comments\.nodes\.1"):
        graphql_data(answered('{"u0": null, "repository": {"comments": {"nodes": [{}, null]}}}', '["u0"]'))
    hidden = '{"repository": {"associatedPullRequests": {"nodes": [null]}, "x": 1}, "u0": null}'
    assert graphql_data(answered(hidden, '["u0"]'))
    assert {"associatedPullRequests"} == MAY_BE_HIDDEN
