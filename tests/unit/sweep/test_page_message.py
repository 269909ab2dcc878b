"""The words of messages about severe incidents, and that strangers' words have no effect in them."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.register.incident import Severity
from reassay.sweep.views.page_message import LONGEST_HEADER, OpenReassessment, PageMessage, page_body
from tests.golden import same_as_golden

MESSAGE = PageMessage(
    key="0123456789abcdef0123456789abcdef",
    repository="example-lab/framework",
    repository_url="https://github.example/example-lab/framework",
    place="incident/leak",
    kind="incident",
    severity=Severity.CRITICAL,
    raised_from=Severity.HIGH,
    title="Weapons questions get through",
    mitigations=(("jailbreak-filter", "Input filter blocks known jailbreak families"), ("gone", None)),
    deployment="public-api",
    source=None,
    first_seen_at=datetime(2026, 11, 30, 8, tzinfo=UTC),
    reassessment=OpenReassessment(
        "R-2026-001",
        "https://github.example/example-lab/framework/issues/1",
        "Wed 2 Dec 2026 09:14 UTC",
        "2026-12-02T09:14:00+00:00",
    ),
)
FORMS: tuple[Literal["slack"], Literal["json"]] = ("slack", "json")
SIGNAL = replace(
    MESSAGE,
    place="signal/alerts-0123456789ab",
    raised_from=None,
    title=None,
    mitigations=(),
    deployment=None,
    source="alerts",
    reassessment=None,
)


def slack(message: PageMessage) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(page_body(message, "slack"))
    return document


def test_the_words_of_both_forms() -> None:
    forms = {
        name: [json.loads(page_body(message, form)) for form in FORMS]
        for name, message in (("incident", MESSAGE), ("signal", SIGNAL))
    }
    same_as_golden("page.json", json.dumps(forms, indent=2, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("form", FORMS)
def test_the_same_message_has_the_same_bytes(form: Literal["slack", "json"]) -> None:
    assert page_body(MESSAGE, form) == page_body(replace(MESSAGE), form)


@given(st.text(max_size=400))
def test_no_title_mentions_anybody_or_formats_anything(title: str) -> None:
    document = slack(replace(MESSAGE, title=title))
    assert not set("<>") & set(document["text"])
    header, facts, step = document["blocks"]
    assert header["text"]["type"] == facts["text"]["type"] == "plain_text"
    assert len(header["text"]["text"]) <= LONGEST_HEADER
    # The one part that Slack formats has no word of a stranger.
    assert step == slack(MESSAGE)["blocks"][2]
