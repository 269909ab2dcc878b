"""Secrets on disk: for their owner alone, all or nothing, and never quoted."""

import json
import os
import stat
from pathlib import Path

import pytest

from reassay.common.errors import UsageError
from reassay.github.app_types import AppIdentity
from reassay.hosted.credentials import Credentials
from reassay.ledger.store.ed25519 import read_signer_file

APP = AppIdentity(7, "-----BEGIN KEY-----\nthe-secret-key\n", "hook-secret", "Iv1.x", "client-secret", "lab-reassay")
NOT_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="the rights of files do not bind root")


@pytest.fixture
def credentials(tmp_path: Path) -> Credentials:
    return Credentials(tmp_path / "below" / "data")


def test_what_is_kept_is_read_back(credentials: Credentials) -> None:
    assert credentials.read() is None
    credentials.keep(APP)
    assert credentials.read() == APP
    credentials.keep(AppIdentity(8, "k", "w"))
    assert credentials.read() == AppIdentity(8, "k", "w")
    assert [each.name for each in credentials.folder.iterdir()] == ["app.json"]


def test_only_the_owner_may_read_it_whatever_the_umask_is(credentials: Credentials) -> None:
    before = os.umask(0)
    try:
        credentials.keep(APP)
        credentials.ledger_key()
    finally:
        os.umask(before)
    for name in ("app.json", "ledger-key.pem"):
        assert stat.S_IMODE((credentials.folder / name).stat().st_mode) == 0o600
    assert not stat.S_IMODE(credentials.folder.stat().st_mode) & 0o066


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o601])
def test_a_file_that_others_may_use_is_refused_with_the_remedy(credentials: Credentials, mode: int) -> None:
    credentials.keep(APP)
    file = credentials.folder / "app.json"
    file.chmod(mode)
    with pytest.raises(UsageError, match="other accounts may read it") as refused:
        credentials.read()
    assert f"chmod 600 {file}" in str(refused.value)


def test_a_folder_that_others_may_read_is_refused(credentials: Credentials) -> None:
    credentials.prepare()
    credentials.folder.chmod(0o755)
    with pytest.raises(UsageError, match="other accounts may read it") as refused:
        credentials.keep(APP)
    assert "chmod 700" in str(refused.value)
    assert not (credentials.folder / "app.json").exists()


def test_a_file_of_somebody_else_is_refused(credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials.keep(APP)
    monkeypatch.setattr(os, "geteuid", lambda: 4_711)
    with pytest.raises(UsageError, match="another account"):
        credentials.read()


def test_a_link_is_not_followed(credentials: Credentials, tmp_path: Path) -> None:
    credentials.keep(APP)
    elsewhere = tmp_path / "elsewhere"
    (credentials.folder / "app.json").rename(elsewhere)
    (credentials.folder / "app.json").symlink_to(elsewhere)
    with pytest.raises(UsageError, match="cannot be read"):
        credentials.read()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "the-secret-key",
        '{"version": 1}',
        '{"version": 1, "id": "7", "key": "the-secret-key"}',
        '{"version": 1, "id": 7, "key": ["the-secret-key"], "webhook_secret": "", "client_id": "", "client_secret": "", "slug": ""}',
    ],
)
def test_what_cannot_be_read_is_named_and_never_quoted(credentials: Credentials, text: str) -> None:
    credentials.keep(APP)
    (credentials.folder / "app.json").write_text(text)
    with pytest.raises(UsageError, match=r"app\.json") as refused:
        credentials.read()
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert "the-secret-key" not in str(refused.value)
    assert refused.value.remedy


def test_a_newer_version_says_so(credentials: Credentials) -> None:
    credentials.keep(APP)
    file = credentials.folder / "app.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"version": 2}))
    with pytest.raises(UsageError, match="newer reassay"):
        credentials.read()


def test_what_cannot_be_written_leaves_the_old_one(credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials.keep(APP)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        credentials.keep(AppIdentity(8, "k", "w"))
    assert credentials.read() == APP
    assert [each.name for each in credentials.folder.iterdir()] == ["app.json"]


def test_the_ledgers_key_is_made_once(credentials: Credentials) -> None:
    public = credentials.ledger_key()
    assert credentials.ledger_key() == public
    assert read_signer_file(credentials.key_file, "x").public_key == public


@NOT_ROOT
def test_a_folder_that_may_not_be_written_to_says_so(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(UsageError, match="--data-dir"):
        Credentials(tmp_path / "closed" / "data").prepare()
