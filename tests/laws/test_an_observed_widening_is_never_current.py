"""Whatever is observed, declared, decided and unread, in whatever order: a wider product never leaves all its cells current."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from reassay.assessment.cells import assess
from reassay.register.deployment import Audience, Deployment, Modality
from tests.make import Story, mitigation, register
from tests.unit.assessment.triggers.test_drift import observe, observed_api

MODALITIES = st.lists(st.sampled_from([str(own) for own in Modality]), min_size=1, max_size=3, unique=True).map(sorted)
AUDIENCES = st.sampled_from([str(own) for own in Audience])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("observe"), MODALITIES, AUDIENCES),
        st.tuples(st.just("declare"), MODALITIES, AUDIENCES),
        st.tuples(st.just("unread"), st.sampled_from(["", "a" * 40])),
        st.tuples(st.just("decide")),
        st.tuples(st.just("wait")),
    ),
    min_size=1,
    max_size=8,
)
WIDTH = [str(own) for own in Audience]


def is_wider(observed: tuple[Sequence[str], str] | None, declared: Deployment) -> bool:
    """By its own words: something that the register does not declare, or more people."""
    if observed is None:
        return False
    modalities, audience = observed
    return bool({*modalities} - {*map(str, declared.modalities_in)}) or WIDTH.index(audience) > WIDTH.index(
        str(declared.audience)
    )


@given(STEPS)
def test_an_observed_widening_never_reads_current(steps: list[tuple[object, ...]]) -> None:
    def declared(modalities: object, audience: object) -> Deployment:
        return observed_api("modalities_in", "audience", modalities_in=modalities, audience=audience)

    def of(api: Deployment) -> Story:
        return Story(register(mitigation("filter", deployments=["api"]), api))

    story, last, unread = of(declared(["text"], "internal")), None, False
    for step in steps:
        match step:
            case ("observe", modalities, audience):
                observe(story, {"modalities_in": modalities, "audience": audience})
                last, unread = (modalities, audience), False
            case ("declare", modalities, audience):
                story.register = of(declared(modalities, audience)).register
            case ("unread", commit):
                observe(story, unread={"modalities_in": "gone", "audience": "gone"}, commit=str(commit))
                unread = True
            case ("decide",):
                story.sweep()
                if story.assessment_input.history.open_for("filter") is not None:
                    story.conclude("filter")
            case _:
                story.now += timedelta(days=1)
        api = story.register.deployments["api"].value
        if unread or last is None or is_wider(last, api):  # type: ignore[arg-type] # as observed
            (cell,) = assess(story.assessment_input)
            assert str(cell.state) not in {"current", "due-soon"} or cell.is_blind, (step, cell.reason)
            assert not cell.is_effective
