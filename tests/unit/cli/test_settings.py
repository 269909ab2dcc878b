import pytest

from reassay.cli.settings import check_repository, read_settings
from reassay.common.errors import UsageError


def test_public_github_is_the_default() -> None:
    settings = read_settings({"GITHUB_TOKEN": " t \n"})
    assert (settings.token, settings.api_url, settings.server_url, settings.host) == (
        "t", "https://api.github.com", "https://github.com", "github.com",
    )  # fmt: skip


def test_enterprise_server_has_both_on_one_host() -> None:
    settings = read_settings({"GH_TOKEN": "t"}, api_url="https://github.example.com/api/v3/")
    assert settings.server_url == "https://github.example.com"


def test_inputs_of_the_action_outweigh_the_runners_environment() -> None:
    settings = read_settings(
        {
            "REASSAY_TOKEN": "mine",
            "GITHUB_TOKEN": "other",
            "REASSAY_API_URL": "http://127.0.0.1:8000/api/v3",
            "GITHUB_API_URL": "https://api.github.com",
            "GITHUB_RUN_ID": "77",
        }
    )
    assert (settings.token, settings.api_url, settings.run) == ("mine", "http://127.0.0.1:8000/api/v3", "actions-77-1")


def test_the_token_never_shows() -> None:
    assert "secret-token" not in repr(read_settings({"GITHUB_TOKEN": "secret-token"}))


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "no token is set"),
        ({"GITHUB_TOKEN": "  "}, "no token is set"),
        ({"GITHUB_TOKEN": "t", "REASSAY_API_URL": "github.com"}, "not a valid API address"),
        ({"GITHUB_TOKEN": "t", "REASSAY_API_URL": "http://github.example.com/api/v3"}, "unprotected"),
        ({"GITHUB_TOKEN": "t", "REASSAY_SERVER_URL": "https://user@github.com"}, "not a valid server address"),
        ({"GITHUB_TOKEN": "t", "REASSAY_WRITE_PAUSE": "soon"}, "REASSAY_WRITE_PAUSE"),
    ],
)
def test_what_cannot_be_used_says_so_and_what_to_do(environment: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_settings(environment)


@pytest.mark.parametrize("name", ["", "framework", "a/", "/b", "a/b/c", "a/b c", "a/..", "a/b;rm", "../x"])
def test_what_is_no_repository_name(name: str) -> None:
    with pytest.raises(UsageError, match="OWNER/NAME"):
        check_repository(name)
