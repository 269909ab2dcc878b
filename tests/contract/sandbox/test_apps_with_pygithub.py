"""An App through PyGithub, which judges shapes by using them."""

from datetime import timedelta

import pytest
from github import Auth, Github, GithubException, GithubIntegration

from reassay_sandbox import Sandbox
from tests.contract.sandbox.test_apps import PEM, PUBLIC, RIGHTS

# PyGithub names no version of the API.
pytestmark = pytest.mark.complaints_expected


@pytest.fixture
def integration(box: Sandbox) -> GithubIntegration:
    for name in ("lab/framework", "lab/other", "elsewhere/framework"):
        box.add_repo(name, files={"README.md": b"x"})
    app = box.add_app("own", PUBLIC, "lab/framework", RIGHTS)
    box.install(app, "elsewhere/framework")
    return GithubIntegration(
        auth=Auth.AppAuth(app, PEM.decode()), base_url=box.api_url, per_page=1, seconds_between_requests=0
    )


def test_an_app_finds_its_installations_and_their_repositories(box: Sandbox, integration: GithubIntegration) -> None:
    assert integration.get_app().slug == "own"
    found = {each.raw_data["account"]["login"]: each for each in integration.get_installations()}
    assert {owner: [repo.full_name for repo in each.get_repos()] for owner, each in found.items()} == {
        "lab": ["lab/framework"],
        "elsewhere": ["elsewhere/framework"],
    }
    assert integration.get_repo_installation("lab", "framework").id == found["lab"].id
    with pytest.raises(GithubException, match="Not Found"):
        integration.get_repo_installation("lab", "other")


def test_a_token_of_one_installation_opens_nothing_of_another(box: Sandbox, integration: GithubIntegration) -> None:
    number = integration.get_repo_installation("lab", "framework").id
    token = integration.get_access_token(number, permissions={"contents": "read"})
    assert token.expires_at == box.clock.now() + timedelta(hours=1)
    client = Github(auth=Auth.Token(token.token), base_url=box.api_url, seconds_between_requests=0)
    assert client.get_repo("lab/framework").get_branches()[0].name == "main"
    for name in ("lab/other", "elsewhere/framework"):
        with pytest.raises(GithubException, match="Not Found"):
            client.get_repo(name)
    assert client.get_rate_limit().resources.core.limit == 5000
