"""A message counts only from whoever has the secret of its source."""

import hashlib
import hmac
from collections.abc import Callable

import pytest

from reassay.hosted.rules.signal_senders import SenderRequest, is_authentic

SECRET, OTHER, UNKNOWN = b"0123456789abcdef0123", b"another secret of somebody", b"a secret of nobody here"
BODY = b'{"event": {}}'


def signature(secret: bytes, body: bytes = BODY) -> bytes:
    return b"v1=" + hmac.new(secret, body, hashlib.sha256).hexdigest().encode()


def request(query: bytes = b"", **headers: bytes) -> SenderRequest:
    return SenderRequest({name.replace("_", "-").encode(): value for name, value in headers.items()}, query, BODY)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("alertmanager", request(authorization=b"Bearer " + SECRET)),
        ("alertmanager", request(authorization=b"bearer " + SECRET)),
        ("pagerduty", request(x_pagerduty_signature=signature(SECRET))),
        ("pagerduty", request(x_pagerduty_signature=signature(UNKNOWN) + b"," + signature(SECRET))),
        ("pagerduty", request(x_pagerduty_signature=signature(SECRET) + b", " + signature(UNKNOWN))),
        ("statuspage", request(b"token=" + SECRET)),
        ("statuspage", request(b"a=b&token=" + SECRET)),
    ],
)
def test_a_sender_with_the_secret_is_taken_and_without_a_declared_one_nobody_is(
    kind: str, shown: SenderRequest
) -> None:
    assert is_authentic(kind, [SECRET], shown)
    assert is_authentic(kind, [OTHER, SECRET], shown)
    assert not is_authentic(kind, [OTHER], shown)
    assert not is_authentic(kind, [], shown)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("alertmanager", request()),
        ("alertmanager", request(authorization=SECRET)),
        ("alertmanager", request(authorization=b"Basic " + SECRET)),
        ("alertmanager", request(b"token=" + SECRET)),
        ("pagerduty", request()),
        ("pagerduty", request(x_pagerduty_signature=signature(SECRET, b"another body"))),
        ("pagerduty", request(x_pagerduty_signature=signature(SECRET).removeprefix(b"v1="))),
        ("pagerduty", request(x_pagerduty_signature=b"\xff\xfe")),
        ("pagerduty", request(authorization=b"Bearer " + SECRET)),
        ("statuspage", request()),
        ("statuspage", request(b"token=" + SECRET + b"&token=" + SECRET)),
        ("statuspage", request(b"token=%ff%00")),
        ("statuspage", request(authorization=b"Bearer " + SECRET)),
        ("grafana", request(b"token=" + SECRET)),
        ("", request()),
    ],
)
def test_anything_else_is_refused(kind: str, shown: SenderRequest) -> None:
    assert not is_authentic(kind, [SECRET], shown)


@pytest.mark.parametrize("own_secrets", [[], [SECRET]])
@pytest.mark.parametrize("kind", ["", "alertmanager", "pagerduty", "statuspage"])
def test_an_unknown_source_is_checked_as_every_other_one_so_that_time_tells_nothing(
    kind: str, own_secrets: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed: list[int] = []

    def digest(key: bytes, message: bytes, algorithm: Callable[[], object]) -> bytes:
        signed.append(len(message))
        return hmac.new(key, message, hashlib.sha256).digest()

    monkeypatch.setattr(hmac, "digest", digest)
    assert not is_authentic(kind, own_secrets, request(x_pagerduty_signature=b"v1=0", authorization=b"Bearer x"))
    assert signed == [len(BODY)]
