"""github.com, data residency and Enterprise Server: which address belongs to which."""

import pytest
from github import Github

from reassay.cli.settings import read_settings
from reassay.common.errors import UsageError
from reassay.github.addresses import api_of, app_page, server_of
from reassay.hosted.settings import read_hosting

PAIRS = [
    ("https://github.com", "https://api.github.com", "https://api.github.com/graphql", "https://github.com/apps/lab"),
    ("https://octocorp.ghe.com", "https://api.octocorp.ghe.com", "https://api.octocorp.ghe.com/graphql", ""),
    (
        "https://git.example.com",
        "https://git.example.com/api/v3",
        "https://git.example.com/api/graphql",
        "https://git.example.com/github-apps/lab",
    ),
]


@pytest.mark.parametrize(("server", "api", "graphql", "page"), PAIRS)
def test_each_address_follows_from_the_other(server: str, api: str, graphql: str, page: str) -> None:
    assert (api_of(server), server_of(api)) == (api, server)
    assert (api_of(f"{server}/"), server_of(f"{api}/")) == (api, server)
    assert Github(base_url=api).requester.graphql_url == graphql
    assert app_page(server, "lab") == page


@pytest.mark.parametrize(("server", "api"), [pair[:2] for pair in PAIRS])
def test_command_line_action_and_server_take_either(server: str, api: str) -> None:
    token = {"GITHUB_TOKEN": "t"}
    for settings in (
        read_settings({**token, "GITHUB_API_URL": api}),
        read_settings({**token, "GITHUB_SERVER_URL": server}),
        read_settings({**token, "GITHUB_API_URL": api, "GITHUB_SERVER_URL": server}),
        read_hosting({"HOME": "/"}, {"github-url": server}),
    ):
        assert (settings.api_url, settings.server_url) == (api, server)


def test_the_api_of_data_residency_is_not_below_the_server() -> None:
    with pytest.raises(UsageError, match=r"Write https://api\.octocorp\.ghe\.com"):
        read_hosting(
            {"HOME": "/"}, {"github-url": "https://octocorp.ghe.com", "api-url": "https://octocorp.ghe.com/api/v3"}
        )


@pytest.mark.parametrize(
    ("option", "given", "words"),
    [
        ("public-url", "lab", "https://reassay.example.com"),
        ("public-url", "http://lab.example.com", "public address"),
        ("heartbeat-url", "ftp://lab.example.com", "https://heartbeat.example.com"),
    ],
)
def test_an_invalid_address_is_corrected_by_one_of_its_own_kind(option: str, given: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        read_hosting({"HOME": "/"}, {option: given})
    assert words in str(error.value)
    assert "token" not in str(error.value)
    assert "/api/v3" not in str(error.value)
