"""Dashboards of small registers and stories, as `build_dashboard` makes them."""

from dataclasses import replace

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.queue import scheduled
from reassay.dashboard.build import DashboardInput, build_dashboard
from reassay.dashboard.values import Dashboard
from reassay.ledger.history import History
from reassay.ledger.state import LedgerState
from reassay.ledger.store.branch import additions
from reassay.ledger.store.keyring import Keyring
from reassay.register.register import Register
from tests.make import TODAY, Story, at


def chained(story: Story, keyring: Keyring | None = None) -> LedgerState:
    """The entries of a story as the branch holds them, each linked to the one before."""
    return additions(LedgerState(), story.entries, {}, keyring)[1]


def input_of(story: Story, **fields: object) -> DashboardInput:
    """The input of a story; `fields` replace its own."""
    ledger = chained(story)
    facts = replace(story.assessment_input, history=History.of(ledger.entries))
    own = DashboardInput("example-lab/framework", "", facts, scheduled(facts), ledger, story.objects)
    return replace(own, **fields)  # type: ignore[arg-type] # test fields


def built(story: Story, **fields: object) -> Dashboard:
    return build_dashboard(input_of(story, **fields))


def of_register(register: Register) -> Dashboard:
    """The dashboard of a register without a ledger."""
    facts = AssessmentInput(register, History(), {}, at(TODAY))
    return build_dashboard(DashboardInput("framework", "", facts, scheduled(facts), LedgerState(), {}))
