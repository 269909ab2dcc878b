"""The input of a dashboard from a clone and from a sweep's report, with every object that it needs and no other reader."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reassay.common.canonical import canonical, digest
from reassay.dashboard.build import build_dashboard
from reassay.dashboard.gather import DashboardOptions, input_of_checkout, input_of_report, with_objects
from reassay.dashboard.values import Dashboard
from reassay.git.git import Git
from reassay.sweep.content import RepositoryContent
from reassay.sweep.overrides import Overrides
from reassay.sweep.report import Report
from reassay.sweep.repository.checkout import open_checkout
from tests.make import Story, mitigation, register
from tests.results import Evaluation, names, outcomes, reading
from tests.unit.dashboard.building import built, input_of

EXAMPLES = Path(__file__).parents[3] / "examples"
AT = "2026-12-01T12:00:00Z"
OPTIONS = DashboardOptions(url="https://github.example/example-lab/framework", version="1.2.3")
STARTER = """\
mode: remind
mitigations:
  - {id: filter, title: Input filter, owner: safety-lead, every: 6 months, last_assessed: 2026-11-01}
"""


def measured() -> Evaluation:
    story = Evaluation()
    story.attach(reading(outcomes(names(400))))
    story.conclude("filter", because="It held.")
    story.objects[digest(canonical("It held."))] = "It held."
    return story


def test_the_objects_that_it_asks_for_are_all_that_it_needs() -> None:
    story = measured()
    asked: list[str] = []

    def read(digests: Iterable[str]) -> Mapping[str, object]:
        wanted = tuple(digests)
        asked.extend(wanted)
        return {name: story.objects[name] for name in wanted if name in story.objects}

    gathered = with_objects(input_of(story, objects={}), read)
    assert build_dashboard(gathered) == built(story)
    assert len(asked) == len(set(asked))
    assert gathered.objects.keys() <= story.objects.keys()


@pytest.mark.parametrize("name", ["frontier-lab", "public-commitments", "evaluations", "finos-aigf", "starter"])
def test_every_example_has_a_dashboard(name: str, tmp_path: Path) -> None:
    # Outside of this repository, which has no ledger of theirs.
    shutil.copytree(EXAMPLES / name, tmp_path / name)
    checkout = open_checkout(tmp_path / name, AT)
    options = replace(OPTIONS, plan_until=date(2027, 6, 1))
    dashboard = build_dashboard(input_of_checkout(checkout, name, options))
    assert {(own.subject, own.deployment) for own in dashboard.cells} == {
        (cell.subject, cell.cell) for cell in checkout.cells()
    }
    assert [own.id for own in dashboard.commitments] == list(checkout.register.commitments)
    assert [row.threat_model for row in dashboard.layers] == list(checkout.register.threat_models)
    assert dashboard.planned_until == date(2027, 6, 1)
    assert any(own.on > dashboard.today for own in dashboard.timeline)
    kept = {own.id: own.why for own in dashboard.commitments if own.standing == "kept"}
    assert kept in ({}, {"sb53-clocks": "It is current: no event that it waits for has happened."})
    assert Dashboard.model_validate_json(dashboard.model_dump_json()) == dashboard


def test_a_clone_without_its_ledger_has_nothing_that_is_current(tmp_path: Path) -> None:
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework" / "mitigations.yml").write_text(STARTER)
    git = Git(tmp_path)
    git.run("init", "-q")
    git.run("remote", "add", "origin", "https://github.example/example-lab/framework.git")
    git.run("add", ".")
    git.run("-c", "user.name=auditor", "-c", "user.email=auditor@example.org", "commit", "-qm", "begin")
    checkout = open_checkout(tmp_path, AT)
    assert checkout.lacks_ledger
    inputs = input_of_checkout(checkout, "framework", replace(OPTIONS, plan_until=date(2027, 6, 1)))
    dashboard = build_dashboard(inputs)
    assert [own.state for own in dashboard.cells] == ["unknown"]
    assert dashboard.cells[0].is_wrong
    (own,) = dashboard.problems
    assert own.kind == "ledger"
    assert "no decision, sign-off or hold is read" in own.why
    assert dashboard.planned_until is None
    assert dict(dashboard.provenance)["ledger_place"] == "not in this clone"


def report_of(story: Story) -> Report:
    inputs = input_of(story)
    content = RepositoryContent("a" * 40, "main", story.register, Overrides(), inputs.ledger)
    return Report(
        "example-lab/framework",
        cells=inputs.cells,
        content=content,
        assessment_input=inputs.assessment_input,
        trust="advisory, because everyone with write access can use the same token",
    )


def test_a_sweeps_report_gives_the_same_as_its_ledger() -> None:
    story = measured()
    inputs = input_of_report(
        report_of(story), lambda names: {own: story.objects[own] for own in names if own in story.objects}, OPTIONS
    )
    assert inputs is not None
    dashboard = build_dashboard(inputs)
    assert replace_surroundings(dashboard) == replace_surroundings(built(story))
    assert dashboard.trust == "Trust: advisory, because everyone with write access can use the same token."
    assert dashboard.swept == story.now
    assert dashboard.commit == "a" * 40
    identity = inputs.ledger.entries[0].ledger
    assert dashboard.source == f"{identity.repository_id}.{identity.host}"
    assert dict(dashboard.provenance) == {"register": "a" * 12, "ledger": inputs.ledger.anchor, "version": "1.2.3"}


def replace_surroundings(dashboard: Dashboard) -> Dashboard:
    return dashboard.model_copy(
        update={"provenance": (), "trust": "", "swept": None, "url": "", "commit": "", "source": "", "repository": ""}
    )


def test_a_sweep_that_read_nothing_gives_no_dashboard() -> None:
    assert input_of_report(Report("example-lab/framework"), lambda _: {}, OPTIONS) is None


def test_a_dry_run_is_no_sweep() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    inputs = input_of_report(replace(report_of(story), dry_run=True), lambda _: {}, OPTIONS)
    assert inputs is not None
    assert inputs.swept is None
