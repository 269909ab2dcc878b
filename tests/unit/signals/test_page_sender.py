"""A message goes to the declared host alone, signed, a few times, and no failure names a secret."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import respx

from reassay.register.notifications import OutgoingWebhook
from reassay.signals.fetching.fetch_settings import FetchSettings, HostPort, SourceSecret
from reassay.signals.fetching.page_sender import PageSender, signature
from reassay.signals.page_delivery import UndeliveredError

ADDRESS = "https://hooks.slack.example/services/T0/B0/secret-part"
KEY = "key-of-the-signature"
OWN = frozenset({"example-lab/framework"})
SLACK = OutgoingWebhook(id="on-call", format="slack", secret="SLACK")
PAGER = OutgoingWebhook.model_validate(
    {"id": "pager", "format": "json", "secret": "PAGER", "url": "https://pager.example/hook?team=1"}
)
SECRETS = {
    "SLACK": SourceSecret(HostPort("hooks.slack.example", 443), ADDRESS, OWN),
    "PAGER": SourceSecret(HostPort("pager.example", 443), KEY, OWN),
}


@dataclass
class Clock:
    at: datetime = datetime(2026, 12, 1, 9, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


def sender(
    router: respx.Router, clock: Clock | None = None, secrets: dict[str, SourceSecret] | None = None
) -> PageSender:
    transport = httpx.MockTransport(router.handler)
    return PageSender(FetchSettings(secrets or SECRETS), "Example-Lab/Framework", clock or Clock(), transport=transport)


@pytest.fixture
def router() -> respx.Router:
    return respx.Router(assert_all_called=False)


def test_a_document_is_signed_over_its_time_and_its_body(router: respx.Router) -> None:
    route = router.post("https://pager.example/hook", params={"team": "1"}).respond(204)
    sender(router).deliver(PAGER, b'{"a": 1}', "the key")
    request = route.calls.last.request
    timestamp = request.headers["x-reassay-timestamp"]
    assert timestamp == "1796115600"
    expected = hmac.new(KEY.encode(), b'1796115600.{"a": 1}', hashlib.sha256).hexdigest()
    assert request.headers["x-reassay-signature"] == f"v1={expected}" == signature(KEY.encode(), timestamp, b'{"a": 1}')
    assert request.headers["x-reassay-delivery"] == "the key"
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.content) == {"a": 1}
    assert "authorization" not in request.headers


def test_the_address_of_slack_is_the_secret_and_nothing_is_signed(router: respx.Router) -> None:
    route = router.post(ADDRESS).respond(200, text="ok")
    sender(router).deliver(SLACK, b"{}", "the key")
    assert "x-reassay-signature" not in route.calls.last.request.headers


@pytest.mark.parametrize(
    ("answers", "waits"),
    [([503, 200], [1.0]), ([500, 429, 200], [1.0, 4.0]), ([httpx.ConnectError("no"), 200], [1.0])],
)
def test_what_may_pass_is_tried_again(
    router: respx.Router, answers: list[int | httpx.ConnectError], waits: list[float]
) -> None:
    effects = [httpx.Response(each) if isinstance(each, int) else each for each in answers]
    route = router.post(ADDRESS).mock(side_effect=effects)
    clock = Clock()
    sender(router, clock).deliver(SLACK, b"{}", "the key")
    assert (route.call_count, clock.slept) == (len(answers), waits)


@pytest.mark.parametrize(
    ("answer", "words", "calls"),
    [
        (httpx.Response(404), "hooks.slack.example answered 404.", 1),
        (
            httpx.Response(302, headers={"location": "https://elsewhere.example/"}),
            "hooks.slack.example answered 302.",
            1,
        ),
        (httpx.Response(503), "hooks.slack.example answered 503.", 3),
        (httpx.Response(429, headers={"retry-after": "3600"}), "hooks.slack.example answered 429.", 1),
        (httpx.ReadTimeout("secret-part"), "hooks.slack.example did not answer in time.", 3),
        (httpx.ConnectError("secret-part"), "hooks.slack.example cannot be reached, or ended the connection.", 3),
    ],
)
def test_what_fails_says_so_without_the_secret(
    router: respx.Router, answer: httpx.Response | Exception, words: str, calls: int
) -> None:
    route = router.post(ADDRESS).mock(side_effect=[answer] * 5)
    with pytest.raises(UndeliveredError) as raised:
        sender(router).deliver(SLACK, b"{}", "the key")
    assert (str(raised.value), route.call_count) == (words, calls)


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        (None, "is not declared with Example-Lab/Framework among its repositories"),
        (SourceSecret(HostPort("hooks.slack.example", 443), ADDRESS), "is not declared with"),
        (SourceSecret(HostPort("hooks.slack.example", 443), ADDRESS, frozenset({"other/one"})), "is not declared with"),
        (SourceSecret(HostPort("other.example", 443), ADDRESS, OWN), "is not declared for hooks.slack.example"),
        (SourceSecret(None, ADDRESS, OWN), "is not declared for hooks.slack.example"),
        (SourceSecret(HostPort("hooks.slack.example", 443), "secret-part", OWN), "not an address of the web"),
        (
            SourceSecret(HostPort("hooks.slack.example", 443), ADDRESS.replace("://", "://a:secret-part@"), OWN),
            "is not declared for",
        ),
        (SourceSecret(HostPort("hooks.slack.example", 80), ADDRESS.replace("https", "http"), OWN), "is not https"),
    ],
)
def test_a_secret_is_used_only_as_it_is_declared(router: respx.Router, secret: SourceSecret | None, words: str) -> None:
    secrets = {"PAGER": SECRETS["PAGER"]} | ({"SLACK": secret} if secret else {})
    with pytest.raises(UndeliveredError, match=words) as raised:
        sender(router, secrets=secrets).deliver(SLACK, b"{}", "the key")
    assert "secret-part" not in str(raised.value)
    assert router.calls.call_count == 0
