"""A private key is read from where it may stand, and shown nowhere."""

import base64
import io
import pickle
import traceback
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from reassay.cli import main
from reassay.cli.remote import keyring_of
from reassay.cli.settings import read_settings
from reassay.common.errors import UsageError
from reassay.ledger.store.ed25519 import new_key_file, read_signer
from reassay.ledger.store.keyring import Keyring, read_keyring
from tests.unit.ledger.worlds import key, seed

NOTHING = ("", "")


def pem(name: str = "old") -> str:
    return key(name)._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    "text", [seed("old"), f" {seed('old')}\n", pem(), pem().replace("\n", "\\n"), pem().replace("\n", "\r\n")]
)
def test_a_key_is_pem_or_base64(text: str) -> None:
    assert read_keyring((text, ""), NOTHING).signer == key("old")


def other_key() -> str:
    return generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def locked_key() -> str:
    return key("old")._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")).decode()


@pytest.mark.parametrize("text", ["hunter2secret", seed("old")[:-6], seed("old") + "AAAA", pem()[:60], pem().replace("M", "N"), other_key(), locked_key()])  # fmt: skip
def test_what_is_no_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_keyring((text, ""), NOTHING)
    shown = "".join(traceback.format_exception(caught.value, chain=True))
    assert "REASSAY_LEDGER_KEY" in str(caught.value)
    lines = [line for line in text.splitlines() if "-----" not in line and line]
    assert not any(line in str(caught.value) for line in lines)
    assert not any(
        line in line_ for line_ in shown.splitlines() if line_.startswith(("reassay.", "ValueError")) for line in lines
    )


def test_no_repr_and_no_error_holds_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"GITHUB_TOKEN": "t", "REASSAY_LEDGER_KEY": seed("old"), "REASSAY_LEDGER_PREVIOUS_KEY": pem("new")}
    settings = read_settings(environment)
    keyring = keyring_of(settings)
    assert keyring == Keyring(key("old"), key("new"))
    secrets = [seed("old"), seed("new"), pem("new").splitlines()[1], base64.b64decode(seed("old")).hex()]
    for shown in (repr(settings), repr(settings.ledger_keys), repr(keyring), str(keyring), repr(keyring.signer)):
        assert not any(secret in shown for secret in secrets)
    with pytest.raises((TypeError, AttributeError)):
        pickle.dumps(keyring.signer)


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    signer = new_key_file(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_keyring(NOTHING, (str(file), "")).signer == signer
    for mode in (0o640, 0o604, 0o644, 0o660):
        file.chmod(mode)
        with pytest.raises(UsageError, match="chmod 600"):
            read_keyring(NOTHING, (str(file), ""))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (((seed("old"), ""), ("somewhere", "")), "both set"),
        ((NOTHING, ("/nowhere/key", "")), "cannot be read"),
        (((seed("old"), ""), NOTHING, "abc"), "not a key id"),
        (((seed("old"), ""), NOTHING, "", "abc@1"), "not a valid revocation"),
        (((seed("old"), ""), NOTHING, "", f"{key('new').id}@0"), "not a valid revocation"),
        ((("", seed("old")), NOTHING), "no new one is configured"),
    ],
)
def test_settings_that_cannot_be_meant(arguments: tuple[tuple[str, str], ...], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_keyring(*arguments)  # type: ignore[arg-type] # a table of argument lists


def test_an_empty_secret_is_no_key() -> None:
    assert read_keyring(("", " \n"), ("", " ")) == Keyring()


def test_new_key_writes_the_private_half_and_prints_the_public_one(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    out, err = io.StringIO(), io.StringIO()
    assert main(["ledger", "new-key", str(file)], out, err) == 0
    assert out.getvalue().startswith("-----BEGIN PUBLIC KEY-----")
    assert read_signer(file.read_text(), "file").id in err.getvalue()
    assert not any(line in out.getvalue() + err.getvalue() for line in file.read_text().splitlines()[1:-1])
    before = file.read_text()
    assert main(["ledger", "new-key", str(file)], out, err) == 2
    assert file.read_text() == before
    link = tmp_path / "link.pem"
    Path(link).symlink_to(tmp_path / "elsewhere")
    assert main(["ledger", "new-key", str(link)], out, err) == 2
