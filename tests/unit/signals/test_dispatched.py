"""Observations that a workflow sends: forged, late and odd ones are refused with a reason."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.ledger.signals import DeploymentObserved
from reassay.signals.observing.dispatched import RefusedObservationError, payload_of, taken
from reassay.signals.observing.observation import ObservedFields, settings_of
from tests.make import deployment, register
from tests.unit.signals.test_observation import JSON_VALUES

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
COMMIT = "a" * 40
API = deployment(
    "public-api",
    observed=[
        {"repository": "example-lab/product", "path": "a.yaml#/inputs", "field": "modalities_in"},
        {"repository": "example-lab/product", "path": "a.yaml#/model", "field": "model"},
    ],
)
REGISTER = register(API)
SENT = payload_of(
    "public-api", "example-lab/product", settings_of(API.observed), COMMIT, NOW,
    ObservedFields({"modalities_in": ["image", "text"]}, {"model": "a.yaml#/model: there is no '/model'"}),
)  # fmt: skip


def take(changes: Mapping[str, Any], last: DeploymentObserved | None = None) -> DeploymentObserved:
    return taken({**SENT, **changes}, REGISTER, last, NOW)


def test_what_is_sent_is_recorded_as_it_is() -> None:
    body = take({})
    assert (body.by, body.commit, body.observed_at) == ("dispatch", COMMIT, NOW)
    assert body.fields == {"modalities_in": ["image", "text"]}
    assert body.unread == {"model": "a.yaml#/model: there is no '/model'"}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"repository": "example-lab/other"}, "does not declare that repository"),
        ({"deployment": "agent-lab"}, "no such deployment"),
        ({"settings": "c14n/1:sha256:" + "0" * 64}, "other paths than the register declares now"),
        ({"fields": {"modalities_in": ["hologram"]}}, "is not one of the register"),
        ({"fields": {"modalities_in": "text"}}, "is not one of the register"),
        ({"fields": {"modalities_in": ["text"], "host": "berlin"}}, "'host' is not declared there"),
        ({"fields": {}}, "leaves out a declared field"),
        ({"fields": {"modalities_in": ["text"], "model": "titan"}}, "said twice"),
        ({"unread": {"model": "\u200b"}}, "gives no reason"),
        ({"commit": "main"}, "not one of mode observe: 'commit'"),
        ({"observed_at": "2026-11-29T08:00:00Z"}, "not just now"),
        ({"observed_at": "2026-12-01T09:03:00Z"}, "not just now"),
        ({"decision": "effective"}, "not one of mode observe: 'decision'"),
        ({"deployment": ["a"]}, "not one of mode observe: 'deployment'"),
    ],
)
def test_forged_observations_are_refused(changes: Mapping[str, Any], why: str) -> None:
    with pytest.raises(RefusedObservationError, match=why):
        take(changes)


def test_an_older_one_is_refused_and_a_repository_that_could_not_be_read_holds_nothing_back() -> None:
    later = take({}).model_copy(update={"observed_at": NOW + timedelta(seconds=30)})
    with pytest.raises(RefusedObservationError, match="a later one is recorded: commit aaaaaaa"):
        take({}, later)
    assert take({}, later.model_copy(update={"commit": ""})).commit == COMMIT


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from([*SENT, "more"]), JSON_VALUES, max_size=4))
def test_any_payload_is_taken_or_refused(changes: Mapping[str, Any]) -> None:
    try:
        body = take(changes)
    except RefusedObservationError:
        return
    assert body.deployment == "public-api"
