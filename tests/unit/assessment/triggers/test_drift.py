"""drift and observation-stale: what fires, what is only said, what a decision settles, and what nobody knows."""

import json
from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from reassay.assessment.cell_status import CellStatus
from reassay.assessment.cells import assess
from reassay.assessment.triggers.base import Blind, Fired, Result, Skipped
from reassay.ledger.signals import DeploymentObserved
from reassay.register.deployment import Deployment
from reassay.register.lint.references import check_references
from reassay.signals.observing.observation import paths_in, settings_of
from tests.make import TODAY, Story, deployment, mitigation, register

REPOSITORY = "example-lab/product"


def observed_api(*fields: str, **declared: object) -> Deployment:
    paths = [
        {"repository": REPOSITORY, "path": f"a.yaml#/{field}", "field": field} for field in fields or ("modalities_in",)
    ]
    return deployment("api", **{"audience": "external", "modalities_in": ["text"], "observed": paths, **declared})


def story_of(api: Deployment, **fields: object) -> Story:
    return Story(register(mitigation("filter", deployments=["api"], **fields), api))


def observe(
    story: Story, values: Mapping[str, object] | None = None, unread: Mapping[str, str] | None = None, **other: object
) -> None:
    own = story.register.deployments["api"].value
    written = {
        "deployment": "api", "repository": REPOSITORY, "settings": settings_of(paths_in(own, REPOSITORY)), "commit": "a" * 40,
        "observed_at": story.now.isoformat(), "by": "read", "fields": values or {}, "unread": unread or {}, **other,
    }  # fmt: skip
    story.add(DeploymentObserved.model_validate_json(json.dumps(written)))


def cell(story: Story) -> CellStatus:
    (own,) = assess(story.assessment_input)
    return own


def result(story: Story, kind: str = "drift") -> Result:
    (own,) = (each for each in cell(story).results if each.kind == kind)
    return own


def assessed(story: Story, values: Mapping[str, object]) -> Story:
    """The mitigation was decided to be effective while this was observed."""
    observe(story, values)
    story.sweep()
    story.conclude("filter")
    story.move_to(TODAY + timedelta(days=10))
    return story


@pytest.mark.parametrize(
    ("declared", "values", "kind", "words"),
    [
        ({}, {"modalities_in": ["text"]}, Skipped, "what is observed is what the register declares"),
        ({}, {"modalities_in": ["image", "text"]}, Fired, "observed modalities_in: image, text"),
        (
            {"modalities_in": ["text", "image"]},
            {"modalities_in": ["image", "text"]},
            Skipped,
            "is what the register declares",
        ),
        (
            {"modalities_in": ["text", "image"]},
            {"modalities_in": ["text"]},
            Skipped,
            "image removed from modalities_in, narrower",
        ),
        (
            {"modalities_in": ["text", "image"]},
            {"modalities_in": ["audio", "text"]},
            Fired,
            "audio added to modalities_in",
        ),
        ({"audience": "internal"}, {"audience": "external"}, Fired, "declared: internal"),
        ({"audience": "external"}, {"audience": "internal"}, Skipped, "audience narrowed"),
        ({"users": "1000"}, {"users": "1500"}, Skipped, "below 2 times"),
        ({"users": "1000"}, {"users": "2000"}, Fired, "up to 2 times"),
        # What cannot be compared counts.
        ({}, {"model": "titan"}, Fired, "declared: nothing"),
        ({"users": "some"}, {"users": "others"}, Fired, "cannot be compared"),
        ({"languages": ["en"]}, {"languages": []}, Fired, "no language is stated any more"),
        ({"oversight": "A person"}, {"oversight": "Nobody"}, Fired, "cannot be compared"),
    ],
)
def test_what_fires_and_what_is_only_said(
    declared: Mapping[str, object], values: Mapping[str, object], kind: type, words: str
) -> None:
    story = story_of(observed_api(*values, **declared))
    observe(story, values)
    own = result(story)
    assert isinstance(own, kind), own
    assert words in own.reason


def test_the_reason_says_all_three_values() -> None:
    story = assessed(story_of(observed_api()), {"modalities_in": ["text"]})
    observe(story, {"modalities_in": ["image", "text"]})
    own = result(story)
    assert isinstance(own, Fired)
    assert own.reason.startswith(
        "observed and declared differ: api: observed modalities_in: image, text (in example-lab/product); declared: text ("
    )
    assert own.reason.endswith("; assessed: text (image added to modalities_in, a new input modality)")
    assert own.about == "api modalities_in: image, text"
    assert not cell(story).is_effective


def test_small_steps_since_the_assessment_add_up() -> None:
    story = assessed(story_of(observed_api("users", users="1000")), {"users": "1000"})
    story.register = register(mitigation("filter", deployments=["api"]), observed_api("users", users="1900"))
    observe(story, {"users": "3600"})
    own = result(story)
    assert isinstance(own, Fired)
    assert "up to 3.6 times" in own.reason


def test_a_decision_with_it_in_sight_leaves_the_cell_unknown_until_they_are_equal() -> None:
    story = assessed(story_of(observed_api()), {"modalities_in": ["image", "text"]})
    own = result(story)
    assert isinstance(own, Blind)
    assert "took this difference into account; declare it, or undo it" in own.reason
    assert not cell(story).is_effective
    observe(story, {"modalities_in": ["image", "text"]})
    assert isinstance(result(story), Blind), "the same again is nothing new"
    observe(story, {"modalities_in": ["audio", "image", "text"]})
    assert isinstance(result(story), Fired)


def test_a_declaration_that_moves_away_from_what_is_observed_fires_again() -> None:
    api = observed_api(modalities_in=["text", "image"])
    story = assessed(story_of(api), {"modalities_in": ["image", "text"]})
    assert isinstance(result(story), Skipped)
    story.register = register(mitigation("filter", deployments=["api"]), observed_api(modalities_in=["text"]))
    assert isinstance(result(story), Fired)


def test_what_was_read_last_stays_while_the_path_cannot_be_read() -> None:
    story = assessed(story_of(observed_api()), {"modalities_in": ["text"]})
    observe(story, {"modalities_in": ["image", "text"]})
    observe(story, unread={"modalities_in": "a.yaml: there is no such file"})
    own = result(story)
    assert isinstance(own, Fired)
    assert "image, text" in own.reason
    assert "cannot be read in example-lab/product (a.yaml: there is no such file)" in own.reason
    observe(story, unread={"modalities_in": "example-lab/product cannot be read"}, commit="")
    own = result(story)
    assert isinstance(own, Fired), "the last value is still wider"


@pytest.mark.parametrize(
    ("commit", "kind"),
    [("a" * 40, Fired), ("", Blind)],
    ids=["a path that cannot be read counts as different", "a repository that cannot be read is not known"],
)
def test_what_is_unread(commit: str, kind: type) -> None:
    story = story_of(observed_api())
    observe(story, unread={"modalities_in": "gone"}, commit=commit)
    own = result(story)
    assert isinstance(own, kind)
    assert "gone" in own.reason


@pytest.mark.parametrize(
    "other", [{"settings": "c14n/1:sha256:" + "0" * 64}, {"repository": "example-lab/other"}, None]
)
def test_without_an_observation_by_these_paths_nobody_knows(other: Mapping[str, object] | None) -> None:
    story = story_of(observed_api())
    if other is not None:
        observe(story, {"modalities_in": ["image", "text"]}, None, **other)
    own = result(story)
    assert isinstance(own, Blind)
    assert own.reason == "modalities_in of api was not observed yet"


def test_it_is_a_default_only_where_something_is_observed_and_blind_where_it_is_stated_for_nothing() -> None:
    plain = Story(register(mitigation("filter", deployments=["api"]), deployment("api")))
    assert [each for each in cell(plain).results if each.kind == "drift"] == []
    stated = mitigation(
        "filter", deployments=["api"], reassess={"every": "6 months", "triggers": [{"kind": "drift"}]}, every=None
    )
    story = Story(register(stated, deployment("api")))
    assert isinstance(result(story), Blind)
    (finding,) = (each for each in check_references(story.register).findings if each.code == "not-observed")
    assert "nothing says where api can be observed, so 'drift' of 'filter' is blind" in finding.message


def test_a_cell_of_everything_looks_at_every_deployment() -> None:
    story = Story(register(mitigation("filter"), observed_api(), deployment("lab")))
    observe(story, {"modalities_in": ["image", "text"]})
    assert isinstance(result(story), Fired)


def test_two_paths_for_one_field_are_an_error_and_count_as_different() -> None:
    story = story_of(observed_api("modalities_in", "modalities_in"))
    assert isinstance(result(story), Fired)
    codes = [each.code for each in check_references(story.register).findings]
    assert codes.count("observed-twice") == 2


STALE = {
    "reassess": {"every": "6 months", "triggers": [{"kind": "observation-stale", "older_than": "30 days"}]},
    "every": None,
}


def test_observation_stale_by_the_day() -> None:
    story = assessed(story_of(observed_api(), **STALE), {"modalities_in": ["text"]})
    story.move_to(TODAY + timedelta(days=30))
    assert isinstance(result(story, "observation-stale"), Skipped)
    story.move_to(TODAY + timedelta(days=31))
    own = result(story, "observation-stale")
    assert isinstance(own, Fired)
    assert "modalities_in of api was last observed on 2026-12-01; 30 days is allowed" in own.reason
    story.sweep()
    story.conclude("filter")
    own = result(story, "observation-stale")
    assert isinstance(own, Blind)
    assert "was decided without a newer observation" in own.reason
    observe(story, {"modalities_in": ["text"]})
    assert isinstance(result(story, "observation-stale"), Skipped)


def test_a_path_that_cannot_be_read_is_no_observation() -> None:
    story = assessed(story_of(observed_api(), **STALE), {"modalities_in": ["text"]})
    story.move_to(TODAY + timedelta(days=31))
    observe(story, unread={"modalities_in": "gone"})
    own = result(story, "observation-stale")
    assert isinstance(own, Fired)
    assert "2026-12-01 (gone)" in own.reason


@pytest.mark.parametrize("fields", [(), None])
def test_what_was_never_observed_is_blind(fields: tuple[str, ...] | None) -> None:
    story = story_of(observed_api() if fields is not None else deployment("api"), **STALE)
    own = result(story, "observation-stale")
    assert isinstance(own, Blind)
    assert ("never observed" if fields is not None else "does not say where it can be observed") in own.reason


def test_an_order_is_carried_out_by_what_is_observed_and_not_by_a_register_that_only_says_so() -> None:
    wide = observed_api(modalities_in=["text", "image"])
    story = story_of(wide)
    observe(story, {"modalities_in": ["image", "text"]})
    story.sweep()
    story.conclude("filter", "ineffective", deployment="restrict")
    assert cell(story).state == "restrict-ordered"
    # The register is narrower, and the product is not.
    story.register = register(mitigation("filter", deployments=["api"]), observed_api(modalities_in=["text"]))
    assert cell(story).state == "restrict-ordered"
    observe(story, {"modalities_in": ["text"]})
    assert cell(story).state == "ineffective"
    # The product is narrower, and the register still says more.
    story.register = register(mitigation("filter", deployments=["api"]), wide)
    assert cell(story).state == "ineffective"
    assert date(2026, 12, 1) == TODAY
