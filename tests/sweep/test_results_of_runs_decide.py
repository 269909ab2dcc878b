"""From a registered run to a decision on the sandbox: its counts close a criterion that only runs of workflows can meet, and nothing calmer does."""

import json
from collections.abc import Callable, Sequence

import pytest

from reassay.evidence.run_documents import FILE_NAME
from reassay.ledger.entry import Decided, Entry
from reassay.ledger.history import History
from reassay.ledger.run_history import results_since, runs_of
from reassay.ledger.runs import RunEnded, RunRefused, RunRegistered
from reassay_sandbox.stored_files import SandboxFiles
from reassay_sandbox.workflows import SandboxWorkflows
from tests.lab import PERMISSIONS, REPOSITORY, Lab
from tests.results import names, outcomes, reading

RATE = """\
        - {kind: rate, name: harmful answers, at_most: 0.1, undesired: attack_success, provenance: workflow-run,
           measured: {metric: verdict, adverse: [I], not_adverse: [C]}}
"""
DETECTOR = """\
        - kind: detector
          name: finds attacks
          recall:
            at_least: 0.9
            population: attacks
            provenance: workflow-run
            measured: {metric: verdict, adverse: [I], not_adverse: [C]}
          false_positives:
            at_most: 0.1
            population: traffic
            provenance: workflow-run
            measured: {metric: verdict, adverse: [I], not_adverse: [C]}
"""
ENOUGH = 60
"""Prompts without a failure that a bound of a tenth takes, and more."""


def register(criterion: str = RATE, *, name: str = "jailbreak-filter", version: int = 1, more: str = "") -> bytes:
    return f"""\
mode: remind
timezone: UTC
models: [{{id: large, title: The large model, version: "1"}}]
deployments: [{{id: public-api, title: Public API, audience: external, model: large}}]
mitigations:
  - id: {name}
    title: Input filter blocks known jailbreak families
    version: {version}
    owner: safety-lead
    assessor: red-team-lead
    every: 6 months
    deployments: [public-api]
{more}    target:
      statement: A person without expertise cannot get harmful answers
      criteria:
{criterion}""".encode()


@pytest.fixture
def ours(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab({"framework/mitigations.yml": register()})
    token = lab.box.token("reassay[bot]", REPOSITORY, permissions=PERMISSIONS | {"actions": "read"})
    own = Lab(lab.box, type(lab.settings)(token=token, api_url=lab.box.api_url, server_url=lab.box.url, write_pause=0))
    own.fine()
    return own


def workflows(lab: Lab) -> SandboxWorkflows:
    return SandboxWorkflows(lab.repo)


def identity_of(number: int, attempt: int = 1, name: str = "evaluate", **fields: object) -> dict[str, object]:
    own = {
        "workflow_run": number,
        "attempt": attempt,
        "name": name,
        "mitigation": "jailbreak-filter",
        "trained_on": "no",
    }
    return {**own, "criterion": "harmful answers", **fields}


def start(lab: Lab, number: int | None = None, **fields: object) -> int:
    """A workflow run that registers an evaluation; its number."""
    own = workflows(lab).start() if number is None else number
    identity = identity_of(own, **fields)  # type: ignore[arg-type] # fields of a document
    document = {"schema": "reassay/run/v1", "identity": identity}
    name = f"reassay-run-{identity['attempt']}-{identity['name']}"
    SandboxFiles(lab.repo).upload_artifact(own, name, {FILE_NAME: json.dumps(document).encode()})
    lab.later(minutes=1)
    return own


def result(lab: Lab, number: int, prompts: Sequence[str], bad: Sequence[str] = (), **fields: object) -> None:
    """The run hands over its counts."""
    own = reading(outcomes(prompts, bad), performed_at=lab.box.clock.now()).model_dump(mode="json")
    identity = identity_of(number, **fields)  # type: ignore[arg-type] # fields of a document
    document = {
        "schema": "reassay/run-result/v1", "identity": identity, "how": "result", "why": None,
        "files": [{"digest": own["digest"], "readings": [own]}],
    }  # fmt: skip
    lab.later(minutes=1)
    name = f"reassay-result-{identity['attempt']}-{identity['name']}"
    SandboxFiles(lab.repo).upload_artifact(number, name, {FILE_NAME: json.dumps(document).encode()})


def entries(lab: Lab) -> tuple[Entry, ...]:
    content = lab.fine().content
    assert content is not None
    return content.ledger.entries


def bodies(lab: Lab) -> list[object]:
    return [entry.body for entry in entries(lab)]


def conclude(lab: Lab, word: str = "effective") -> str:
    """What is answered to the command."""
    lab.say("red-team-lead", 1, f"/reassay conclude {word} because the counts say so")
    lab.fine()
    return str(lab.repo.issue(1).comments[-1].body)


def again_nothing(lab: Lab) -> None:
    with lab.box.readonly():
        lab.fine()


def text(lab: Lab) -> str:
    return str(lab.repo.issue(1).body)


@pytest.mark.long
def test_the_result_of_a_run_is_shown_meets_the_criterion_and_concludes(ours: Lab) -> None:
    number = start(ours)
    ours.fine()
    assert f"{number}-1-evaluate" in text(ours)
    assert "has no result yet" in conclude(ours)
    result(ours, number, names(ENOUGH))
    workflows(ours).finish(number)
    ours.fine()
    assert f"run `{number}-1-evaluate`" in text(ours)
    assert "Met: " in text(ours)
    again_nothing(ours)
    answer = conclude(ours)
    (decided,) = [body for body in bodies(ours) if isinstance(body, Decided)]
    assert decided.decision == "effective", answer
    assert [(own.name, own.verdict) for own in decided.criteria] == [("harmful answers", "met")]
    again_nothing(ours)


@pytest.mark.long
def test_two_rates_of_a_detector_are_runs_of_their_own_and_every_sweep_looks_for_them(ours: Lab) -> None:
    ours.register(register(DETECTOR))
    ours.fine()
    number = start(ours, name="recall", criterion="finds attacks: recall")
    start(ours, number, name="traffic", criterion="finds attacks: false positives")
    result(ours, number, names(ENOUGH), name="recall", criterion="finds attacks: recall")
    ours.fine()
    assert f"run {number}-1-traffic was registered and has no result yet" in text(ours)
    result(ours, number, names(ENOUGH, 500), name="traffic", criterion="finds attacks: false positives")
    ours.fine()
    assert text(ours).count("Met: ") >= 2
    conclude(ours)
    (decided,) = [body for body in bodies(ours) if isinstance(body, Decided)]
    assert [(own.name, own.verdict) for own in decided.criteria] == [
        ("finds attacks: recall", "met"), ("finds attacks: false positives", "met"), ("finds attacks", "met"),
    ]  # fmt: skip


def test_a_run_for_a_whole_detector_counts_for_every_rate_that_it_fits(ours: Lab) -> None:
    ours.register(register(DETECTOR))
    number = start(ours, criterion="finds attacks")
    result(ours, number, names(ENOUGH), names(ENOUGH)[:30], criterion="finds attacks")
    ours.fine()
    assert "Exceeded: " in text(ours)
    assert "it is for no criterion" not in text(ours)


def test_a_version_that_is_raised_while_a_run_measures_is_not_the_one_that_it_measured(ours: Lab) -> None:
    number = start(ours)
    ours.fine()
    ours.register(register(version=2))
    result(ours, number, names(ENOUGH))
    workflows(ours).finish(number)
    ours.fine()
    assert "it measured version 1, and version 2 is in force" in text(ours)
    conclude(ours)
    assert not any(isinstance(body, Decided) for body in bodies(ours))
    other = start(ours)
    result(ours, other, names(36))
    ours.fine()
    assert "number 2 tested in this episode" in text(ours)


@pytest.mark.long
def test_the_version_is_that_of_the_register_which_the_run_read_also_where_no_sweep_saw_it_begin(ours: Lab) -> None:
    number = start(ours, version=1)
    ours.register(register(version=2))
    result(ours, number, names(ENOUGH), version=1)
    (registered,) = [body for body in bodies(ours) if isinstance(body, RunRegistered)]
    (ended,) = [body for body in bodies(ours) if isinstance(body, RunEnded)]
    assert (registered.version, [own.version for own in ended.results]) == (1, [1])


@pytest.mark.long
@pytest.mark.parametrize("version", [1, 7])
def test_a_run_cannot_claim_a_later_version_than_is_in_force(ours: Lab, version: int) -> None:
    number = start(ours, version=version)
    ours.fine()
    result(ours, number, names(ENOUGH), version=7)
    (ended,) = [body for body in bodies(ours) if isinstance(body, RunEnded)]
    assert [own.version for own in ended.results] == [1]


@pytest.mark.long
def test_runs_that_were_given_up_count_as_tests_of_their_version(ours: Lab) -> None:
    number = start(ours)
    ours.fine()
    workflows(ours).finish(number, "cancelled")
    ours.register(register(version=2))
    ours.fine()
    other = start(ours)
    result(ours, other, names(36))
    ours.fine()
    assert "version 2 is number 2 tested in this episode" in text(ours)
    assert "Insufficient: " in text(ours)
    result(ours, start(ours), names(ENOUGH, 100))
    ours.fine()
    assert "Met: " in text(ours)


@pytest.mark.long
def test_the_result_of_a_mitigation_that_was_renamed_while_it_ran_counts(ours: Lab) -> None:
    number = start(ours)
    ours.fine()
    ours.register(register(name="input-filter", more="    formerly: [jailbreak-filter]\n"))
    result(ours, number, names(ENOUGH))
    ours.fine()
    assert "Met: " in text(ours)
    again_nothing(ours)


@pytest.mark.long
def test_the_result_of_a_mitigation_that_cannot_be_read_is_kept_and_counts_once_it_can(ours: Lab) -> None:
    number = start(ours)
    ours.fine()
    ours.register(register().replace(b"every: 6 months", b"every: whenever"))
    result(ours, number, names(ENOUGH), names(3))
    ours.sweep()
    assert ours.repo.issue(1).state == "open"
    ours.register(register())
    recorded = results_since(History.of(entries(ours)), "jailbreak-filter", "public-api")
    assert [(own.provenance, own.result.version) for own in recorded] == [("workflow-run", 1)]
    assert "3 of 60" in text(ours)
    again_nothing(ours)


@pytest.mark.long
@pytest.mark.parametrize("fields", [{"deployments": []}, {"trained_on": "no"}, {"languages": ["en"]}])
def test_a_result_that_says_otherwise_than_its_registration_is_refused(ours: Lab, fields: dict[str, object]) -> None:
    before: dict[str, object] = {"trained_on": "unknown", "deployments": ["public-api"], "languages": ["en", "de"]}
    number = start(ours, None, **before)
    ours.fine()
    result(ours, number, names(ENOUGH), (), **{**before, **fields})
    (refused,) = [body for body in bodies(ours) if isinstance(body, RunRefused)]
    assert "said something else of its training, languages or deployments" in refused.why
    workflows(ours).finish(number)
    ours.fine()
    assert "failed without a result" in text(ours)


@pytest.mark.long
def test_a_run_on_another_deployment_keeps_this_one_waiting_for_nothing(ours: Lab) -> None:
    two = register().replace(
        b"model: large}]", b"model: large}, {id: app, title: App, audience: external, model: large}]"
    )
    ours.register(two)
    other = start(ours, deployments=["app"])
    number = start(ours, deployments=["public-api"])
    result(ours, number, names(ENOUGH), deployments=["public-api"])
    ours.fine()
    assert "Met: " in text(ours)
    assert f"{other}-1-evaluate (open)" not in text(ours)


@pytest.mark.long
def test_the_log_of_a_lost_run_ends_the_waiting_for_it_and_counts_as_what_a_person_brought(ours: Lab) -> None:
    ours.register(register(RATE.replace(" provenance: workflow-run,", "")))
    number = start(ours)
    ours.fine(runs=True)
    workflows(ours).finish(number, "failure")
    ours.repo.commit({"log.csv": b"prompt,verdict\na,C\n"}, author="safety-lead")
    ours.fine()
    assert f"with `run {number}-1-evaluate`" in text(ours).replace("\\", "")
    table = RATE.replace(" provenance: workflow-run,", "").replace(
        "metric: verdict,", "tool: csv, columns: {prompt: prompt, outcome: verdict, model: model, performed_at: at},"
    )
    ours.register(register(table))
    rows = "".join(f"p{number},C,large,2026-12-01T09:00:00Z\n" for number in range(ENOUGH))
    ours.repo.commit({"log.csv": f"prompt,verdict,model,at\n{rows}".encode()}, author="safety-lead")
    command = "/reassay evidence log.csv result run {run} trained-on no because it is the log of the lost run"
    ours.say("red-team-lead", 1, command.format(run="1-1-nothing"))
    ours.fine()
    assert "is not a registered run of this mitigation" in str(ours.repo.issue(1).comments[-1].body)
    ours.say("red-team-lead", 1, command.format(run=f"{number}-1-evaluate arm unprotected"))
    ours.fine()
    assert "registered itself for something else" in str(ours.repo.issue(1).comments[-1].body)
    ours.say("red-team-lead", 1, command.format(run=f"{number}-1-evaluate"))
    ours.fine()
    (recorded,) = results_since(History.of(entries(ours)), "jailbreak-filter", "public-api")
    assert (recorded.run, recorded.provenance, recorded.result.version) == (f"{number}-1-evaluate", "file", 1)
    assert "without a result" not in text(ours)
    again_nothing(ours)


@pytest.mark.long
def test_a_large_matrix_is_read_over_several_sweeps_and_none_of_its_runs_is_called_failed(ours: Lab) -> None:
    number, jobs = workflows(ours).start(), [f"job-{place}" for place in range(15)]
    for job in jobs:
        start(ours, number, name=job)
    for place, job in enumerate(jobs):
        result(ours, number, names(5, place * 5), name=job)
    workflows(ours).finish(number)
    seen, sweeps = set[str](), 0
    while True:
        sweeps += 1
        report = ours.sweep()
        assert report.content is not None
        seen |= {run.state for run in runs_of(History.of(report.content.ledger.entries))}
        if not any("artifacts of evaluation runs wait" in note for note in report.notes):
            break
    assert sweeps > 1
    assert seen <= {"open", "result"}
    assert [run.state for run in runs_of(History.of(entries(ours)))] == ["result"] * len(jobs)
    again_nothing(ours)
