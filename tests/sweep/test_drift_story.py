"""Two repositories: what changes in the product opens a re-assessment in the framework, which says all three values."""

from collections.abc import Callable

import pytest

from reassay.ledger.signals import DeploymentObserved
from tests.lab import Lab

PRODUCT = "example-lab/product"
REGISTER = b"""\
mode: remind
timezone: Europe/Berlin
deployments:
  - id: public-api
    title: Public API
    audience: external
    modalities_in: [text]
    observed:
      - {repository: example-lab/product, path: app/config.yaml#/inputs, field: modalities_in, values: {img: image}}
mitigations:
  - id: jailbreak-filter
    title: Input filter
    owner: safety-lead
    assessor: red-team-lead
    every: 6 months
    deployments: [public-api]
"""


@pytest.fixture
def ours(make_lab: Callable[..., Lab]) -> Lab:
    """A framework whose only mitigation was assessed with what the product accepts: text."""
    return assessed(make_lab, REGISTER)


def assessed(make_lab: Callable[..., Lab], register: bytes, *, private: bool = False) -> Lab:
    lab = make_lab({"framework/mitigations.yml": register})
    lab.box.add_repo(PRODUCT, private=private, files={"app/config.yaml": b"inputs: [text]\n"})
    lab.fine()
    lab.say("red-team-lead", 1, "/reassay conclude effective because we tested it")
    lab.fine()
    return lab


def product(lab: Lab, text: bytes | None) -> None:
    lab.box.repo(PRODUCT).commit({"app/config.yaml": text}, message="change the inputs", author="safety-lead")


def records(lab: Lab) -> list[DeploymentObserved]:
    report = lab.fine()
    assert report.assessment_input is not None
    return [body for _, body in report.assessment_input.history.records_of(DeploymentObserved)]


def cell(lab: Lab) -> tuple[str, str]:
    (own,) = lab.fine().cells
    return str(own.state), own.reason


def nothing_again(lab: Lab) -> None:
    with lab.box.readonly():
        lab.fine()


@pytest.mark.long
def test_a_change_of_the_product_opens_a_re_assessment_with_three_values_and_the_mended_register_settles_it(
    ours: Lab,
) -> None:
    assert cell(ours)[0] == "current"
    product(ours, b"inputs: [text, img]\n")
    state, reason = cell(ours)
    assert state == "triggered"
    assert "observed modalities_in: image, text (in example-lab/product)" in reason
    assert "declared: text (framework/mitigations.yml); assessed: text" in reason
    assert "a new input modality" in reason
    assert len(ours.titles()) == 2
    assert "declared: text" in ours.repo.issue(2).body
    nothing_again(ours)

    ours.register(REGISTER.replace(b"modalities_in: [text]", b"modalities_in: [text, image]"))
    state, reason = cell(ours)
    assert "observed and declared differ" not in reason
    assert "image added to modalities_in" in reason, "what is declared now is not what was assessed"
    ours.say("red-team-lead", 2, "/reassay conclude effective because we tested it with images")
    assert cell(ours)[0] == "current"
    nothing_again(ours)


@pytest.mark.long
def test_an_undone_change_closes_the_re_assessment(ours: Lab) -> None:
    product(ours, b"inputs: [text, img]\n")
    cell(ours)
    assert ours.repo.issue(2).state == "open"
    product(ours, b"inputs: [text]\n")
    assert cell(ours)[0] == "current"
    assert ours.repo.issue(2).state == "closed"


def test_a_decision_with_the_difference_in_sight_does_not_make_them_equal(ours: Lab) -> None:
    product(ours, b"inputs: [text, img]\n")
    cell(ours)
    ours.say("red-team-lead", 2, "/reassay conclude effective because we tested it with images")
    state, reason = cell(ours)
    assert state == "unknown"
    assert (
        "R-2026-002 of 2026-12-01 (effective, attested) took this difference into account; declare it, or undo it"
        in reason
    )
    assert len(ours.titles()) == 2
    product(ours, b"inputs: [text, img, audio]\n")
    assert cell(ours)[0] == "triggered"
    assert len(ours.titles()) == 3


def test_what_is_narrower_is_recorded_and_said_and_asks_for_nothing(make_lab: Callable[..., Lab]) -> None:
    ours = assessed(make_lab, REGISTER.replace(b"modalities_in: [text]", b"modalities_in: [text, image]"))
    assert records(ours)[-1].fields == {"modalities_in": ["text"]}
    (own,) = ours.fine().cells
    assert str(own.state) == "current"
    (drift,) = (result for result in own.results if result.kind == "drift")
    assert "not significantly wider than declared" in drift.reason
    assert "image removed from modalities_in" in drift.reason


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"inputs: [text, hologram]\n", "'hologram' is not a word of the register for 'modalities_in'"),
        (b"inputs: text\n", "it is a text, and a list is needed"),
        (b"other: 1\n", "there is no '/inputs'"),
        (b"inputs: [\n", "the file is not valid YAML"),
        (None, "there is no such file"),
        (b"\0binary", "the file is binary"),
    ],
)
def test_what_cannot_be_read_counts_as_different_and_is_never_current(ours: Lab, text: bytes | None, why: str) -> None:
    product(ours, text)
    state, reason = cell(ours)
    assert state == "triggered"
    assert why in reason
    assert "so it counts as different" in reason
    assert why in records(ours)[-1].unread["modalities_in"]
    nothing_again(ours)


@pytest.mark.long
def test_a_repository_that_the_token_cannot_read_is_recorded_as_unread_and_blind(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab({"framework/mitigations.yml": REGISTER})
    lab.box.add_repo(PRODUCT, private=True, files={"app/config.yaml": b"inputs: [text]\n"})
    (record,) = records(lab)
    assert record.commit == ""
    assert "example-lab/product cannot be read" in record.unread["modalities_in"]
    lab.say("red-team-lead", 1, "/reassay conclude effective because we tested it")
    state, reason = cell(lab)
    assert state == "unknown"
    assert "public-api cannot be observed" in reason
    nothing_again(lab)


@pytest.mark.long
def test_an_observation_that_does_not_change_is_recorded_once_a_week(ours: Lab) -> None:
    assert len(records(ours)) == 1
    ours.later(days=6)
    assert len(records(ours)) == 1
    ours.later(days=1, minutes=1)
    assert len(records(ours)) == 2
    nothing_again(ours)


@pytest.mark.long
def test_observation_stale_fires_when_the_product_is_out_of_reach_for_too_long(make_lab: Callable[..., Lab]) -> None:
    stated = b"    reassess: {every: 6 months, triggers: [{kind: observation-stale, older_than: 10 days}]}\n"
    ours = assessed(make_lab, REGISTER.replace(b"    every: 6 months\n", stated))
    assert cell(ours)[0] == "current"
    ours.later(days=5, minutes=1)
    assert len(records(ours)) == 2, "half of what is allowed"
    product(ours, b"inputs: 1\n")
    for _ in range(12):
        ours.later(days=1)
        ours.fine()
    (own,) = ours.fine().cells
    (stale,) = (result for result in own.results if result.kind == "observation-stale")
    assert "modalities_in of public-api was last observed on 2026-12-06" in stale.reason
    assert type(stale).__name__ == "Fired"


@pytest.mark.long
def test_other_words_of_the_product_are_read_in_the_same_sweep(ours: Lab) -> None:
    product(ours, b"inputs: [text, pic]\n")
    assert "'pic' is not a word of the register" in cell(ours)[1]
    ours.register(REGISTER.replace(b"{img: image}", b"{img: image, pic: image}"))
    assert "observed modalities_in: image, text" in cell(ours)[1]
    first, last = records(ours)[0], records(ours)[-1]
    assert first.settings != last.settings
