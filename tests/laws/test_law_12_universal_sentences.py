"""Law 12: a universal sentence needs a universal check. Each is made only if an oracle that looks at everything agrees."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reassay.approvals.proposal import Proposal
from reassay.assessment.cells import State, assess
from reassay.changes import compare
from reassay.changes.base import Direction
from reassay.gate import rules
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.gate.verdict import RuleStatus, Verdict
from reassay.people.people import Directory
from reassay.register.agreements import read_agreed_change
from reassay.register.finding import Finding, Position
from reassay.register.layers import layer_coverage
from reassay.register.register import Register
from reassay.register.unreadable_entry import UnreadableEntry
from tests.examples import examples
from tests.laws.test_law_02_nothing_goes_quiet import edits
from tests.make import Story, deployment, mitigation, register
from tests.signed_rows import with_steps_signed
from tests.unit.assessment.generated_stories import stories

QUICK = settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
ROLES = ("safety-lead", "red-team-lead", "red-team")


def verdict(story: Story, merged: Register, base: Register | None = None, *, signed: bool = True) -> Verdict:
    facts = replace(story.assessment_input, people=Directory({}, {}, is_known=True))
    proposal = Proposal("main", "0" * 40, "1" * 40, base=base or story.register, merged=merged)
    return decide(with_steps_signed(GateInput(proposal, facts), ROLES if signed else ()))


def nothing_before(story: Story, merged: Register) -> bool:
    """No cell anywhere has a trigger that fires before a change and did not, and nothing significant is widened."""
    before = {
        (cell.subject, cell.cell, fired.kind, fired.about)
        for cell in assess(story.assessment_input)
        for fired in cell.fired
    }
    after = [(cell, fired) for cell in assess(replace(story.assessment_input, register=merged)) for fired in cell.fired]
    new = [
        1 for cell, own in after if own.before_change and (cell.subject, cell.cell, own.kind, own.about) not in before
    ]
    changes = compare(story.register, merged, story.assessment_input.today)
    wider = {change.name for change in changes if change.kind == "deployment" and change.significant}
    wider |= {
        name
        for name, entry in merged.deployments.items()
        if any(change.kind == "model" and change.significant and change.name == entry.value.model for change in changes)
    }
    serving = [
        entry.value
        for entry in merged.mitigations.values()
        if entry.value.status == "active" and wider & set(entry.value.deployments or merged.deployments)
    ]
    return not new and not serving


def nothing_late(story: Story, merged: Register) -> bool:
    changes = compare(story.register, merged, story.assessment_input.today)
    own = {change.name for change in changes if change.is_looser and change.kind in {"mitigation", "commitment"}}
    return not any(cell.subject in own and cell.state is State.OVERDUE for cell in assess(story.assessment_input))


def no_layer_lost(story: Story, merged: Register) -> bool:
    before = {(each.threat_model, each.audience): each for each in layer_coverage(story.register)}
    return not any(
        each.is_short
        and (old := before.get((each.threat_model, each.audience))) is not None
        and each.counted < old.counted
        for each in layer_coverage(merged)
    )


def nothing_early(story: Story, merged: Register) -> bool:
    today = story.assessment_input.today
    for change in compare(story.register, merged, today):
        old = story.register.deployments.get(change.name) if change.kind == "deployment" else None
        if old is None or change.direction is Direction.TIGHTER or not isinstance(change.after, list):
            continue
        for plan in old.value.planned:
            agreed = read_agreed_change(plan.change)
            if agreed and agreed.covers(change.field, [str(item) for item in change.after]) and plan.not_before > today:
                return False
    return True


ORACLES: Mapping[str, Callable[[Story, Register], bool]] = {
    "no decision is required before the merge": nothing_before,
    "no mitigation or commitment that this loosens or exposes to more is overdue": nothing_late,
    "no threat model loses a declared layer that its minimum requires": no_layer_lost,
    "no planned change is merged before its date": nothing_early,
    "no change needs a sign-off": lambda story, merged: verdict(story, merged, signed=False).passes,
}


@QUICK
@given(st.data())
def test_a_universal_sentence_is_said_only_where_everything_was_looked_at(data: st.DataObject) -> None:
    story = data.draw(stories())
    merged = data.draw(edits(story.register))
    for rule in verdict(story, merged).tree.children:
        if rule.status is RuleStatus.SKIPPED and rule.why in ORACLES:
            assert ORACLES[rule.why](story, merged), rule.why


def test_every_universal_sentence_of_a_rule_has_its_oracle() -> None:
    """A new rule that says "no ..." or "nothing ..." has to say how it is known."""
    story = Story(register(mitigation(last_assessed="2026-11-01"), deployment()))
    said = {
        rule.why
        for rule in verdict(story, story.register).tree.children
        if re.match(r"no\b|nothing\b|every\b", rule.why)
    }
    assert said == set(ORACLES)
    assert len(rules.RULES) == len(verdict(story, story.register).tree.children)


@pytest.mark.parametrize("side", ["base", "merged"])
def test_what_could_not_be_read_is_named_beside_the_sentence(side: str) -> None:
    story = Story(register(mitigation(last_assessed="2026-11-01"), deployment()))
    finding = Finding(
        Position("framework/monitor.yml"), "unknown-key", "'evry' is not a key of a mitigation", "Delete it."
    )
    unread = replace(
        story.register,
        broken={"mitigation": frozenset({"monitor"})},
        unreadable=(UnreadableEntry(finding, "mitigation", "monitor"),),
    )
    base, merged = (unread, story.register) if side == "base" else (story.register, unread)
    result = verdict(story, merged, base)
    said = [
        rule.why
        for rule in result.tree.children
        if rule.status is RuleStatus.SKIPPED and rule.name not in {"hold", "ledger"}
    ]
    assert said
    assert all(why.startswith("of the entries that can be read, no ") for why in said)
    assert all("mitigation monitor" in why for why in said)


def test_a_plan_that_is_not_understood_is_named() -> None:
    plan = [{"change": "voice for everyone", "not_before": "2027-06-01"}]
    story = Story(register(mitigation(last_assessed="2026-11-01"), deployment(planned=plan)))
    result = verdict(story, register(mitigation(last_assessed="2026-11-01"), deployment(title="Another", planned=plan)))
    why = next(rule.why for rule in result.tree.children if rule.name == "not-too-early")
    assert "not compared, because the field is not recognised: `voice for everyone` of public-api" in why
