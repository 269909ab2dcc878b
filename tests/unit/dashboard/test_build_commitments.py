"""Whether commitments are kept: by their own cells, by those of the mitigations that they select, and by what is stated."""

from datetime import date

import pytest

from reassay.dashboard.coverage_values import CommitmentLine
from reassay.register.register import RegisterObject
from tests.make import TODAY, Story, commitment, deployment, mitigation, register
from tests.unit.dashboard.building import built, of_register
from tests.unit.dashboard.test_build_laws import without

EVERY = [{"kind": "interval", "every": "6 months"}]


def line(story: Story, **fields: object) -> CommitmentLine:
    return built(story, **fields).commitments[0]


def decided(own: RegisterObject, *others: RegisterObject, today: date = TODAY) -> Story:
    """Every subject decided effective, and some days later."""
    story = Story(register(own, *others))
    story.sweep()
    for name in story.assessment_input.opened:
        story.conclude(name)
    story.move_to(today)
    return story


@pytest.mark.parametrize(
    ("today", "standing", "why"),
    [
        (TODAY, "kept", "It is current (due Tue 1 Jun 2027)."),
        (date(2027, 5, 20), "at-risk", "It is due soon (Tue 1 Jun 2027)."),
        (date(2027, 6, 2), "broken", "It is overdue (due Tue 1 Jun 2027)."),
    ],
)
def test_one_with_a_clock_of_its_own_is_judged_by_its_cell(today: date, standing: str, why: str) -> None:
    own = line(decided(commitment("promise", triggers=EVERY), today=today))
    assert (own.standing, own.why, own.due, own.subjects) == (standing, why, date(2027, 6, 1), ("promise",))


def test_an_open_re_assessment_and_one_that_was_never_made_are_at_risk() -> None:
    story = Story(register(commitment("promise", triggers=EVERY)))
    assert (line(story).standing, line(story).why) == ("at-risk", "It was never assessed (due Tue 1 Dec 2026).")
    story.sweep()
    assert line(story).standing == "at-risk"


ABOUT = {"subject": {"kind": "mitigation", "selector": {"ids": ["filter", "training"]}}, "triggers": EVERY}


def test_one_about_mitigations_is_judged_by_those_that_it_selects() -> None:
    story = decided(commitment("promise", **ABOUT), mitigation("filter"), mitigation("training"), mitigation("other"))
    own = line(story)
    assert (own.standing, own.why, own.subjects) == ("kept", "All 2 cells are current.", ("filter", "training"))
    story = Story(story.register)
    story.sweep()
    story.conclude("training")
    story.conclude("filter", "ineffective")
    own = line(story)
    assert own.standing == "broken"
    assert own.why.startswith("The filter is ineffective")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"triggers": [{"kind": "interval", "every": "unspecified", "in_words": "regularly"}]}, "no figure is stated for: regularly"),
        ({"triggers": []}, "it states no trigger"),
        (
            {"triggers": EVERY, "approval": [{"role": "board", "when": "the change is material"}]},
            "when board must take part is stated in free text, which cannot be evaluated: the change is material",
        ),
        (
            {"triggers": [{"kind": "any", "of": [*EVERY, {"kind": "interval", "every": "unspecified"}]}]},
            "no figure is stated for: regularly, with no figure stated",
        ),
    ],
)  # fmt: skip
def test_what_has_no_figure_is_not_determinable(fields: dict[str, object], why: str) -> None:
    own = line(decided(commitment("promise", **fields)))
    assert own.standing == "not-determinable"
    assert why in own.why.lower()


def test_one_that_selects_nothing_is_not_determinable() -> None:
    own = of_register(register(commitment("promise", **ABOUT), mitigation("other"))).commitments[0]
    assert (own.standing, own.why, own.subjects) == ("not-determinable", "It selects no active mitigation.", ())


def test_a_word_about_the_approval_that_can_be_judged_is_no_reason() -> None:
    own = line(
        decided(commitment("promise", triggers=EVERY, approval=[{"role": "board", "when": "ineffective or full"}]))
    )
    assert own.standing == "kept"


def test_what_was_imported_keeps_nothing() -> None:
    story = Story(register(commitment("promise", triggers=EVERY, last_assessed="2026-11-01")))
    own = line(story)
    assert (own.standing, own.why) == (
        "not-determinable",
        "It was last assessed on Sun 1 Nov 2026 as imported, which nobody has verified.",
    )


def test_without_the_ledger_nobody_can_tell() -> None:
    story = decided(commitment("promise", triggers=EVERY))
    assert line(story).standing == "kept"
    assert line(story, ledger_problem="the ledger is not in this clone.").standing == "not-determinable"


def test_one_that_is_not_in_force_says_why() -> None:
    later = commitment("promise", triggers=EVERY, in_force_from="2027-01-01")
    own = line(Story(register(later)))
    assert (own.standing, own.why) == ("not-in-force", "It is in force from 2027-01-01.")


def test_one_that_cannot_be_read_is_not_determinable() -> None:
    story = decided(commitment("promise", triggers=EVERY))
    story.register = without(story.register, "promise")
    own = line(story)
    assert (own.id, own.standing) == ("promise", "not-determinable")
    assert "'owner' is missing" in own.why


def test_a_mitigation_that_cannot_be_read_may_be_one_of_them() -> None:
    story = decided(commitment("promise", **ABOUT), mitigation("filter"), mitigation("gone"))
    assert line(story).standing == "kept"
    story.register = without(story.register, "gone")
    own = line(story)
    assert own.standing == "not-determinable"
    assert "Mitigation gone cannot be read" in own.why


def test_the_cells_of_deployments_are_named() -> None:
    own = commitment("promise", subject={"kind": "deployment"}, triggers=EVERY)
    story = decided(own, deployment("lab", audience="internal"), deployment("public-api"), today=date(2027, 6, 2))
    shown = line(story)
    assert shown.why == "In lab it is overdue (due Tue 1 Jun 2027); in public-api it is overdue (due Tue 1 Jun 2027)."
