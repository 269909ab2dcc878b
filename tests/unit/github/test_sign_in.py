"""GitHub at the door: what it may answer, and that nothing it is told shows up in an error."""

from collections.abc import Iterator

import httpx
import pytest
import respx

from reassay.common.errors import NotAllowedError, NotFoundError, UnavailableError, UpstreamError
from reassay.github.app_types import AppIdentity
from reassay.github.manifest_flow import ManifestFlow
from reassay.github.sign_in import MOST_PAGES, PAGE, OAuthClient

SERVER, API = "https://github.example.com", "https://github.example.com/api/v3"
APP = AppIdentity(7, "pem", "hook", "Iv1.x", "the-client-secret")
TOKEN = f"{SERVER}/login/oauth/access_token"


@pytest.fixture
def door() -> Iterator[OAuthClient]:
    with httpx.Client() as http:
        yield OAuthClient(http, SERVER, API)


def person(door: OAuthClient) -> object:
    return door.person(APP, "http://127.0.0.1/back", "the-code", "the-verifier")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (
            httpx.Response(200, json={"error": "bad_verification_code", "error_description": "the-code"}),
            NotAllowedError,
        ),
        (httpx.Response(200, json={"access_token": 5}), NotAllowedError),
        (httpx.Response(200, json=["the-code"]), NotAllowedError),
        (httpx.Response(200, text="the-code"), UnavailableError),
        (httpx.Response(502, text="the-code"), UnavailableError),
        (httpx.ConnectError("the-client-secret"), UnavailableError),
    ],
)
@respx.mock
def test_a_token_that_does_not_come_is_one_typed_error_that_quotes_nothing(
    door: OAuthClient, answer: httpx.Response | Exception, kind: type[Exception]
) -> None:
    respx.post(TOKEN).mock(side_effect=[answer])
    with pytest.raises(kind) as refused:
        person(door)
    assert "the-" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@respx.mock
def test_a_person_with_more_than_a_page_sees_all_of_it_up_to_a_bound(door: OAuthClient) -> None:
    respx.post(TOKEN).mock(return_value=httpx.Response(200, json={"access_token": "ghu_x"}))
    respx.get(f"{API}/user").mock(return_value=httpx.Response(200, json={"id": 5, "login": "safety-lead"}))
    respx.get(f"{API}/user/installations").mock(return_value=httpx.Response(200, json={"installations": [{"id": 1}]}))

    def page(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        return httpx.Response(200, json={"repositories": [{"id": number * 1_000 + at} for at in range(PAGE)]})

    route = respx.get(f"{API}/user/installations/1/repositories").mock(side_effect=page)
    found = door.person(APP, "x", "c", "v")
    assert len(found.repositories) == (MOST_PAGES - 1) * PAGE
    assert route.call_count == MOST_PAGES - 1


@respx.mock
def test_whether_a_token_is_known_costs_nothing_of_its_limit(door: OAuthClient) -> None:
    route = respx.get(f"{API}/rate_limit")
    for status, known in ((200, True), (401, False), (403, False)):
        route.mock(return_value=httpx.Response(status, json={}))
        assert door.is_valid("t") is known
    route.mock(return_value=httpx.Response(503))
    with pytest.raises(UnavailableError):
        door.is_valid("t")


@respx.mock
def test_metadata_alone_does_not_open_a_repository(door: OAuthClient) -> None:
    respx.get(f"{API}/repos/a/b").mock(return_value=httpx.Response(200, json={"id": 9, "default_branch": "main"}))
    content = respx.get(f"{API}/repos/a/b/git/ref/heads/main")
    content.mock(return_value=httpx.Response(200, json={}))
    assert door.may_read("t", "a/b") == 9
    content.mock(return_value=httpx.Response(403))
    assert door.may_read("t", "a/b") is None


MADE = {
    "id": 7,
    "slug": "s",
    "pem": "the-pem",
    "webhook_secret": "w",
    "client_id": "c",
    "client_secret": "the-client-secret",
}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(404), NotFoundError),
        (httpx.Response(422), NotFoundError),
        (httpx.Response(502), UnavailableError),
        (httpx.Response(201, text="the-pem"), UpstreamError),
        (httpx.Response(201, json=MADE | {"webhook_secret": None}), UpstreamError),
        (httpx.Response(201, json={"pem": "the-pem"}), UpstreamError),
        (httpx.ReadTimeout("/app-manifests/the-code/conversions"), UnavailableError),
    ],
)
@respx.mock
def test_a_conversion_that_does_not_work_quotes_nothing(
    answer: httpx.Response | Exception, kind: type[Exception]
) -> None:
    respx.post(f"{API}/app-manifests/the-code/conversions").mock(side_effect=[answer])
    with httpx.Client() as http, pytest.raises(kind) as refused:
        ManifestFlow(http, API).convert("the-code")
    assert "the-" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
