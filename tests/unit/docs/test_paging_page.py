"""The code in docs/how-to/page-people.md verifies what is sent, and refuses what is not."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reassay.register.files.memory_files import MemoryFiles
from reassay.register.files.reader import read_register
from reassay.signals.fetching.fetch_settings import read_fetch_settings
from reassay.signals.fetching.page_sender import signature

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to"
KEY, BODY = b"a random key", b'{"schema": "reassay/page/v1"}'


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (HOW_TO / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def verify() -> Callable[[bytes, dict[str, str], bytes], bool]:
    names: dict[str, Callable[[bytes, dict[str, str], bytes], bool]] = {}
    (snippet,) = blocks("page-people.md", "python")
    exec(snippet, names)  # the documentation's own code
    return names["is_from_reassay"]


def headers(timestamp: int, body: bytes = BODY) -> dict[str, str]:
    text = str(timestamp)
    return {"X-Reassay-Timestamp": text, "X-Reassay-Signature": signature(KEY, text, body)}


def test_the_snippet_takes_what_is_sent_and_nothing_else(
    verify: Callable[[bytes, dict[str, str], bytes], bool],
) -> None:
    now = int(time.time())
    assert verify(KEY, headers(now), BODY)
    assert not verify(KEY, headers(now), BODY + b" ")
    assert not verify(b"another key", headers(now), BODY)
    assert not verify(KEY, headers(now - 3600), BODY)
    assert not verify(KEY, headers(now) | {"X-Reassay-Timestamp": str(now + 1)}, BODY)


RANDOM = (
    "32 random characters",
    "32 more random characters",
    "the signing secret that PagerDuty showed",
    "a random key",
)
"""What the samples say instead of a value."""


@pytest.mark.parametrize("page", ["page-people.md", "receive-alerts.md"])
def test_the_samples_of_configuration_and_secrets_are_valid(page: str) -> None:
    sample = f"mode: remind\n{blocks(page, 'yaml')[0]}"
    register = read_register(MemoryFiles({".github/reassay.yml": sample.encode()}))
    assert not register.configuration_is_broken, register.errors
    configuration = register.configuration
    (declared,) = blocks(page, "json")
    for words in RANDOM:
        declared = declared.replace(words, "x" * 32)
    settings = read_fetch_settings({"REASSAY_SOURCE_SECRETS": declared}, "app")
    named = {source.secret for source in configuration.signals.sources if hasattr(source, "secret")}
    named |= {webhook.secret for webhook in configuration.notifications.webhooks}
    assert settings.secrets.keys() == named
    assert all(secret.is_for("example-lab/framework") for secret in settings.secrets.values())
