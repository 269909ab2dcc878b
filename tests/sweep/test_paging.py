"""High and critical incidents go out at once, to a real receiver that checks the signature, and each only once."""

import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from reassay.ledger.signals import Paged, PagingBegan
from reassay.signals.fetching.fetch_settings import FetchSettings, HostPort, SourceSecret
from reassay.sweep.paging import MOST_FAILURES
from reassay.sweep.report import Report
from tests.lab import REPOSITORY, Lab
from tests.receiver import Receiver, receiving

KEY = "the key that signs messages"
PATH = "/services/T0/B0/the-secret-part"
REGISTER = """\
mode: remind
timezone: Europe/Berlin
notifications:
  webhooks:
    - {{id: on-call, format: slack, secret: ON_CALL}}
    - {{id: pager, format: json, secret: PAGER, url: "http://127.0.0.1:{port}/page"}}
mitigations:
  - id: jailbreak-filter
    title: Input filter blocks known jailbreak families
    owner: safety-lead
    assessor: red-team-lead
    every: 6 months
    last_assessed: 2026-06-11
"""
INCIDENTS = "incidents:\n"


def incident(name: str, severity: str, title: str = "It got through", more: str = "") -> str:
    return (
        f"  - {{id: {name}, title: {json.dumps(title)}, severity: {severity}, first_seen_at: 2026-11-30T08:00Z,"
        f" mitigations_failed: [jailbreak-filter]{more}}}\n"
    )


def declared(port: int, repositories: frozenset[str] | None = frozenset({REPOSITORY})) -> FetchSettings:
    place = HostPort("127.0.0.1", port)
    return FetchSettings(
        {
            "ON_CALL": SourceSecret(place, f"http://127.0.0.1:{port}{PATH}", repositories),
            "PAGER": SourceSecret(place, KEY.replace(" ", "-"), repositories),
        },
        frozenset({place}),
        frozenset({place}),
    )


@dataclass
class PagingLab:
    """A framework with two outgoing webhooks."""

    lab: Lab
    receiver: Receiver

    def incidents(self, *entries: str, head: str = "") -> None:
        text = (head or REGISTER.format(port=self.receiver.port)) + (INCIDENTS + "".join(entries) if entries else "")
        self.lab.register(text.encode())

    def sweep(self, **options: object) -> Report:
        return self.lab.sweep(**options)  # type: ignore[arg-type] # test options

    def recorded(self) -> list[Paged]:
        content = self.sweep(dry_run=True).content
        assert content is not None
        return [entry.body for entry in content.ledger.entries if isinstance(entry.body, Paged)]


@pytest.fixture
def paging(make_lab: Callable[..., Lab]) -> Iterator[PagingLab]:
    with receiving() as receiver:
        lab = make_lab({"framework/mitigations.yml": REGISTER.format(port=receiver.port).encode()})
        lab.settings = replace(lab.settings, sources=declared(receiver.port))
        yield PagingLab(lab, receiver)


def test_what_is_there_at_first_is_not_told_and_what_comes_later_is_told_once(paging: PagingLab) -> None:
    old, new = incident("old-leak", "critical"), incident("new-leak", "critical", "The filter leaks")
    paging.incidents(old)
    paging.lab.fine()
    assert paging.receiver.messages == []
    # A Sunday.
    paging.lab.later(days=5)
    paging.incidents(old, new, incident("small", "medium"))
    paging.lab.fine()
    assert len(paging.receiver.messages) == 2
    (document,) = paging.receiver.documents("/page")
    number = next(issue.number for issue in paging.lab.repo.issues() if "filter" in issue.title)
    assert document["about"] == "incident/new-leak"
    assert document["severity"] == "critical"
    assert document["title"] == "The filter leaks"
    assert document["mitigations"] == ["jailbreak-filter"]
    assert document["issue"].endswith(f"/{REPOSITORY}/issues/{number}")
    assert document["reassessment"] == "R-2026-001"
    assert "/reassay contain restrict because" in document["what_to_do"]
    with paging.lab.box.readonly():
        assert paging.lab.fine().done == ()
    assert len(paging.receiver.messages) == 2


def test_the_signature_is_over_time_and_body_and_the_address_of_slack_is_the_secret(paging: PagingLab) -> None:
    paging.lab.fine()
    paging.incidents(incident("leak", "high"))
    paging.lab.fine()
    _, headers, body = next(message for message in paging.receiver.messages if message[0] == "/page")
    timestamp = headers["x-reassay-timestamp"]
    expected = hmac.new(KEY.replace(" ", "-").encode(), timestamp.encode() + b"." + body, "sha256").hexdigest()
    assert headers["x-reassay-signature"] == f"v1={expected}"
    assert int(timestamp) == int(paging.lab.box.clock.now().timestamp())
    assert headers["x-reassay-delivery"] == json.loads(body)["id"]
    (slack,) = (message for message in paging.receiver.messages if message[0] == PATH)
    assert "x-reassay-signature" not in slack[1]


def test_a_severity_that_is_raised_is_told_and_one_that_is_lowered_is_not(paging: PagingLab) -> None:
    paging.incidents(incident("leak", "high"))
    paging.lab.fine()
    paging.incidents(incident("leak", "critical"))
    paging.lab.fine()
    assert [(own["severity"], own["raised_from"]) for own in paging.receiver.documents("/page")] == [
        ("critical", "high")
    ]
    paging.incidents(incident("leak", "high"))
    paging.lab.fine()
    paging.incidents(incident("leak", "critical"))
    paging.lab.fine()
    assert len(paging.receiver.documents("/page")) == 1


@pytest.mark.long
def test_what_is_told_of_further_severities_is_not_told_what_is_there(paging: PagingLab) -> None:
    paging.incidents(incident("small", "medium"))
    paging.lab.fine()
    head = REGISTER.format(port=paging.receiver.port).replace(
        "secret: PAGER", "secret: PAGER, severities: [medium, high]"
    )
    paging.incidents(incident("small", "medium"), head=head)
    paging.lab.fine()
    assert paging.receiver.documents("/page") == []
    paging.incidents(incident("small", "medium"), incident("other", "medium"), head=head)
    paging.lab.fine()
    assert [own["about"] for own in paging.receiver.documents("/page")] == ["incident/other"]


@pytest.mark.long
def test_a_message_that_is_not_taken_is_recorded_once_and_sent_again_with_the_same_key_until_it_is(
    paging: PagingLab,
) -> None:
    paging.lab.fine()
    paging.receiver.status = 500
    paging.incidents(incident("leak", "critical"))
    report = paging.sweep()
    words = [problem.message for problem in report.problems if problem.what == "paging"]
    assert any(
        "pager could not be told of incident/leak/critical: 127.0.0.1" in text and "answered 500" in text
        for text in words
    )
    assert [(own.hook, own.delivered) for own in paging.recorded()] == [("on-call", False), ("pager", False)]
    with paging.lab.box.readonly():
        assert paging.sweep().problems
    keys = {own["id"] for own in paging.receiver.documents("/page")}
    paging.receiver.status = 204
    paging.lab.fine()
    assert [own.delivered for own in paging.recorded()] == [False, False, True, True]
    assert {own["id"] for own in paging.receiver.documents("/page")} == keys
    before = len(paging.receiver.messages)
    paging.lab.fine()
    assert len(paging.receiver.messages) == before


@pytest.mark.long
@pytest.mark.parametrize("repositories", [None, frozenset({"other-lab/framework"})])
def test_a_secret_that_is_not_declared_for_this_repository_is_not_used(
    paging: PagingLab, repositories: frozenset[str] | None
) -> None:
    paging.lab.settings = replace(paging.lab.settings, sources=declared(paging.receiver.port, repositories))
    paging.lab.fine()
    paging.incidents(incident("leak", "critical"))
    report = paging.sweep()
    assert paging.receiver.messages == []
    assert all(
        "is not declared with example-lab/framework among its repositories" in own.message for own in report.problems
    )
    assert len(report.problems) == 2


@pytest.mark.long
def test_a_private_address_is_refused_unless_the_operator_allows_it(paging: PagingLab) -> None:
    own = declared(paging.receiver.port)
    paging.lab.settings = replace(paging.lab.settings, sources=replace(own, hosts=frozenset()))
    paging.lab.fine()
    paging.incidents(incident("leak", "critical"))
    report = paging.sweep()
    assert paging.receiver.messages == []
    assert all("not of the public internet" in problem.message for problem in report.problems)


@pytest.mark.long
def test_no_secret_is_in_problems_records_or_notes(paging: PagingLab) -> None:
    paging.lab.fine()
    paging.receiver.status = 404
    paging.incidents(incident("leak", "critical"))
    report = paging.sweep()
    everything = " ".join(
        [*(own.message for own in report.problems), *report.notes, *paging.lab.said, *map(str, paging.recorded())]
    )
    assert "answered 404" in everything
    assert "the-secret-part" not in everything
    assert KEY.replace(" ", "-") not in everything


@pytest.mark.long
def test_strangers_words_mention_nobody_and_hide_no_address(paging: PagingLab) -> None:
    paging.lab.fine()
    title = "<!channel> <https://evil.example|the issue> @here *bold* & `code` https://evil.example"
    paging.incidents(incident("leak", "critical", title))
    paging.lab.fine()
    (message,) = paging.receiver.documents(PATH)
    assert "<" not in message["text"]
    assert "&lt;!channel&gt;" in message["text"]
    assert message["mrkdwn"] is False
    kinds = [block["text"]["type"] for block in message["blocks"]]
    assert kinds == ["plain_text", "plain_text", "mrkdwn"]
    link = message["blocks"][2]["text"]["text"]
    assert "evil" not in link
    assert "@here" not in json.dumps(message, ensure_ascii=False)


@pytest.mark.long
def test_a_dry_run_sends_nothing_and_says_what_it_would_send(paging: PagingLab) -> None:
    paging.lab.fine()
    paging.incidents(incident("leak", "critical"))
    report = paging.sweep(dry_run=True)
    assert "would tell pager of incident/leak/critical" in report.notes
    assert paging.receiver.messages == []


@pytest.mark.long
def test_the_beginning_is_recorded_with_what_is_there(paging: PagingLab) -> None:
    paging.incidents(incident("leak", "critical"), incident("small", "low"))
    content = paging.lab.fine().content
    assert content is not None
    began = [entry.body for entry in content.ledger.entries if isinstance(entry.body, PagingBegan)]
    assert [(own.hook, own.already) for own in began] == [
        ("on-call", ("incident/leak/critical",)),
        ("pager", ("incident/leak/critical",)),
    ]


@pytest.mark.long
def test_a_dead_webhook_takes_no_message_of_another_one_and_little_of_a_sweeps_time(paging: PagingLab) -> None:
    paging.lab.fine()
    own = declared(paging.receiver.port)
    paging.lab.settings = replace(paging.lab.settings, sources=replace(own, secrets={"PAGER": own.secrets["PAGER"]}))
    paging.incidents(*(incident(f"leak-{number:02}", "critical") for number in range(30)))
    for _ in range(3):
        report = paging.sweep()
        failed = [own for own in report.problems if own.message.startswith("on-call could not be told")]
        assert len(failed) <= MOST_FAILURES
        paging.lab.later(minutes=5)
    told = {document["about"] for document in paging.receiver.documents("/page")}
    assert len(told) == 30
    # Those of the dead one still wait, and are sent once it is there.
    assert any("messages about severe incidents wait" in own.message for own in report.problems)
    paging.lab.settings = replace(paging.lab.settings, sources=own)
    for _ in range(3):
        paging.sweep()
        paging.lab.later(minutes=5)
    assert sum(message[0] == PATH for message in paging.receiver.messages) == 30
