"""Law: a recorded verdict follows from its recorded inputs and the readings alone, and a fact that is worse never makes it calmer."""

import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.approvals.arguments import Conclude
from reassay.commands.conclusion import Conclusion, conclude
from reassay.common.canonical import canonical, digest
from reassay.evidence.counted_verdicts import recompute
from reassay.evidence.evidence_input import readings_of
from reassay.evidence.inputs import VerdictInputs
from tests.examples import examples
from tests.make import ASSESSOR
from tests.results import Evaluation, names, outcomes, rate, reading

CRITERIA = st.fixed_dictionaries(
    {},
    optional={
        "at_most": st.sampled_from([0.02, 0.1, 0.3]),
        "tries": st.sampled_from([1, 2]),
        "unassessed_at_most": st.sampled_from([0.0, 0.2]),
        "plan": st.sampled_from(["open", {"n": 40, "seed": "1"}]),
        "judge": st.just({"at_least": 10}),
        "comparator": st.just("unprotected"),
        "slices": st.just({"required": ["de"], "each_at_most": 0.3}),
    },
)
FILES = st.lists(
    st.fixed_dictionaries(
        {
            "start": st.integers(0, 60),
            "count": st.integers(1, 60),
            "adverse": st.integers(0, 3),
            "errored": st.integers(0, 2),
            "arm": st.sampled_from(["measured", "measured", "positive-control", "unprotected"]),
            "trained_on": st.sampled_from(["no", "no", "unknown"]),
            "problems": st.sampled_from([(), (), ("it was cut",)]),
            "provenance": st.sampled_from(["file", "file", "word"]),
            "new_version": st.sampled_from([False, False, True]),
        }
    ),
    min_size=1,
    max_size=5,
)


def evaluation(criterion: dict[str, object], files: list[dict[str, object]]) -> Evaluation:
    story = Evaluation(rate(**criterion))
    version = 1
    for number, file in enumerate(files):
        if file["new_version"]:
            version += 1
            story.change(version=version)
        own = names(int(str(file["count"])), int(str(file["start"])))
        prompts = outcomes(own, own[: int(str(file["adverse"]))], {"language": "de"})
        bad = [prompt._replace(outcomes=(), errored=1) for prompt in prompts[: int(str(file["errored"]))]]
        result = reading([*bad, *prompts[len(bad) :]], task=str(number), problems=file["problems"])
        story.attach(result, arm=file["arm"], trained_on=file["trained_on"], provenance=str(file["provenance"]))
    return story


@settings(max_examples=examples(40), deadline=None)
@given(CRITERIA, FILES)
def test_what_a_decision_records_gives_its_verdict_again(
    criterion: dict[str, object], files: list[dict[str, object]]
) -> None:
    story = evaluation(criterion, files)
    shown = story.verdict()
    (reassessment,) = story.assessment_input.history.open
    concluded = conclude(Conclude("inconclusive", because="enough"), story.context(ASSESSOR, reassessment))
    assert isinstance(concluded, Conclusion)
    (recorded,) = concluded.decided.criteria
    assert (recorded.verdict, recorded.basis) == (shown.verdict, shown.basis)
    assert recorded.inputs == shown.inputs
    assert recorded.inputs is not None
    data = concluded.objects[recorded.inputs]
    assert digest(data) == recorded.inputs
    inputs = VerdictInputs.model_validate_json(data)
    readings = {
        run.readings: readings_of(story.objects[run.readings]) or () for case in inputs.cases for run in case.runs
    }
    assert recompute(inputs, readings) == inputs.verdicts
    # Nothing about the verdict depends on when it is looked at, or on what is decided about it.
    story.add(concluded.decided, 2)
    story.now += timedelta(days=30)
    assert story.verdict() == shown


ORDER = ("exceeded", "refused", "not-measured", "insufficient", "met")
WORSE = st.sampled_from(
    ["adverse", "errored", "planned", "problem", "trained", "other model", "undated", "not attached"]
)


@settings(max_examples=examples(40), deadline=None)
@given(CRITERIA, FILES, WORSE)
def test_a_worse_fact_about_a_file_never_makes_a_criterion_met(
    criterion: dict[str, object], files: list[dict[str, object]], worse: str
) -> None:
    if evaluation(criterion, files).verdict().verdict == "met":
        return
    story = evaluation(criterion, files)
    last = json.loads(canonical({"file": files[-1]}))["file"]
    own = names(int(last["count"]), int(last["start"]))
    prompts = outcomes(own, own, {"language": "de"})
    match worse:
        case "adverse":
            story.attach(reading(prompts, task="worse"))
        case "errored":
            story.attach(reading([prompt._replace(outcomes=(), errored=1) for prompt in prompts], task="worse"))
        case "planned":
            story.attach(reading(prompts, task="worse", planned=1000))
        case "problem":
            story.attach(reading(outcomes(own), task="worse", problems=("it was cut",)))
        case "trained":
            story.attach(reading(outcomes(own), task="worse"), trained_on="yes")
        case "other model":
            story.attach(reading(outcomes(own), task="worse", models_answered=("small",)))
        case "undated":
            story.attach(reading(outcomes(own), task="worse").model_copy(update={"performed_at": None}), version=None)
        case _:
            pass
    assert story.verdict().verdict != "met"
