"""Changes agreed in advance: how they are read, what they cover, and changes of the agreements themselves."""

from datetime import date
from pathlib import Path

import pytest

from reassay.changes import compare
from reassay.changes.agreements import agreed, too_early
from reassay.register.agreements import read_agreed_change
from reassay.register.files import WorkingTree, read_register
from tests.make import TODAY, deployment, register


@pytest.mark.parametrize(
    ("text", "field", "values"),
    [
        ("host: tokyo", "host", ("tokyo",)),
        ("host: to tokyo", "host", ("tokyo",)),
        ("host: torino", "host", ("torino",)),
        ("Host: TO Tokyo", "host", ("tokyo",)),
        ("integrations: add-on store", "integrations", ("add-on store",)),
        ("modalities_in: add audio, video", "modalities_in", ("audio", "video")),
        ("regions: add NO", "regions", ("no",)),
        ("users: 10,000", "users", ("10,000",)),
        ("rollout_percent: to 50", "rollout_percent", ("50.0",)),
        ("context_tokens: 200000", "context_tokens", ("200000",)),
        ("safeguard_exemptions: add vetted from filter", "safeguard_exemptions", ("vetted from filter",)),
    ],
)
def test_an_agreement_is_read(text: str, field: str, values: tuple[str, ...]) -> None:
    stated = read_agreed_change(text)
    assert stated is not None
    assert (stated.field, stated.values) == (field, values)


@pytest.mark.parametrize(
    "text",
    ["audio", "modalities_in: add adio", "modalities_in: to audio", "host: add tokyo", "speed: 3", "title: New", "audience: all",
     "context_tokens: many", "host:", "planned: x"],
)  # fmt: skip
def test_what_is_no_agreement_is_not_read(text: str) -> None:
    assert read_agreed_change(text) is None


@pytest.mark.parametrize(
    ("plan", "field", "value"),
    [("host: tokyo", "host", "tokyo"), ("host: to torino", "host", "torino"), ("rollout_percent: 50", "rollout_percent", "50.0")],
)  # fmt: skip
def test_a_planned_change_is_kept_back_until_its_day(plan: str, field: str, value: str) -> None:
    planned = deployment(planned=[{"change": plan, "not_before": "2027-06-01"}])
    assert too_early(planned, field, [value], TODAY) == date(2027, 6, 1)
    assert agreed(planned, field, [value], date(2027, 6, 1)) is not None


def test_check_names_an_agreement_that_nobody_can_read(tmp_path: Path) -> None:
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework" / "d.yml").write_text(
        "deployments:\n  - id: api\n    title: API\n    audience: internal\n    planned:\n"
        "      - {change: audio some day, not_before: 2027-06-01}\n"
        "mitigations:\n  - {id: a, title: A, owner: x, assessor: y, every: 1 year, deployments: [api]}\n"
    )
    (finding,) = read_register(WorkingTree(tmp_path)).errors
    assert (finding.code, finding.at.line) == ("unreadable-agreement", 6)


def plans(*days: str) -> dict[str, object]:
    return {"planned": [{"change": "host: tokyo", "not_before": day} for day in days]}


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ({}, plans("2027-06-01"), ("declared", "neutral")),
        ({}, plans("2026-06-01"), ("declared", "looser")),
        ({}, plans(str(TODAY)), ("declared", "looser")),
        (plans("2027-06-01"), plans("2027-01-01"), ("earlier", "looser")),
        (plans("2027-06-01"), plans("2027-07-01"), ("later", "tighter")),
        (plans("2027-06-01"), {}, ("removed", "looser")),
        (plans("2026-06-01"), {}, ("removed", "tighter")),
    ],
)
def test_changes_of_plans(before: dict[str, object], after: dict[str, object], wanted: tuple[str, str]) -> None:
    (change,) = compare(register(deployment(**before)), register(deployment(**after)), TODAY)
    assert (change.change, change.direction) == wanted
