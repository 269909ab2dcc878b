"""Law 9: unread is an error. Whatever a verdict needs is read to the end, however much of it there is."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reassay.cli.remote import remote_ports
from reassay.common.command_lines import command_lines
from reassay.github.repository_state import Pull, RepositoryQuery
from reassay_sandbox.state import CheckRun, Queued, Repo, SandboxComment, SandboxReview
from tests.gate_lab import APP, FILES, STAFF_APP, GateLab
from tests.lab import BoxClock, Lab

WATCHED = STAFF_APP + b"oversight: A person reads every answer.\n"


@dataclass(repr=False)
class QuietLab(GateLab):
    """Its words would be larger than what they explain."""


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    found = QuietLab(GateLab.of(make_lab(dict(FILES))).lab)
    found.lab.fine()
    found.lab.later(minutes=5)
    return found


def store_of(gate: GateLab) -> Repo:
    found = gate.lab.box.dispatcher.store.find(gate.lab.name)
    assert found is not None
    return found


def talk(gate: GateLab, number: int, count: int) -> None:
    """So many comments of anybody."""
    with gate.lab.box.dispatcher.lock:
        store, now = gate.lab.box.dispatcher.store, gate.lab.box.clock.now()
        author = store.user("auditor")
        store_of(gate).issues[number].comments += [
            SandboxComment(store.next_id(), "words", author, now, now) for _ in range(count)
        ]


def test_a_veto_behind_1105_comments_counts(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED})
    gate.judge(number)
    gate.say("red-team-lead", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "SUCCESS"
    talk(gate, number, 1105)
    said = gate.say("safety-lead", number, "/reassay hold because wrong")
    assert "put a hold on this" in said
    assert gate.check(number).conclusion == "FAILURE"


def read(gate: GateLab, number: int) -> Pull:
    with remote_ports(gate.lab.name, gate.lab.settings, BoxClock(gate.lab.box)) as ports:
        return ports.github.look((), RepositoryQuery(pulls=(number,), branch="main")).pulls[number]


NO_SHRINKING = (Phase.explicit, Phase.generate)
COUNTS = st.sampled_from([0, 1, 3, 4, 30, 31, 99, 100, 101, 201])


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINKING)
@given(comments=COUNTS, reviews=COUNTS, suites=COUNTS, runs=COUNTS)
def test_comments_reviews_and_checks_are_read_to_their_end(
    gate: GateLab, comments: int, reviews: int, suites: int, runs: int
) -> None:
    if not gate.numbers:
        gate.numbers.append(gate.propose({APP: WATCHED}))
    (number,) = gate.numbers
    head, box = gate.head(number), gate.lab.box
    reviewers = [box.add_user(f"reviewer-{index}") for index in range(reviews)]
    with box.dispatcher.lock:
        store, now, repo = box.dispatcher.store, box.clock.now(), store_of(gate)
        who, ours, pull = store.user("auditor"), store.user("reassay[bot]"), repo.issues[number]
        assert pull.pull is not None
        pull.comments[:] = [SandboxComment(store.next_id(), "words", who, now, now) for _ in range(comments)]
        pull.pull.reviews[:] = [
            SandboxReview(store.next_id(), reviewer, "APPROVED", head, now, "/reassay hold") for reviewer in reviewers
        ]
        repo.checks[:] = [
            CheckRun(store.next_id(), "reassay/main", head, ours, "SUCCESS", str(index), "", "", now, suite=suite)
            for suite, index in [
                *((f"s{index}", index) for index in range(suites)),
                *(("one", index) for index in range(runs)),
            ]
        ]
    pull_request = read(gate, number)
    assert len([comment for comment in pull_request.issue.comments if not comment.is_review]) == comments
    assert len([comment for comment in pull_request.issue.comments if comment.is_review]) == reviews
    assert len(pull_request.reviews) == reviews
    assert len(pull_request.checks) == suites + runs


@pytest.mark.parametrize("forced", [False, True])
def test_what_was_shown_on_any_former_head_is_known_when_a_command_waits(gate: GateLab, forced: bool) -> None:
    number = gate.propose({APP: WATCHED})
    gate.judge(number)
    heads = [gate.head(number)]
    for index in range(12):
        if forced:
            start = gate.lab.repo.head()
            assert start is not None
            gate.lab.repo.push_over("change", start, "auditor")
        heads.append(gate.push({APP: WATCHED + b"users: %d\n" % index}))
    ours = gate.lab.box.dispatcher.store.user("reassay[bot]").login
    for head in heads[1:]:
        gate.lab.repo.check_as(ours, "reassay/main", head, external_id=f"signed/1:{head}")
    gate.lab.say("red-team-lead", number, "/reassay signoff 1")
    assert {check.head for check in read(gate, number).checks} >= set(heads)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINKING)
@given(entries=COUNTS)
def test_a_queue_is_read_to_its_end(gate: GateLab, entries: int) -> None:
    if not gate.numbers:
        gate.numbers.append(gate.propose({APP: WATCHED}))
    with gate.lab.box.dispatcher.lock:
        store_of(gate).queue[:] = [Queued(gate.numbers[0], "main", gate.head(gate.numbers[0])) for _ in range(entries)]
    with remote_ports(gate.lab.name, gate.lab.settings, BoxClock(gate.lab.box)) as ports:
        assert len(ports.github.queue("main")) == entries
        assert len(ports.github.look((), RepositoryQuery(queue="main")).queue) == entries


def test_a_command_in_the_text_of_a_review_is_heard_and_acknowledged_once(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED})
    gate.judge(number)
    gate.lab.later(minutes=2)
    gate.lab.repo.review_as("red-team-lead", number, "COMMENTED", "I looked at it.\n\n/reassay signoff 1\n")
    assert gate.judge(number).conclusion == "SUCCESS"
    assert "signed off row 1" in gate.last(number)
    gate.lab.later(minutes=2)
    gate.lab.repo.review_as("safety-lead", number, "CHANGES_REQUESTED", "/reassay hold because it is wrong")
    assert gate.judge(number).conclusion == "FAILURE"


HEARD = ("hold because wrong",)
QUOTES = (
    "On Mon, 1 Dec 2026 at 10:00, Safety Lead <lead@example.org> wrote:",
    "On Mon, 1 Dec 2026 at 10:00, Safety Lead\n<lead@example.org> wrote:",
    "Am 1. Dez. 2026 um 10:00 schrieb Safety Lead <lead@example.org>:",
    "Le lun. 1 d\u00e9c. 2026 \u00e0 10:00, Safety Lead <lead@example.org> a \u00e9crit :",
    "-----Original Message-----",
    "________________________________\nFrom: Safety Lead <lead@example.org>\nSent: Monday, 1 December 2026\nTo: Auditor",
)


@pytest.mark.parametrize("between", [" ", "\u00a0", "\u202f", "\u2009"])
@pytest.mark.parametrize("below", ["", "\n--\nSafety Lead", "\n-- \nSafety Lead", "\n---\nSafety Lead"])
def test_a_command_is_heard_as_people_write_it(between: str, below: str) -> None:
    assert command_lines(f"/reassay{between}hold{between}because wrong{below}") == HEARD


@pytest.mark.parametrize("quote", QUOTES)
def test_what_a_mail_quotes_is_never_executed_and_what_stands_above_it_is(quote: str) -> None:
    old = f"{quote}\n\n/reassay override because it cannot wait\n"
    assert command_lines(f"Thanks.\n\n{old}") == ()
    assert command_lines(f"/reassay hold because wrong\n\n{old}") == HEARD


@pytest.mark.parametrize(
    "words", ["As the vendor wrote:", "The board wrote in 2026:", "From: the lab", "On Monday we wrote it:"]
)
def test_ordinary_words_before_a_command_hide_nothing(words: str) -> None:
    assert command_lines(f"{words}\n\n/reassay hold because wrong") == HEARD
