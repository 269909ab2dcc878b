"""The warning about mitigations that no interval makes due looks at the commitments about them, too."""

from datetime import date

import pytest

from reassay.assessment.rules import rules_for
from reassay.register.finding import FindingSeverity
from reassay.register.lint.dates import dated_findings
from reassay.register.lint.references import check_references
from reassay.register.register import RegisterObject
from tests.make import TODAY, commitment, deployment, mitigation, register, threat_model

YEARLY = {"kind": "interval", "every": "1 year"}
WITHOUT = mitigation(every=None, threat_models=["misuse"], deployments=["api"])
BESIDE = (deployment("api"), threat_model("misuse"))


def promise(name: str = "promise", triggers: tuple[object, ...] = (YEARLY,), **fields: object) -> RegisterObject:
    return commitment(name, subject={"kind": "mitigation"}, triggers=list(triggers), **fields)


def warnings(*promises: RegisterObject, today: date = TODAY, subject: RegisterObject = WITHOUT) -> list[str]:
    checked = check_references(register(subject, *BESIDE, *promises))
    every = (*checked.findings, *dated_findings(checked, today))
    assert all(finding.severity is FindingSeverity.WARNING for finding in every)
    return [own.message for own in every if own.code == "no-interval" and own.message.startswith("'filter'")]


@pytest.mark.parametrize(
    "given",
    [
        promise(),
        promise(in_force_from="2026-01-01"),
        promise(triggers=({"kind": "any", "of": [YEARLY, {"kind": "manual"}]},)),
        promise(triggers=({"kind": "interval-range", "at_least_after": "3 months", "every": "6 months"},)),
        commitment(subject={"kind": "mitigation", "selector": {"threat_models": ["misuse"]}}, triggers=[YEARLY]),
    ],
    ids=["always", "since January", "any", "range", "by its threat model"],
)
def test_a_commitment_in_force_gives_the_interval(given: RegisterObject) -> None:
    assert warnings(given) == []


def test_a_trigger_of_its_own_gives_the_interval() -> None:
    own = mitigation(every=None, deployments=["api"], reassess={"triggers": [YEARLY]})
    assert warnings(subject=own) == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((), "states no interval, so it never becomes due"),
        ((commitment(subject={"kind": "framework"}, triggers=[YEARLY]),), "states no interval"),
        (
            (commitment(subject={"kind": "mitigation", "selector": {"ids": ["other"]}}, triggers=[YEARLY]), mitigation("other", deployments=["api"])),
            "states no interval",
        ),
        ((promise(in_force_from="2027-01-01"),), "'promise' (it is in force from 2027-01-01)"),
        ((promise(superseded_by="later"), promise("later", triggers=({"kind": "manual"},))), "'promise' (later has taken its place)"),
        ((promise(triggers=({"kind": "interval", "every": "unspecified"},)),), "'promise' has one only together with another trigger, or without a figure"),
        ((promise(triggers=({"kind": "all", "of": [YEARLY, {"kind": "manual"}]},)),), "'promise' has one only together with another trigger"),
    ],
    ids=["nothing", "of the framework", "of another", "not yet", "no longer", "unspecified", "and something else"],
)  # fmt: skip
def test_what_gives_no_interval_now_is_said_with_the_reason(given: tuple[RegisterObject, ...], words: str) -> None:
    (message,) = warnings(*given)
    assert words in message


def test_one_of_two_in_force_is_enough() -> None:
    assert warnings(promise(in_force_from="2027-01-01"), promise("other")) == []


def test_an_interval_makes_it_due_where_the_warning_is_silent() -> None:
    """The warning says what the clock does: the same trigger is evaluated for the mitigation."""
    what = register(WITHOUT, *BESIDE, promise())
    kinds = [rule.spec.kind for rule in rules_for(what.mitigations["filter"].value, what, TODAY)]
    assert "interval" in kinds
