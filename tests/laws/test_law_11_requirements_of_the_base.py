"""Law 11: cells that only other changes can affect are enough to find what the base wants decided before a merge."""

from collections.abc import Mapping
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reassay.approvals.proposal import Proposal
from reassay.assessment.cells import assess
from reassay.gate.base_results import ask_before, is_asked_before
from reassay.gate.input import GateInput
from reassay.register.register import RegisterObject
from tests.make import Story, commitment, deployment, mitigation, model, register, threat_model

BEFORE = "before_change"
TRIGGERS = st.lists(
    st.sampled_from([
        {"kind": "deployment-change", "must_complete": BEFORE},
        {"kind": "model-change", "must_complete": "none"},
        {"kind": "interval", "every": "6 months", "must_complete": BEFORE},
        {"kind": "redundancy-lost", "must_complete": BEFORE},
    ]),
    max_size=2,
    unique_by=lambda trigger: trigger["kind"],
)  # fmt: skip
FIELDS = st.fixed_dictionaries(
    {
        "threat_models": st.sampled_from([[], ["misuse"], ["theft"]]),
        "deployments": st.sampled_from([[], ["app"], ["other"]]),
        "layer": st.sampled_from(["model", "system"]),
        "last_assessed": st.sampled_from([None, date(2025, 1, 1), date(2026, 10, 20)]),
        "every": st.sampled_from(["1 year", "1 month"]),
        "invalidation_conditions": st.sampled_from([[], [{"text": "A new language is offered."}]]),
        "reassess": TRIGGERS.map(lambda triggers: {"triggers": triggers}),
    }
)
PROMISES = st.fixed_dictionaries(
    {
        "subject": st.sampled_from([{"kind": "deployment"}, {"kind": "mitigation"}, {"kind": "model"}]),
        "triggers": TRIGGERS.map(lambda triggers: triggers or [{"kind": "interval", "every": "1 year"}]),
        "last_assessed": st.sampled_from([None, date(2026, 10, 20)]),
    }
)
WIDER: Mapping[str, Mapping[str, object]] = {
    "modality": {"modalities_in": ["text", "audio"]},
    "model": {"model": "next"},
    "audience": {"audience": "external"},
}


def objects(
    filters: list[Mapping[str, object]], promise: Mapping[str, object], app: Mapping[str, object]
) -> tuple[RegisterObject, ...]:
    mitigations = [mitigation(f"filter-{index}", **fields) for index, fields in enumerate(filters)]
    others = (model("titan"), model("next", "2"), threat_model("misuse"), threat_model("theft"), deployment("other"))
    shown = {"audience": "internal", "model": "titan", "modalities_in": ["text"], **app}
    return (*mitigations, commitment(**promise), *others, deployment("app", **shown))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(FIELDS, min_size=3, max_size=3), FIELDS, PROMISES, PROMISES, st.sampled_from(sorted(WIDER)), st.booleans()
)
def test_what_else_changes_is_enough(
    filters: list[Mapping[str, object]],
    changed: Mapping[str, object],
    promise: Mapping[str, object],
    other: Mapping[str, object],
    sort: str,
    is_promise: bool,
) -> None:
    story = Story(register(*objects(filters, promise, {})), date(2026, 11, 1))
    story.sweep()
    after = (filters, other) if is_promise else ([changed, *filters[1:]], promise)
    merged = register(*objects(*after, WIDER[sort]))
    proposal = Proposal("main", "0" * 40, "1" * 40, base=story.register, merged=merged)
    narrow, whole = (GateInput(proposal, story.assessment_input) for _ in range(2))
    vars(whole)["cells_by_base"] = assess(whole._as_exposed, whole.comparison.near)
    assert narrow.openings == whole.openings
    for cell in narrow.cells_then:
        # What is left out of the comparison with the base can ask for nothing.
        assert ask_before(narrow.then.rules_of(cell.subject)) or not any(map(is_asked_before, cell.fired))
