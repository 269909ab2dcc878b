"""Artifacts and release assets, over the wire and with our own client: what is refused, and where a token goes."""

import zipfile
from pathlib import Path

import pytest
import requests
from github import Auth, Github

from reassay.common.errors import LimitError, NotFoundError, UnavailableError
from reassay.github.client import Client
from reassay.github.download import download
from reassay.github.stored_files import NoStoredFileError, StoredFiles
from reassay_sandbox import Fault, Sandbox
from reassay_sandbox.stored_files import SandboxFiles

NAME = "example-lab/framework"
CONTENT = {"logs/results.json": b'{"rows": []}\n'}


@pytest.fixture
def files(box: Sandbox) -> SandboxFiles:
    box.add_user("safety-lead")
    box.add_bot("reassay")
    box.add_repo(NAME, private=True, files={"README.md": b"x\n"}, collaborators={"safety-lead": "write"})
    return SandboxFiles(box.repo(NAME))


def stored(box: Sandbox, **permissions: str) -> StoredFiles:
    token = box.token("reassay[bot]", NAME, permissions={"metadata": "read", **permissions})
    client = Client.connect(token, box.api_url, write_pause=0, sleep=lambda _: None)
    return StoredFiles(client, NAME, box.repo(NAME).id)


def test_an_artifact_is_downloaded_along_a_redirection_that_never_sees_the_token(
    box: Sandbox, files: SandboxFiles, tmp_path: Path
) -> None:
    files.upload_artifact(7, "evaluation", CONTENT)
    commit = stored(box, actions="read").artifact(7, "evaluation", tmp_path / "archive")
    with zipfile.ZipFile(tmp_path / "archive") as archive:
        assert archive.read("logs/results.json") == CONTENT["logs/results.json"]
    assert len(commit) == 40
    assert [each.operation for each in box.traffic][-3:] == [
        "GET /repos/{owner}/{repo}/actions/runs/{run}/artifacts",
        "GET /repos/{owner}/{repo}/actions/artifacts/{artifact}/zip",
        "STORAGE",
    ]
    assert box.complaints == []


@pytest.mark.complaints_expected
def test_the_storage_host_complains_of_a_token(box: Sandbox, files: SandboxFiles) -> None:
    files.upload_artifact(7, "evaluation", CONTENT)
    token = box.token("reassay[bot]", NAME, permissions={"actions": "read"})
    headers = {"authorization": f"token {token}", "x-github-api-version": "2022-11-28"}
    url = f"{box.api_url}/repos/{NAME}/actions/artifacts"
    number = box.dispatcher.store.repos[NAME].storage.artifacts[0].id
    answer = requests.get(f"{url}/{number}/zip", headers=headers, allow_redirects=False, timeout=9)
    assert answer.status_code == 302
    requests.get(answer.headers["location"], headers=headers, timeout=9)
    assert any("a token was sent to the storage host" in complaint for complaint in box.complaints)


def test_an_asset_of_a_release_is_downloaded(box: Sandbox, files: SandboxFiles, tmp_path: Path) -> None:
    files.publish_release("v1/rc 1", {"my results.json": b"{}"})
    stored(box, contents="read").asset("v1/rc 1", "my results.json", tmp_path / "result")
    assert (tmp_path / "result").read_bytes() == b"{}"


def test_pygithub_reads_the_same_artifacts_and_releases(box: Sandbox, files: SandboxFiles) -> None:
    files.upload_artifact(7, "evaluation", CONTENT)
    files.publish_release("v1", {"results.json": b"{}"})
    token = box.token("reassay[bot]", NAME, permissions={"actions": "read", "contents": "read", "metadata": "read"})
    repo = Github(auth=Auth.Token(token), base_url=box.api_url, api_version="2022-11-28").get_repo(NAME)
    (asset,) = repo.get_release("v1").assets
    assert (asset.name, asset.size, asset.state) == ("results.json", 2, "uploaded")


@pytest.mark.parametrize(
    ("run", "name", "permissions", "words"),
    [
        (8, "evaluation", {"actions": "read"}, "there is no workflow run 8"),
        (7, "other", {"actions": "read"}, "run 7 has no artifact 'other'"),
        (7, "evaluation", {"contents": "read"}, "the token may not read artifacts"),
        (9, "fork", {"actions": "read"}, "ran the code of another repository"),
        (7, "old", {"actions": "read"}, "has expired"),
    ],
)
def test_an_artifact_that_must_not_be_taken_is_refused_with_the_reason(
    box: Sandbox, files: SandboxFiles, tmp_path: Path, run: int, name: str, permissions: dict[str, str], words: str
) -> None:
    files.upload_artifact(7, "old", CONTENT)
    files.expire_artifacts()
    files.upload_artifact(7, "evaluation", CONTENT)
    files.upload_artifact(9, "fork", CONTENT, fork=True)
    with pytest.raises(NoStoredFileError, match=words) as caught:
        stored(box, **permissions).artifact(run, name, tmp_path / "archive")
    assert caught.value.remedy.endswith(".")


def test_the_newest_artifact_of_a_run_that_was_started_again_counts(
    box: Sandbox, files: SandboxFiles, tmp_path: Path
) -> None:
    files.upload_artifact(7, "evaluation", {"a": b"first"})
    files.upload_artifact(7, "evaluation", {"a": b"second"})
    stored(box, actions="read").artifact(7, "evaluation", tmp_path / "archive")
    with zipfile.ZipFile(tmp_path / "archive") as archive:
        assert archive.read("a") == b"second"


def test_what_expired_between_two_requests_has_expired(box: Sandbox, files: SandboxFiles, tmp_path: Path) -> None:
    files.upload_artifact(7, "evaluation", CONTENT)
    own = stored(box, actions="read")
    number = box.dispatcher.store.repos[NAME].storage.artifacts[0].id
    files.expire_artifacts()
    with pytest.raises(NotFoundError, match="410"):
        download(own.client, f"/repos/{NAME}/actions/artifacts/{number}/zip", tmp_path / "archive", 10_000)


def test_a_download_that_is_larger_than_allowed_is_given_up(box: Sandbox, files: SandboxFiles, tmp_path: Path) -> None:
    files.publish_release("v1", {"large.json": b"x" * 200_000})
    asset = box.dispatcher.store.repos[NAME].storage.releases[0].assets[0]
    client = stored(box, contents="read").client
    with pytest.raises(UnavailableError, match="larger than it was said to be"):
        download(client, f"/repos/{NAME}/releases/assets/{asset.id}", tmp_path / "asset", 100_000)


def test_a_limit_is_a_limit_and_an_outage_is_not_an_absence(box: Sandbox, files: SandboxFiles, tmp_path: Path) -> None:
    files.upload_artifact(7, "evaluation", CONTENT)
    own = stored(box, actions="read")
    box.faults.add(Fault("403-secondary", "GET .*/zip", times=1))
    with pytest.raises(LimitError):
        own.artifact(7, "evaluation", tmp_path / "archive")
    box.faults.add(Fault("drop", "STORAGE", times=1))
    with pytest.raises(UnavailableError):
        own.artifact(7, "evaluation", tmp_path / "archive")


def test_a_release_that_is_not_there_is_refused_with_the_reason(
    box: Sandbox, files: SandboxFiles, tmp_path: Path
) -> None:
    files.publish_release("v1", {"results.json": b"{}"})
    own = stored(box, contents="read")
    with pytest.raises(NoStoredFileError, match="no published release with the tag v2"):
        own.asset("v2", "results.json", tmp_path / "asset")
    with pytest.raises(NoStoredFileError, match="release v1 has no asset 'other'"):
        own.asset("v1", "other", tmp_path / "asset")
