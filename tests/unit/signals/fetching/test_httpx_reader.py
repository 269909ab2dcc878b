"""Answers of every shape: taken, tried again, or refused in a sentence without a secret."""

import gzip
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import respx

from reassay.signals.fetching.fetch_settings import FetchSettings, HostPort, SourceSecret
from reassay.signals.fetching.httpx_reader import MOST_SECONDS
from reassay.signals.source_readings import SourceUnreadError
from tests.unit.signals.fetching.fetch_lab import HOST, REPOSITORY, SETTINGS, URL, VALUE, Waits, reader_of


@pytest.fixture(autouse=True)
def no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert VALUE not in caplog.text


def refused(
    *answers: httpx.Response | Exception, secret: str | None = None, largest: int = 1000
) -> tuple[str, list[float]]:
    """The words of a refusal, and what was waited for."""
    clock = Waits()
    with respx.mock:
        route = respx.get(URL).mock(side_effect=list(answers))
        with reader_of(clock, largest=largest) as reader, pytest.raises(SourceUnreadError) as refusal:
            reader.get(URL, secret=secret)
        assert route.call_count == len(answers)
    error: BaseException | None = refusal.value
    while error is not None:
        assert VALUE not in repr(error) + str(error)
        error = error.__context__
    return str(refusal.value), clock.waits


@respx.mock
def test_an_answer_is_taken_with_its_headers() -> None:
    route = respx.get(URL, params={"start": "1"}).respond(200, content=b"[]", headers={"Link": "<x>"})
    with reader_of() as reader:
        answer = reader.get(URL, query={"start": "1"})
    assert (answer.body, answer.headers["link"]) == (b"[]", "<x>")
    request = route.calls.last.request
    assert request.headers["user-agent"].startswith("reassay")
    assert "authorization" not in request.headers


@respx.mock
def test_a_query_keeps_what_the_address_has() -> None:
    route = respx.get(url__startswith=URL).respond(200)
    with reader_of() as reader:
        reader.get(f"{URL}?team=a", query={"b": "x y&z"})
    assert str(route.calls.last.request.url) == f"{URL}?team=a&b=x+y%26z"


@respx.mock
def test_a_document_is_posted_as_json_and_a_passing_failure_is_tried_again() -> None:
    route = respx.post(URL).mock(side_effect=[httpx.Response(503), httpx.Response(200, content=b"{}")])
    with reader_of() as reader:
        assert reader.post(URL, {"queries": []}).body == b"{}"
    assert [call.request.content for call in route.calls] == [b'{"queries": []}'] * 2


@respx.mock
@pytest.mark.parametrize(
    ("failure", "waits"),
    [
        (httpx.Response(500), [1.0]),
        (httpx.Response(429, headers={"Retry-After": "7"}), [7.0]),
        (httpx.Response(429, headers={"Retry-After": "Tue, 01 Dec 2026 09:00:20 GMT"}), [20.0]),
        (httpx.Response(503, headers={"Retry-After": "0"}), [1.0]),
        (httpx.Response(503, headers={"Retry-After": "soon"}), [1.0]),
        (httpx.ConnectError("refused"), [1.0]),
        (httpx.ReadTimeout("slow"), [1.0]),
        (httpx.RemoteProtocolError("closed"), [1.0]),
    ],
)
def test_a_passing_failure_is_tried_again_when_the_server_says(
    failure: httpx.Response | Exception, waits: list[float]
) -> None:
    clock = Waits()
    respx.get(URL).mock(side_effect=[failure, httpx.Response(200, content=b"1")])
    with reader_of(clock) as reader:
        assert reader.get(URL).body == b"1"
    assert clock.waits == waits


@pytest.mark.parametrize(
    ("answers", "words", "waits"),
    [
        ([httpx.Response(404)], f"{HOST} answered 404 (Not Found). Check the address in the source.", []),
        ([httpx.Response(401)], f"{HOST} answered 401 (Unauthorized). Check the source's secret, and that it is still valid.", []),
        ([httpx.Response(422)], f"{HOST} answered 422 (Unprocessable Entity). Check what the source asks for.", []),
        ([httpx.Response(204)], f"{HOST} answered 204 (No Content). The next sweep tries again.", []),
        ([httpx.Response(299)], f"{HOST} answered 299 (no known status). The next sweep tries again.", []),
        ([httpx.Response(503)] * 3, f"{HOST} answered 503 (Service Unavailable). The next sweep tries again.", [1.0, 4.0]),
        ([httpx.Response(429, headers={"Retry-After": "3600"})], f"{HOST} answered 429 (Too Many Requests). It limits how often it is read; the next sweep tries again.", []),
        ([httpx.ConnectError("x")] * 3, f"{HOST} cannot be connected to. The next sweep tries again.", [1.0, 4.0]),
        ([httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]")] * 3, f"{HOST} has a certificate that is not valid for it. Correct the address, or have its certificate renewed.", [1.0, 4.0]),
        ([httpx.ReadTimeout("x")] * 3, f"{HOST} did not answer in time. The next sweep tries again.", [1.0, 4.0]),
        ([httpx.ReadError("x")] * 3, f"{HOST} ended the connection. The next sweep tries again.", [1.0, 4.0]),
        ([httpx.RemoteProtocolError("x")] * 3, f"{HOST} ended the connection before its answer, or sent something that is not HTTP. The next sweep tries again.", [1.0, 4.0]),
        ([httpx.Response(200, content=b"x" * 1001)], f"{HOST} sent an answer that is larger than 0 MB. Correct the address, or ask for less.", []),
        ([httpx.Response(200, content=b"x", headers={"Content-Encoding": "br"})], f"{HOST} sent an answer that is packed in a way that was not asked for. Correct the address, or ask for less.", []),
    ],
)  # fmt: skip
def test_what_gives_no_answer_is_a_sentence_that_says_what_to_do(
    answers: list[httpx.Response | Exception], words: str, waits: list[float]
) -> None:
    assert refused(*answers) == (words, waits)


@respx.mock
def test_a_packed_answer_is_unpacked() -> None:
    packed = gzip.compress(b"[1]") + gzip.compress(b" ")
    respx.get(URL).respond(200, content=packed, headers={"Content-Encoding": "gzip"})
    with reader_of() as reader:
        assert reader.get(URL).body == b"[1] "


@respx.mock
def test_a_secret_goes_to_its_host() -> None:
    route = respx.get(URL).respond(200)
    with reader_of() as reader:
        reader.get(URL, secret="FEED")
    assert route.calls.last.request.headers["authorization"] == f"Bearer {VALUE}"


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("https://evil.example.org/items.json", "FEED", "The secret FEED is not for https://evil.example.org, so this address was not read."),
        (f"https://{HOST}.evil.example.org/", "FEED", f"The secret FEED is not for https://{HOST}.evil.example.org, so this address was not read."),
        (f"https://{HOST}:8443/", "FEED", f"The secret FEED is not for https://{HOST}:8443, so this address was not read."),
        (f"http://{HOST}:443/", "FEED", f"The address at {HOST} is not https."),
        (URL, "OTHER", f"The secret OTHER is not declared for {REPOSITORY}, so {HOST} was not read."),
        (f"https://{VALUE}@{HOST}/", None, f"The address at {HOST} has a login in it."),
        ("ftp://feed.example.org/", None, "The address is neither https nor http."),
        ("https:///x", None, "The address is neither https nor http."),
        ("https://[::1/", None, "The address is not one of the web."),
        ("https://a\x00b/", None, "The address is not one of the web."),
    ],
)  # fmt: skip
@respx.mock
def test_a_secret_goes_nowhere_else_and_nothing_is_read(url: str, secret: str | None, words: str) -> None:
    with reader_of() as reader, pytest.raises(SourceUnreadError) as refusal:
        reader.get(url, secret=secret)
    assert str(refusal.value).startswith(words)
    assert VALUE not in str(refusal.value)
    assert respx.calls.call_count == 0


@respx.mock
def test_a_secret_of_another_repository_is_not_declared_for_this_one() -> None:
    secret = SourceSecret(HostPort(HOST, 443), VALUE, frozenset({"other-lab/framework"}))
    reader = reader_of(settings=FetchSettings({"FEED": secret}))
    with reader, pytest.raises(SourceUnreadError, match="is not declared for example-lab/framework"):
        reader.get(URL, secret="FEED")
    assert respx.calls.call_count == 0


@respx.mock
def test_a_secret_is_not_sent_without_tls_even_where_a_plain_host_is_allowed() -> None:
    place = HostPort("10.0.0.5", 9090)
    settings = FetchSettings({"FEED": SourceSecret(place, VALUE)}, frozenset({place}), frozenset({place}))
    respx.get("http://10.0.0.5:9090/").respond(200, content=b"1")
    with reader_of(settings=settings) as reader:
        assert reader.get("http://10.0.0.5:9090/").body == b"1"
        with pytest.raises(SourceUnreadError, match=r"^The secret FEED is not for http://10\.0\.0\.5:9090"):
            reader.get("http://10.0.0.5:9090/", secret="FEED")


@respx.mock
@pytest.mark.parametrize("location", ["/other.json", f"https://{HOST}/other.json"])
def test_a_redirection_on_the_same_host_is_followed_with_the_secret(location: str) -> None:
    respx.get(URL).respond(302, headers={"Location": location})
    route = respx.get(f"https://{HOST}/other.json").respond(200, content=b"1")
    with reader_of() as reader:
        assert reader.get(URL, secret="FEED").body == b"1"
    assert route.calls.last.request.headers["authorization"] == f"Bearer {VALUE}"


@respx.mock
def test_a_redirection_to_an_allowed_host_is_followed_without_a_secret_only() -> None:
    respx.get(URL).respond(307, headers={"Location": "https://allowed.example.org/x"})
    route = respx.get("https://allowed.example.org/x").respond(200, content=b"1")
    with reader_of() as reader:
        assert reader.get(URL).body == b"1"
        with pytest.raises(
            SourceUnreadError, match=r"redirects with a secret to allowed\.example\.org, which was not followed"
        ):
            reader.get(URL, secret="FEED")
    assert route.call_count == 1


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("https://evil.example.org/x", "redirects to evil.example.org, which was not followed."),
        (f"http://{HOST}/x", f"redirects to http://{HOST}, which was not followed."),
        (f"https://{HOST}:8443/x", f"redirects to {HOST}:8443, which was not followed."),
        ("https://169.254.169.254/latest", "redirects to 169.254.169.254, which was not followed."),
        ("file:///etc/passwd", "redirects to an invalid address."),
        ("https://[::1", "redirects to an invalid address."),
    ],
)
def test_a_redirection_elsewhere_is_not_followed(location: str, words: str) -> None:
    assert refused(httpx.Response(302, headers={"Location": location}))[0].startswith(f"{HOST} {words}")


def test_a_redirection_elsewhere_gets_no_secret() -> None:
    answer = httpx.Response(302, headers={"Location": "https://evil.example.org/x"})
    words, _ = refused(answer, secret="FEED")
    assert words.startswith(f"{HOST} redirects with a secret to evil.example.org, which was not followed.")


@pytest.mark.parametrize("answer", [{"content": f'{{"error": "no user {VALUE}"}}'}, {"headers": {"X-Debug": VALUE}}])
def test_an_answer_that_repeats_the_secret_is_not_taken(answer: dict[str, Any]) -> None:
    words, _ = refused(httpx.Response(200, **answer), secret="FEED")
    assert words == f"{HOST} repeats the secret in its answer, which was not taken. Have the server corrected."


@respx.mock
def test_a_host_that_cannot_be_reached_is_not_tried_again_for_the_next_source() -> None:
    route = respx.get(url__startswith=f"https://{HOST}/").mock(side_effect=httpx.ConnectTimeout("x"))
    other = respx.get("https://other.example.org/").respond(200)
    with reader_of() as reader:
        for path in ("a", "b"):
            with pytest.raises(SourceUnreadError, match="did not answer in time"):
                reader.get(f"https://{HOST}/{path}")
        reader.get("https://other.example.org/")
    assert (route.call_count, other.call_count) == (3, 1)


@respx.mock
def test_a_status_of_one_address_says_nothing_of_the_others() -> None:
    respx.get(f"https://{HOST}/a").respond(503)
    respx.get(f"https://{HOST}/b").respond(200)
    with reader_of() as reader:
        with pytest.raises(SourceUnreadError, match="answered 503"):
            reader.get(f"https://{HOST}/a")
        reader.get(f"https://{HOST}/b")


def test_a_redirection_in_a_circle_ends() -> None:
    answers = [httpx.Response(301, headers={"Location": URL})] * 4
    words, _ = refused(*answers)
    assert words == f"{HOST} redirects more than 3 times. Write the address that it ends at in the source."


@respx.mock
def test_a_posted_document_is_not_sent_along_a_redirection() -> None:
    respx.post(URL).respond(307, headers={"Location": "/other"})
    with reader_of() as reader, pytest.raises(SourceUnreadError, match="redirects a query to another address"):
        reader.post(URL, {})


def test_a_server_that_asks_to_wait_again_and_again_does_not_hold_a_sweep() -> None:
    answers = [httpx.Response(503, headers={"Retry-After": "30"})] * 3
    assert refused(*answers)[1] == [30.0, 30.0]


def test_settings_and_reader_do_not_show_a_secret() -> None:
    reader = reader_of()
    assert VALUE not in f"{reader!r}{vars(reader)!r}{SETTINGS!r}"


@respx.mock
def test_a_hundred_sources_that_are_slow_take_a_bounded_time_and_each_is_told_why() -> None:
    clock = Waits()

    def slow(_request: httpx.Request) -> httpx.Response:
        clock.at += timedelta(seconds=99)
        return httpx.Response(503)

    respx.get(url__regex=r"https://host-\d+\.example\.org/").mock(side_effect=slow)
    began, words = clock.at, []
    with reader_of(clock) as reader:
        for number in range(100):
            with pytest.raises(SourceUnreadError) as refusal:
                reader.get(f"https://host-{number}.example.org/")
            words.append(str(refusal.value))
    assert (clock.at - began).total_seconds() < MOST_SECONDS + 200
    assert "was not asked: the answers of this sweep took more than 300 seconds together" in words[-1]
    assert all(f"host-{number}.example.org" in text for number, text in enumerate(words))


@respx.mock
def test_the_rounds_of_one_run_read_the_same_and_ask_once() -> None:
    route = respx.get(URL).mock(side_effect=[httpx.Response(200, content=b"[1]"), httpx.Response(200, content=b"[2]")])
    gone = respx.get(f"https://{HOST}/gone").respond(404)
    with reader_of() as reader:
        assert [reader.get(URL).body for _ in range(3)] == [b"[1]"] * 3
        for _ in range(3):
            with pytest.raises(SourceUnreadError, match="404"):
                reader.get(f"https://{HOST}/gone")
    assert (route.call_count, gone.call_count) == (1, 1)
