"""The summary of a check run names the rules that make it red, and leads to what they ask for."""

from dataclasses import replace

from reassay.approvals.proposal import Proposal
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.gate.views.check_run import RULES_PAGE, PublicationContext, summary
from reassay.people.people import Directory
from reassay.register.register import Register
from tests.make import Story, deployment, mitigation, register

DECLARED = {"deployments": ["public-api"], "every": "1 year", "last_assessed": "2026-11-01"}


def shown(base: Register, merged: Register) -> str:
    """The summary of a check run of a pull request."""
    story = Story(base)
    facts = replace(story.assessment_input, people=Directory({}, {}, is_known=True))
    gate_input = GateInput(Proposal("main", "0" * 40, "1" * 40, base=base, merged=merged), facts)
    about = PublicationContext(
        "R_1", "https://example.org", enforces=True, trust="", anchor="", policy="main", now=story.now,
        timezone="Europe/Berlin", bot_accounts=frozenset(),
    )  # fmt: skip
    return str(summary(decide(gate_input), gate_input, about, 7).text)


def test_a_red_check_names_its_rules_and_links_what_they_ask_for() -> None:
    base = register(mitigation(**DECLARED), deployment())
    wider = register(mitigation(**DECLARED), deployment(modalities_in=["text", "audio"]))
    words = shown(base, wider)
    assert f"**Rules not met:** `decided-before`, `signed` ([what they ask for]({RULES_PAGE}))." in words


def test_a_green_check_names_no_rule() -> None:
    base = register(mitigation(**DECLARED), deployment())
    assert "Rules not met" not in shown(base, base)
