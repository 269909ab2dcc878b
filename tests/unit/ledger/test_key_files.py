"""Files of private keys: what containers and Kubernetes mount is accepted, what others can write or read is not."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from reassay.common.errors import UsageError
from reassay.ledger.store.ed25519 import new_key_file, read_signer_file
from reassay.ledger.store.key_files import read_key_file, too_open

SHIPPED = 10_001
"""The account of the shipped container."""


@pytest.mark.parametrize(
    ("mode", "owner", "account", "is_mounted", "change"),
    [
        (0o600, SHIPPED, SHIPPED, False, None),
        (0o400, SHIPPED, SHIPPED, False, None),
        # Kubernetes: a secret with fsGroup, then without; Docker's and Podman's own secrets.
        (0o440, 0, SHIPPED, False, None),
        (0o640, 0, SHIPPED, False, None),
        (0o644, 0, SHIPPED, False, None),
        (0o444, 0, SHIPPED, False, None),
        (0o777, 0, SHIPPED, True, None),
        (0o644, 0, 0, True, None),
        (0o440, 1000, SHIPPED, False, None),
        # A file of one's own that others read, or of another person that everybody reads.
        (0o640, SHIPPED, SHIPPED, False, "600"),
        (0o644, SHIPPED, SHIPPED, False, "600"),
        (0o644, 1000, SHIPPED, False, "600"),
        (0o644, 0, 0, False, "600"),
        # Whoever writes it decides who signs.
        (0o660, 0, SHIPPED, False, "600"),
        (0o602, SHIPPED, SHIPPED, False, "600"),
        (0o666, 0, SHIPPED, False, "600"),
    ],
)
def test_who_else_may_read_and_write_it(
    mode: int, owner: int, account: int, is_mounted: bool, change: str | None
) -> None:
    problem = too_open(0o100000 | mode, owner, account, is_mounted=is_mounted)
    assert (problem[1] if problem else None) == change


def test_the_words_name_the_file_and_the_command(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    new_key_file(path)
    path.chmod(0o666)
    with pytest.raises(UsageError, match=r"key\.pem can be written by others") as caught:
        read_key_file(path, "REASSAY_APP_KEY_FILE")
    assert f"`chmod 600 {path}`" in str(caught.value)
    path.chmod(0o644)
    with pytest.raises(UsageError, match="can be read by others"):
        read_signer_file(path, "x")
    path.chmod(0o400)
    assert read_signer_file(path, "x").id


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder that other accounts may enter."""
    with tempfile.TemporaryDirectory(prefix="reassay-key-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def read_as(account: int, path: Path) -> str:
    """The id of the key as another account reads it, or the refusal."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(account, account, account)
            os.setresuid(account, account, account)
            text = read_signer_file(path, "x").id
        except UsageError as error:
            text = str(error)
        os.write(writing, text.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return answer.read()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another account")
def test_the_account_of_the_container_reads_what_its_secrets_are(outside: Path) -> None:
    path = outside / "ledger-key.pem"
    signer = new_key_file(path)
    # As `reassay ledger new-key` leaves it, made by root: refused, with the command that helps.
    assert f"Run `chown {SHIPPED} {path}` and `chmod 400 {path}`" in read_as(SHIPPED, path)
    os.chown(path, SHIPPED, SHIPPED)
    path.chmod(0o400)
    assert read_as(SHIPPED, path) == signer.id
    for mode, group in ((0o444, 0), (0o440, SHIPPED), (0o644, 0)):
        os.chown(path, 0, group)
        path.chmod(mode)
        assert read_as(SHIPPED, path) == signer.id, oct(mode)
    path.chmod(0o646)
    assert "can be written by others" in read_as(SHIPPED, path)
