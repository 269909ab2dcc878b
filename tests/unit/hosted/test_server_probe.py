"""The findings of `reassay doctor --server` for answers that a server, or something in its place, may give."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from reassay import __version__
from reassay.doctor.checks.base import Check
from reassay.hosted.checks import outside
from reassay.hosted.checks.outside import ServerProbe

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
URL = "https://reassay.example.com/reassay"
REFUSAL = "The signature is invalid: the webhook secret here differs from the one in the App's settings."
Answer = Callable[[httpx.Request], httpx.Response]


FINE_ROW = {"name": "database", "ok": True, "words": "it answers"}
GOOD = {
    ("GET", "/livez"): httpx.Response(200, text="alive\n", headers={"date": "Tue, 01 Dec 2026 09:00:30 GMT"}),
    ("GET", "/"): httpx.Response(303, headers={"location": "/reassay/setup"}),
    ("GET", "/readyz"): httpx.Response(200, json={"ready": True, "ledger_key": "sha256:abc", "checks": [FINE_ROW]}),
    ("GET", "/api/v1/openapi.json"): httpx.Response(200, json={"info": {"version": __version__}}),
    ("POST", "/webhook"): httpx.Response(401, json={"message": REFUSAL}),
}


def good(request: httpx.Request) -> httpx.Response:
    if request.url.scheme == "http":
        return httpx.Response(308, headers={"location": f"{URL}/"})
    return GOOD.get((request.method, request.url.path.removeprefix("/reassay")), httpx.Response(404))


def instead(method: str, path: str, response: httpx.Response) -> Answer:
    """A server that is good but for one answer."""

    def answer(request: httpx.Request) -> httpx.Response:
        is_it = (request.method, request.url.path) == (method, f"/reassay{path}") and request.url.scheme == "https"
        return response if is_it else good(request)

    return answer


def plain_http(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200) if request.url.scheme == "http" else good(request)


def small(request: httpx.Request) -> httpx.Response:
    return httpx.Response(413) if len(request.content) > 1_000_000 else good(request)


def look(
    answer: Answer, monkeypatch: pytest.MonkeyPatch, ends: datetime = datetime(2027, 2, 1, tzinfo=UTC)
) -> dict[str, Check]:
    monkeypatch.setattr(outside, "certificate_end", lambda _host, _port: ends)
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        found = ServerProbe(http, URL, 7).look(NOW)
    assert len(found.checks) == len({check.id for check in found.checks})
    return {check.id: check for check in found.checks}


def test_a_good_server_is_ok_throughout(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {check.standing for check in look(good, monkeypatch).values()} == {"ok"}


READY = {"ready": False, "checks": [{"name": "sweeps", "ok": False, "words": "no sweep since Monday"}]}


@pytest.mark.parametrize(
    ("answer", "check", "standing", "words"),
    [
        (instead("GET", "/livez", httpx.Response(502)), "reachable", "weak", "answers 502"),
        (
            instead("GET", "/livez", httpx.Response(200, text="Welcome to nginx!")),
            "reachable",
            "weak",
            "not as a reassay",
        ),
        (plain_http, "http-redirect", "weak", "does not lead to https"),
        (instead("GET", "/", httpx.Response(421)), "host", "weak", "does not accept this host name"),
        (instead("GET", "/metrics", httpx.Response(200)), "host-passed-on", "weak", "own machine"),
        (instead("GET", "/", httpx.Response(303, headers={"location": "/setup"})), "path", "weak", "not below"),
        (instead("POST", "/webhook", httpx.Response(404)), "webhook", "weak", "answers 404"),
        (instead("POST", "/webhook", httpx.Response(401, text="Login required")), "webhook", "weak", "answers 401"),
        (instead("POST", "/webhook", httpx.Response(202)), "webhook", "weak", "without a signature"),
        (instead("POST", "/webhook", httpx.Response(503, json={"message": "No App"})), "webhook", "weak", "No App"),
        (
            instead("POST", "/webhook", httpx.Response(404, json={"message": "The delivery is for another App"})),
            "webhook",
            "weak",
            "is not App 7",
        ),
        (small, "body-size", "weak", "refuses bodies of 2 MB"),
        (instead("GET", "/readyz", httpx.Response(503, json=READY)), "ready-sweeps", "weak", "no sweep since Monday"),
        (instead("GET", "/readyz", httpx.Response(200, text="no")), "ready", "unknown", "no answer"),
        (
            instead("GET", "/api/v1/openapi.json", httpx.Response(200, json={"info": {"version": "9.9"}})),
            "version",
            "unknown",
            "version 9.9",
        ),
        (
            instead(
                "GET", "/livez", httpx.Response(200, text="alive\n", headers={"date": "Tue, 01 Dec 2026 09:05:00 GMT"})
            ),
            "server-clock",
            "weak",
            "300 s apart",
        ),
    ],
)
def test_each_fault_has_one_finding(
    answer: Answer, check: str, standing: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = look(answer, monkeypatch)
    finding = found[check]
    assert (finding.standing, words in finding.what) == (standing, True), finding
    assert finding.mend or standing == "unknown"
    others = {name for name, own in found.items() if own.standing != "ok" and name != check}
    # A webhook that is not ours says nothing about large bodies either.
    assert others <= ({"body-size"} if check == "webhook" else set())


def test_a_certificate_that_ends_soon_is_weak(monkeypatch: pytest.MonkeyPatch) -> None:
    assert look(good, monkeypatch, datetime(2026, 12, 10, tzinfo=UTC))["https"].standing == "weak"
