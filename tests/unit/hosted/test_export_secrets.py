"""The files that compose mounts are written from what set-up stored, and never overwrite another secret."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from reassay.common.errors import UsageError
from reassay.github.app_types import AppIdentity
from reassay.hosted.credentials import Credentials
from reassay.hosted.export import export_secrets
from reassay.hosted.settings import HostingSettings, read_hosting
from reassay.ledger.store.configured_keys import keyring_of_keys
from tests.hosted.hosted_lab import PEM

ROOT = Path(__file__).resolve().parents[3]
COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yml").read_text(encoding="utf-8"))
APP = AppIdentity(7, PEM.strip(), "hook-secret", "Iv1.x", "client-secret", "lab-reassay")


@pytest.fixture
def settings(tmp_path: Path) -> HostingSettings:
    credentials = Credentials(tmp_path / "data")
    credentials.keep(APP)
    credentials.ledger_key()
    return HostingSettings(credentials.folder)


def test_every_secret_of_the_compose_file_is_written_and_a_second_run_writes_nothing(
    settings: HostingSettings, tmp_path: Path
) -> None:
    folder = tmp_path / "secrets"
    written = export_secrets(settings, folder)
    named = {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert {path.name for path in written} == named == {path.name for path in folder.iterdir()}
    assert export_secrets(settings, folder) == ()
    # The account of the container reads them through a read-only mount; on the machine nobody else enters the folder.
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o444}


def test_a_server_reads_them_by_the_variables_of_the_compose_file(settings: HostingSettings, tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    export_secrets(settings, folder)
    for path in folder.iterdir():
        # What is mounted read-only for a container is an ordinary file here, whose keys must not be so open.
        path.chmod(0o400)
    files = {name: folder / Path(secret["file"]).name for name, secret in COMPOSE["secrets"].items()}
    variables = COMPOSE["x-reassay"]["environment"]
    environment = {name: str(files[value.removeprefix("/run/secrets/")]) for name, value in variables.items()}
    found = read_hosting({"HOME": str(tmp_path), **environment}, {})
    assert found.app == APP
    password = files["database-password"].read_text().strip()
    assert found.database_url == f"postgresql://reassay:{password}@database/reassay"
    signer = keyring_of_keys(found.keys).signer
    assert signer is not None
    assert signer.public_key == Credentials(settings.data).ledger_key()


def test_a_secret_that_is_there_with_another_value_is_kept(settings: HostingSettings, tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    export_secrets(settings, folder)
    with pytest.raises(UsageError, match="it holds another value"):
        export_secrets(replace(settings, app=replace(APP, webhook_secret="a-newer-one")), folder)
    assert (folder / "webhook-secret").read_text() == "hook-secret\n"


@pytest.mark.parametrize(
    ("app", "words"), [(None, "no App is set up yet"), (AppIdentity(7, PEM, "s"), "app-slug, client-id, client-secret")]
)
def test_what_is_missing_is_named_and_nothing_is_written(tmp_path: Path, app: AppIdentity | None, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        export_secrets(HostingSettings(tmp_path / "none", app=app), tmp_path / "secrets")
    assert not (tmp_path / "secrets").exists()


def test_an_open_folder_is_refused(settings: HostingSettings, tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o755)
    with pytest.raises(UsageError, match="chmod 700"):
        export_secrets(settings, folder)
