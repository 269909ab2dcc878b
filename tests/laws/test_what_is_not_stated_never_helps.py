"""Law: what evidence does not state never helps. Leaving a field out of evidence turns nothing into met, and nothing hides a success.

For effort, capabilities and durations, whatever is attached beside it and in whatever order.
"""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reassay.evidence.kinds import kind_of
from reassay.evidence.kinds.base import CriterionEvidence
from reassay.ledger.answers import Attached
from reassay.register.criteria import Target

DIGEST = "sha256:" + "a" * 64
Document = dict[str, Any]


def verdict(criterion: Document, pieces: Sequence[Document]) -> str:
    target = Target.model_validate_json(json.dumps({"statement": "S", "criteria": [{"name": "it", **criterion}]}))
    own, kind = target.criteria[0], kind_of(target.criteria[0])
    assert kind is not None
    attached = [
        Attached.model_validate_json(
            json.dumps({
                "reassessment": "R-2026-001", "evidence": kind.kind, "provenance": "file", "role": "red-team-lead",
                "independent": True, kind.kind: piece,
            })
        )
        for piece in pieces
    ]  # fmt: skip
    return kind.verdict(own, CriterionEvidence(attached, 2)).verdict


RESOURCES = st.fixed_dictionaries(
    {},
    optional={
        "people": st.integers(1, 3),
        "budget": st.sampled_from(["10 GBP", "1000 GBP", "1000 EUR"]),
        "access": st.sampled_from(["app", "api", "weights"]),
        "expertise": st.sampled_from(["layperson", "expert"]),
    },
)
EFFORT_CRITERIA = st.builds(
    lambda attacker, effort: {
        "kind": "effort", "success": "S", "attacker": {"hours": 4, **attacker}, "chance_at_most": 0.5,
        **({"effort": effort} if effort else {}),
    },
    RESOURCES,
    st.none()
    | st.fixed_dictionaries(
        {"teams": st.integers(1, 3), "hours_each": st.integers(1, 8), "independent": st.booleans()},
        optional={"incentive": st.just("bounty"), "access": st.sampled_from(["app", "weights"])},
    ),
)  # fmt: skip
EFFORTS = st.builds(
    lambda base, more, independent: {**base, **more, "independent": independent},
    st.fixed_dictionaries({
        "version": st.sampled_from([1, 2, 2, 2]), "teams": st.integers(1, 9), "hours_each": st.integers(1, 20),
        "success": st.sampled_from([False, False, False, True]),
    }),
    st.builds(lambda own, paid: {**own, **({"incentive": "bounty"} if paid else {})}, RESOURCES, st.booleans()),
    st.booleans(),
)  # fmt: skip
_NEEDED = {"version", "teams", "hours_each", "success"}


@given(EFFORT_CRITERIA, st.lists(EFFORTS, min_size=1, max_size=4), st.data())
def test_effort(criterion: Document, pieces: list[Document], data: st.DataObject) -> None:
    found = any(piece["success"] and piece["version"] == 2 for piece in pieces)
    before = verdict(criterion, pieces)
    assert (before == "missed") is found
    assert verdict(criterion, data.draw(st.permutations(pieces))) == before
    index = data.draw(st.integers(0, len(pieces) - 1))
    left_out = data.draw(st.sampled_from(sorted(pieces[index].keys() - _NEEDED)))
    fewer = [*pieces]
    fewer[index] = {name: value for name, value in pieces[index].items() if name != left_out}
    assert before == "met" or verdict(criterion, fewer) != "met"


ELICITATION = st.fixed_dictionaries(
    {},
    optional={
        "fine_tuned": st.booleans(),
        "scaffold": st.sampled_from(["none", "agent-loop"]),
        "best_of": st.integers(1, 20),
        "tools": st.lists(st.sampled_from(["browsing", "memory"]), unique=True),
        "effort": st.integers(1, 99),
    },
)
JUDGED = st.builds(
    lambda outcome, elicitation, aware: {
        "outcome": outcome,
        "elicitation": elicitation,
        **dict.fromkeys(aware, DIGEST),
    },
    st.sampled_from(["below", "below", "below", "not-ruled-out", "reached"]),
    ELICITATION,
    st.sets(st.sampled_from(["evaluation_awareness", "sandbagging"])),
)


@given(ELICITATION, JUDGED, st.data())
def test_capability(least: Document, judged: Document, data: st.DataObject) -> None:
    criterion = {"kind": "capability", "claim": "C", "elicitation": least}
    before = verdict(criterion, [judged])
    stated = judged["elicitation"]
    assert before != "met" or (judged["outcome"] == "below" and len(stated) == 5 and len(judged) == 4)
    if stated:
        left_out = data.draw(st.sampled_from(sorted(stated)))
        fewer = judged | {"elicitation": {name: value for name, value in stated.items() if name != left_out}}
        assert verdict(criterion, [fewer]) != "met"


DURATIONS = st.sampled_from(["1 day", "30 days", "31 days", "1 month", "2 months", "90 days"])


@given(DURATIONS, st.lists(DURATIONS.map(lambda took: {"took": took}), min_size=1, max_size=4), DURATIONS)
def test_another_measured_time_never_hides_one_that_was_too_long(
    at_most: str, pieces: list[Document], more: str
) -> None:
    criterion = {"kind": "duration", "at_most": at_most}
    before = verdict(criterion, pieces)
    after = verdict(criterion, [*pieces, {"took": more}])
    order = ["missed", "insufficient", "met"]
    assert order.index(after) <= order.index(before)
