"""Law 11 over the shipped examples: public commitments, and the classifier that names what would invalidate it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reassay.register.deployment import Modality
from reassay.register.files import WorkingTree, read_register
from reassay.register.finding import Origin
from reassay.register.register import KINDS, Register, RegisterEntry, RegisterObject
from tests.laws.test_law_11_before_means_before import unmet, verdict
from tests.make import Story, model

EXAMPLES = Path(__file__).parents[2] / "examples"
SHIPPED = ("cop-before-change", "amzn-before-major-update", "rsp22-4x-or-6-months")


def _edited(what: Register, changed: RegisterObject, *more: RegisterObject) -> Register:
    kind = next(kind for kind, own in KINDS.items() if isinstance(changed, own))
    field = f"{kind.replace('-', '_')}s"
    new = {
        each.id: RegisterEntry(each, ORIGIN, each.model_dump(mode="json", by_alias=True)) for each in (changed, *more)
    }
    return replace(what, **{field: {**what.objects(kind), **new}})  # type: ignore[arg-type] # a field by its name


ORIGIN = Origin("framework/system.yml", {(): (1, 1)})


@pytest.mark.parametrize("how", ["another model", "another version"])
def test_public_commitments_are_decided_before_their_model_is_exposed(how: str) -> None:
    shipped = read_register(WorkingTree(EXAMPLES / "public-commitments"))
    story = Story(shipped)
    grown = {"effective_compute": 1e26, "performance": 100.0, "fine_tuning_compute": 1e24, "base_compute": 1e25}
    if how == "another version":
        merged = _edited(shipped, model("base-model", "2", **grown))
    else:
        merged = _edited(shipped, model("next-model", "1", **grown))
        api = shipped.deployments["public-api"].value
        merged = _edited(merged, api.model_copy(update={"model": "next-model"}))
    before = {opening.subject for opening in verdict(story, merged).openings if opening.fired.before_change}
    assert set(SHIPPED) <= before
    assert "decided-before" in unmet(verdict(story, merged))


def test_audio_on_the_example_asks_for_a_decision_because_its_classifier_says_so() -> None:
    shipped = read_register(WorkingTree(EXAMPLES / "frontier-lab"))
    api = shipped.deployments["public-api"].value
    merged = _edited(shipped, api.model_copy(update={"modalities_in": (*api.modalities_in, Modality.AUDIO)}))
    result = verdict(Story(shipped, date(2026, 11, 20)), merged)
    before = {opening.subject: opening.fired for opening in result.openings if opening.fired.before_change}
    reasons = [opening.fired.reason for opening in result.openings if opening.subject == "input-classifier"]
    assert any("A new way of input (audio, files, images)" in reason for reason in reasons)
    serving = {name for name, entry in shipped.mitigations.items() if "public-api" in entry.value.deployments}
    assert {name for name in serving if shipped.mitigations[name].value.status == "active"} <= set(before)
    assert "decided-before" in unmet(result)
