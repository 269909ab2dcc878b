"""An App of one's own acts: its key proves it, its token is for one repository, and what happens is enforced."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from reassay.cli.settings import AppCredentials, read_settings
from reassay.common.errors import UsageError
from tests.gate_lab import APP, CONFIGURATION, FILES, STAFF_APP, GateLab
from tests.lab import Lab

RIGHTS = {"metadata": "read", "contents": "write", "issues": "write", "pull_requests": "write", "checks": "write"}
PRIVATE = generate_private_key(public_exponent=65537, key_size=2048)
PEM = PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def as_app(lab: Lab, app: int, key: str = PEM) -> Lab:
    return replace(lab, settings=replace(lab.settings, token="", app=AppCredentials(app, key)))


@pytest.mark.long
@pytest.mark.parametrize("more", [{}, {"members": "read"}])
def test_the_gate_is_enforced_by_an_app(make_lab: Callable[..., Lab], more: dict[str, str]) -> None:
    lab = make_lab(dict(FILES))
    app = lab.box.add_app("own-gate", PUBLIC, lab.name, RIGHTS | more)
    lab.repo.commit({".github/reassay.yml": CONFIGURATION + f"app_id: {app}\n".encode()})
    gate = GateLab.of(as_app(lab, app))
    gate.lab.fine()
    check = gate.judge(gate.propose({APP: STAFF_APP + b"oversight: A person.\n"}))
    assert check.app.login == "own-gate[bot]"
    assert "Trust: enforced" in check.summary
    assert PEM not in repr(gate.lab.settings)


def test_what_is_wrong_with_an_app_is_said(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(dict(FILES))
    app = lab.box.add_app("own-gate", PUBLIC, lab.name, {"metadata": "read"})
    for broken, words in ((as_app(lab, app), "lacks permissions"), (as_app(lab, app, "no key"), "cannot be read")):
        with pytest.raises(UsageError, match=words):
            broken.sweep()
    lab.box.take_away(app, lab.name)
    with pytest.raises(UsageError, match="not installed"):
        as_app(lab, app).sweep()


@pytest.mark.parametrize(
    "given", [{"REASSAY_APP_ID": "1"}, {"REASSAY_APP_KEY": "x"}, {"REASSAY_APP_ID": "one", "REASSAY_APP_KEY": "x"}]
)
def test_half_of_the_credentials_is_no_fallback(given: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        read_settings({"GITHUB_TOKEN": "t", **given})
