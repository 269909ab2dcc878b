"""Every public promise is expressed as objects, nothing lost and nothing made up; others like them need no code."""

import csv
from datetime import date
from pathlib import Path

import pytest

from docs.generate_commitments import EXAMPLE, rows
from reassay.assessment.cells import State, assess
from reassay.assessment.triggers.clocks import flat, shortest
from reassay.common.calendar import Duration
from reassay.register.base import Depth
from reassay.register.commitment import Commitment
from reassay.register.files import WorkingTree, read_register
from reassay.register.finding import FindingSeverity
from reassay.register.register import RegisterEntry
from tests.make import Story, register

TABLE = Path(__file__).parents[4] / "shared" / "data" / "commitments.csv"
TABLED = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())) if TABLE.exists() else []
NO_TABLE = pytest.param(
    {}, marks=pytest.mark.skip(reason="the table of public commitments is not beside this checkout")
)
REGISTER = read_register(WorkingTree(EXAMPLE))
ROWS = dict(rows(REGISTER.commitments))


def promise(name: str) -> tuple[Commitment, ...]:
    return tuple(entry.value for entry in ROWS[name])


def kinds(name: str) -> set[str]:
    return {each.kind for commitment in promise(name) for each in flat(commitment.triggers)}


def test_the_register_has_no_errors_and_warns_only_of_what_is_open() -> None:
    assert not REGISTER.errors
    warnings = {(each.code, each.message.split("'")[1]) for each in REGISTER.findings}
    assert {each.severity for each in REGISTER.findings} == {FindingSeverity.WARNING}
    assert {code for code, _ in warnings} == {"no-interval"}
    assert {name for code, name in warnings if code == "no-interval"} == {
        "rsp22-operating-range",
        "nvidia-severity-or-frequency",
        "nist-ra3",
    }


@pytest.mark.parametrize("row", [*(pytest.param(each) for each in TABLED)] or [NO_TABLE])
def test_every_row_of_the_table_has_its_objects_and_its_source(row: dict[str, str]) -> None:
    found = promise(row["id"])
    for commitment in found:
        assert commitment.source.organisation == row["organisation"]
        said = " ".join(filter(None, [commitment.source.document, commitment.source.version]))
        assert said == row["document"]
    sections = {each.source.section for each in found} - {None}
    assert sections == ({*row["section"].split(", ")} if row["section"] != "-" else set())
    words = {word.strip(".,;:").lower() for word in row["statement"].split() if len(word) > 4}
    carried = " ".join(str(entry.written) for entry in ROWS[row["id"]]).lower()
    assert [word for word in words if word not in carried] == []


NEEDS = {
    "rsp22-annual-safeguards": {"interval"},
    "rsp22-4x-or-6-months": {"any", "metric-ratio", "interval", "manual"},
    "rsp22-operating-range": {"metric-threshold", "interval"},
    "rsp34-risk-report": {"interval-range"},
    "rsp34-third-party-annual": {"interval"},
    "fcf2-nine-months-unless": {"interval-unless"},
    "pf2-deployment-conditions": {"deployment-change"},
    "pf2-safeguards-not-working": {"new-information"},
    "fgf-six-months": {"interval-unless"},
    "fsf31-new-capability": {"model-change", "invalidation-condition"},
    "fsf31-yearly": {"interval", "invalidation-condition"},
    "meta2-new-tools": {"deployment-change", "incident-severity"},
    "msft-leading-indicators": {"interval", "metric-ratio"},
    "amzn-before-major-update": {"model-change", "interval"},
    "xai-depths": {
        "interval",
        "any",
        "model-change",
        "incident-severity",
        "deployment-change",
        "invalidation-condition",
    },
    "nvidia-severity-or-frequency": {"model-change", "deployment-change", "incident-severity", "incident-rate"},
    "naver-3-months-or-6x": {"any", "interval", "metric-ratio"},
    "cop-before-change": {"model-change", "incident-severity"},
    "cop-six-months": {"interval-unless"},
    "sb53-clocks": {"incident-severity", "interval", "invalidation-condition"},
    "aiuc-quarterly": {"interval"},
    "nist-ra3": {"interval", "deployment-change"},
}


def test_each_promise_is_carried_by_the_triggers_it_needs() -> None:
    assert {name: kinds(name) for name in ROWS} == NEEDS


def test_ranges_ratios_exceptions_depths_and_clocks_have_their_fields() -> None:
    half_year = Duration(months=6)
    assert [shortest(each.triggers) for each in promise("rsp22-4x-or-6-months")] == [half_year]
    report = promise("rsp34-risk-report")[0].outputs[0]
    assert report.as_of is not None
    assert (report.as_of.anchor, report.as_of.no_older_than) == ("publication", Duration(days=30))
    third = next(each for each in flat(promise("msft-leading-indicators")[0].triggers) if each.kind == "metric-ratio")
    assert (str(third.ratio), third.relative_to, third.strictly) == ("1/3", "base_compute", True)
    unless = promise("cop-six-months")[0].triggers[0]
    assert unless.kind == "interval-unless"
    assert len(unless.unless) == 3
    assert {each.depth for each in promise("xai-depths")[0].triggers} == {Depth.LIGHT, Depth.FULL}
    assert promise("amzn-before-major-update")[0].must_complete == "before_change"
    clocks = {each.words() for commitment in promise("sb53-clocks") for each in commitment.deadlines}
    assert clocks == {
        "15 days from discovered",
        "24 hours from discovered (imminent-death-or-injury)",
        "30 days from changed",
    }
    for name in ("rsp22-operating-range", "nist-ra3"):
        stated = [each.every for each in flat(promise(name)[0].triggers) if each.kind == "interval"]
        assert stated == ["unspecified"], "what the source leaves open is not replaced by a number"


def test_the_promises_are_kept_by_opening_what_is_due() -> None:
    story = Story(REGISTER, date(2026, 12, 1))
    for _ in range(12):
        story.sweep()
        story.now = story.now.replace(month=12, day=min(31, story.now.day + 7)) if story.now.day < 24 else story.now
    opened = {each.subject for each in story.opened()}
    assert {"misuse-classifier", "usage-monitoring", "amzn-before-major-update"} <= opened
    states = {cell.subject: cell.state for cell in assess(story.assessment_input)}
    assert states["sb53-clocks"] is State.CURRENT
    assert states["rsp22-operating-range"] is State.UNKNOWN


OTHERS = {
    "business days from the day the authority is told": """
    triggers: [{kind: incident-severity, at_least: high, kinds: [incident, hazard]}]
    anchors: [{id: authority-told, text: The authority tells us.}]
    deadlines: [{anchor: authority-told, count: 3, unit: days, calendar: business}, {anchor: resolved, count: 1, unit: months}]
""",
    "every 18 months, and in full every three years, unless withdrawn": """
    triggers:
      - {kind: interval, every: 18 months, depth: light}
      - {kind: interval-unless, every: 3 years, depth: full, unless: [{id: withdrawn, text: The model was withdrawn.}]}
""",
    "twice the users and a year gone by, or a tenth of the trained staff missing": """
    triggers:
      - {kind: all, of: [{kind: metric-ratio, metric: users, ratio: 2}, {kind: interval, every: 1 year}]}
      - {kind: metric-threshold, metric: staff_trained, at_least: 0.9}
""",
    "from evidence older than a year, a lapsed acceptance, or a failed sibling, before the change": """
    must_complete: before_change
    triggers: [{kind: evidence-stale, older_than: 1 year}, {kind: acceptance-expired}, {kind: redundancy-lost}]
""",
    "periodically": "\n    triggers: [{kind: interval, every: unspecified, in_words: periodically}]\n",
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_promises_need_no_change_of_code(name: str, tmp_path: Path) -> None:
    head = "id: other\n    title: Other\n    owner: lead\n    assessor: other-lead\n    statement: s\n    source: {organisation: o, document: d}\n"
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework/c.yml").write_text(f"commitments:\n  - {head}    subject: {{kind: framework}}{OTHERS[name]}")
    read = read_register(WorkingTree(tmp_path))
    assert not read.errors, read.errors
    entry: RegisterEntry[Commitment] = read.commitments["other"]
    assert assess(Story(register(entry.value)).assessment_input)
