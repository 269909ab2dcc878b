"""What if: what the gate would say is what it says once people have really acted."""

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from reassay.common.sentences import sentence
from reassay.dashboard.what_if import what_if
from reassay.gate.decide import decide
from tests.examples import examples
from tests.unit.dashboard.generated_pull_requests import LOGINS, GeneratedPullRequest, copied, stories

QUICK = settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))


def really(story: GeneratedPullRequest, people: list[str]) -> tuple[str, list[str]]:
    """What the gate says once they have written their commands, one by one, until nobody can do any more."""
    acted = copied(story)
    while sum([acted.act_all(login) for login in people]):
        continue
    verdict = decide(acted.facts())
    return verdict.conclusion, [sentence(node.why) for node in verdict.missing]


@pytest.mark.slow
@QUICK
@given(stories(), st.permutations(LOGINS), st.sampled_from([0, 1, 2, 3, 6, 6, 6]))
def test_what_if_is_what_the_gate_says_after_it_was_really_done(
    story: GeneratedPullRequest, order: list[str], size: int
) -> None:
    people = order[:size]
    facts = story.facts()
    result = what_if(people, decide(facts), facts)
    event(f"{decide(facts).conclusion}, then {result.conclusion}")
    assert (result.conclusion, list(result.missing)) == really(story, people)
