"""A verdict that the gate really made: two roles and a question are missing, four people may give something."""

from functools import cache

from reassay.dashboard.values import Dashboard
from reassay.dashboard.verdict import dashboard_verdict
from reassay.dashboard.verdict_values import DashboardVerdict
from reassay.gate.decide import decide
from tests.unit.dashboard.generated_pull_requests import GeneratedPullRequest, Rules
from tests.unit.dashboard.sample import sample

RULES = Rules(
    board=("release-manager", "external"),
    reviewers=("red-team-lead", "safety-lead"),
    loosening=(("reviewers", 1, ("author",)), ("board", 2, ())),
    questions=("safety-lead",),
    author="red-team-lead",
    lends=(),
    steps=(),
)


@cache
def blocked() -> DashboardVerdict:
    story = GeneratedPullRequest(RULES)
    facts = story.facts()
    return dashboard_verdict(facts, decide(facts), name="pull-7", title="Take audio", judged_at=story.now)


@cache
def with_verdict() -> Dashboard:
    return sample().model_copy(update={"verdicts": (blocked(),)})
