"""DSSE as its specification says, in one form only, and readable by tools that are not ours."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.common.canonical import canonical
from reassay.ledger.keys import key_id
from reassay.ledger.store.codec import ENTRY_TYPE, entry_path
from reassay.ledger.store.ed25519 import holds, public_pem
from reassay.ledger.store.envelope import Envelope, EnvelopeSignature, pae, read_envelope
from tests.unit.ledger.worlds import key, signed


def test_pae_is_that_of_the_specification() -> None:
    assert (
        pae("http://example.com/HelloWorld", b"hello world")
        == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


signatures = st.none() | st.builds(
    lambda value: EnvelopeSignature(key("old").id, value), st.binary(min_size=64, max_size=64)
)


@given(st.binary(max_size=300), signatures)
def test_the_one_serialisation_is_that_of_rfc_8785_and_reads_back(
    payload: bytes, signature: EnvelopeSignature | None
) -> None:
    envelope = Envelope(ENTRY_TYPE, payload, signature)
    data = envelope.encode()
    assert data == canonical(json.loads(data))
    assert read_envelope(data, ENTRY_TYPE) == envelope


@given(st.binary(max_size=200))
def test_whatever_is_not_an_envelope_is_refused_in_one_way(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_envelope(data, ENTRY_TYPE)


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b"1" * 5000, b"{}", b"null", b'{"payloadType":"application/vnd.in-toto+json"}']
)
def test_hostile_documents_too(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_envelope(data, ENTRY_TYPE)


def test_a_signature_covers_the_kind_as_well_as_the_payload() -> None:
    sealed = key("old").seal(Envelope(ENTRY_TYPE, b"{}"))
    assert holds(sealed, key("old").public_key)
    assert not holds(Envelope("application/other", b"{}", sealed.signature), key("old").public_key)
    assert not holds(sealed, key("new").public_key)
    assert not holds(Envelope(ENTRY_TYPE, b"{}"), key("old").public_key)


def test_a_key_is_named_as_openssl_would_name_it() -> None:
    pem = public_pem(key("old").public_key)
    der = base64.b64decode("".join(pem.splitlines()[1:-1]))
    import hashlib

    assert key_id(key("old").public_key) == f"sha256:{hashlib.sha256(der).hexdigest()}" == key("old").id


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not on this machine")
def test_openssl_alone_can_check_an_entry(tmp_path: Path) -> None:
    envelope = json.loads(signed(2).files[entry_path(2)])
    payload = base64.b64decode(envelope["payload"])
    (tmp_path / "key.pem").write_text(public_pem(key("old").public_key))
    (tmp_path / "signed").write_bytes(pae(envelope["payloadType"], payload))
    (tmp_path / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key.pem",
        "-rawin",
        "-in",
        "signed",
        "-sigfile",
        "sig",
    ]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "signed").write_bytes(pae(envelope["payloadType"], payload + b" "))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0
