"""The last configuration that could be read stays in force until it is mended, whatever damage the present one has.

For every damage: each pull request has a check, the one that mends the configuration is merged by the signatures of the policy
and is no bypass, one that damages it again is refused, what is open stays open, commands are heard, and whatever comes past the
gate meanwhile is recorded. On the wire: HTTP, git and a signed ledger.
"""

from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

import pytest

from reassay.ledger.entry import Observation
from reassay.ledger.history import History
from reassay.ledger.sweep_records import BotWasDown, Bypass
from reassay.register.configuration_in_force import is_settled
from reassay.register.files.memory_files import MemoryFiles
from reassay.register.files.reader import read_register
from reassay.register.prior_configuration import PriorConfiguration
from reassay.sweep.report import Report
from tests.gate_lab import API, APP, AUDIO, CONFIGURATION, FILES, MITIGATION_FILE, MITIGATIONS, STAFF_APP, GateLab
from tests.lab import Lab
from tests.sweep.test_checkout import git, reassay

pytestmark = pytest.mark.long

PATH = ".github/reassay.yml"
HEADED = {**FILES, MITIGATION_FILE: CONFIGURATION + MITIGATIONS}
del HEADED[PATH]
ELSEWHERE = {name.replace("framework/", "safety/"): data for name, data in FILES.items()} | {
    PATH: CONFIGURATION + b"register: safety/\n"
}
DAMAGES: Mapping[str, bytes | None] = {
    "a time zone that does not exist": CONFIGURATION.replace(b"Europe/Berlin", b"Europe/Nowhere"),
    "a misspelt key": CONFIGURATION.replace(b"mode:", b"mod:"),
    "a mode that does not exist": CONFIGURATION.replace(b"enforce", b"enforced"),
    "a role that leads to a role": CONFIGURATION.replace(b"[release-manager]", b"[board]"),
    "a syntax error": CONFIGURATION.replace(b"{users:", b"{users"),
    "no text": b"\xff\xfe\x00",
    "an empty file": b"",
    "a comment alone": b"# later\n",
    "a list": b"- mode: enforce\n",
    "the file is gone": None,
}
HEADS: Mapping[str, bytes | None] = {
    "a time zone that does not exist": HEADED[MITIGATION_FILE].replace(b"Europe/Berlin", b"Europe/Nowhere"),
    "a misspelt key": HEADED[MITIGATION_FILE].replace(b"roles:", b"rols:", 1),
    "a syntax error": HEADED[MITIGATION_FILE].replace(b"{users:", b"{users"),
    "settings that are gone": MITIGATIONS,
}
FOLDERS: Mapping[str, bytes | None] = {
    "a misspelt key": ELSEWHERE[PATH].replace(b"register:", b"regster:"),
    "no text": b"\xff\xfe\x00",
    "the file is gone": None,
    "a misspelt folder": ELSEWHERE[PATH].replace(b"safety/", b"saftey/"),
}
CASES = [
    *(pytest.param(FILES, PATH, damage, id=f"file: {name}") for name, damage in DAMAGES.items()),
    *(pytest.param(HEADED, MITIGATION_FILE, damage, id=f"head: {name}") for name, damage in HEADS.items()),
    *(pytest.param(ELSEWHERE, PATH, damage, id=f"folder: {name}") for name, damage in FOLDERS.items()),
]
_NAMES = count(1)
LOOSER = MITIGATIONS.replace(b"    every: 1 year\n    reassess", b"    every: 2 years\n    reassess")


@pytest.fixture
def make_gate(make_lab: Callable[..., Lab]) -> Callable[..., GateLab]:
    def make(files: Mapping[str, bytes] = FILES, *, private: bool = True) -> GateLab:
        name = f"example-lab/damaged-{next(_NAMES)}"
        gate = GateLab.of(make_lab(dict(files), name=name, private=private))
        gate.lab.fine()
        gate.lab.later(minutes=5)
        return gate

    return make


def damage(gate: GateLab, path: str, data: bytes | None) -> str:
    """A push to the default branch, past the gate."""
    gate.lab.later(minutes=5)
    return gate.lab.repo.commit({path: data}, message="a typo", author="auditor", branch="main")


def history(report: Report) -> History:
    assert report.assessment_input is not None
    return report.assessment_input.history


def quiet(gate: GateLab) -> None:
    """A second run writes nothing."""
    with gate.lab.box.readonly():
        assert gate.lab.sweep().problems == ()


def swept(gate: GateLab) -> Report:
    gate.lab.later(minutes=5)
    report = gate.lab.fine()
    quiet(gate)
    return report


@pytest.mark.parametrize(("files", "path", "data"), CASES)
def test_whatever_the_damage_the_earlier_one_is_in_force_and_the_register_is_found(
    files: Mapping[str, bytes], path: str, data: bytes | None
) -> None:
    sound = read_register(MemoryFiles(files))
    assert is_settled(sound)
    assert sound.configuration_origin is not None
    prior = PriorConfiguration(sound.configuration, "a" * 40, sound.configuration_origin.path, "b" * 40)
    assert read_register(MemoryFiles(files), prior=prior).prior is None, "what can be read is in force itself"
    left = {name: text for name, text in {**files, path: data}.items() if text is not None}
    assert not is_settled(read_register(MemoryFiles(left)))
    damaged = read_register(MemoryFiles(left), prior=prior)
    assert damaged.configuration == sound.configuration
    assert damaged.prior == prior
    assert damaged.configuration_problem in damaged.errors
    assert damaged.configuration_problem is not None
    assert damaged.configuration_problem.at.path == path
    assert damaged.configuration_problem.remedy
    # The folder that only the configuration names is found, and no object of another file is lost.
    assert damaged.deployments.keys() == sound.deployments.keys()
    if path == PATH:
        assert damaged.mitigations.keys() == sound.mitigations.keys()


WIRE = [
    pytest.param(FILES, PATH, DAMAGES["a time zone that does not exist"], id="a time zone"),
    pytest.param(HEADED, MITIGATION_FILE, HEADS["a syntax error"], id="a one-file register"),
    pytest.param(ELSEWHERE, PATH, FOLDERS["a misspelt folder"], id="a misspelt folder"),
]


@pytest.mark.parametrize(("files", "path", "data"), WIRE)
def test_everything_goes_on_and_the_fix_is_merged_by_signatures(
    make_gate: Callable[..., GateLab], files: Mapping[str, bytes], path: str, data: bytes | None
) -> None:
    gate = make_gate(files)
    prior = gate.lab.repo.head()
    damage(gate, path, data)
    # A day later: the push itself is a bypass, and the observation says which configuration was in force.
    gate.lab.later(days=1)
    report = swept(gate)
    assert report.unreadable[0].what == "configuration"
    assert str(prior)[:7] in report.unreadable[0].message
    bypasses = [body.why for _, body in history(report).records_of(Bypass)]
    assert bypasses == ["no-pull-request"]
    observed = [body for _, body in history(report).records_of(Observation) if body.swept]
    assert observed[-1].configuration == prior

    unrelated = gate.propose({"README.md": b"Other words.\n"}, branch="unrelated")
    gate.lab.fine(pull=unrelated)
    assert gate.check(unrelated).conclusion == "SUCCESS"
    assert f"{str(prior)[:7]} is in force" in gate.check(unrelated).summary

    mending = gate.propose({path: files[path]}, branch="mending")
    check = gate.judge(mending)
    # Whoever restores the head of a file to what is in force changes nothing; a configuration file is always policy.
    if check.conclusion != "SUCCESS":
        for who in ("red-team-lead", "release-manager", "red-team-lead", "release-manager"):
            gate.lab.later(minutes=2)
            gate.lab.say(who, mending, "/reassay signoff all")
            gate.lab.fine(pull=mending)
    assert gate.check(mending).conclusion == "SUCCESS", gate.check(mending).summary
    gate.lab.repo.merge_as("safety-lead", mending)
    report = swept(gate)
    assert report.unreadable == ()
    assert [body.why for _, body in history(report).records_of(Bypass)] == bypasses
    assert not [*history(report).records_of(BotWasDown)]


def test_a_fix_that_changes_nothing_against_the_one_in_force_needs_the_policy_still(
    make_gate: Callable[..., GateLab],
) -> None:
    gate = make_gate()
    damage(gate, PATH, b"mode: [\n")
    number = gate.propose({PATH: CONFIGURATION})
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    assert "1 sign-off by" in check.title
    gate.say("release-manager", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "SUCCESS"


def test_a_pull_request_that_damages_it_again_is_refused_and_one_that_leaves_it_is_not(
    make_gate: Callable[..., GateLab],
) -> None:
    gate = make_gate()
    damage(gate, PATH, CONFIGURATION.replace(b"Europe/Berlin", b"Europe/Nowhere"))
    again = gate.propose({PATH: CONFIGURATION.replace(b"Europe/Berlin", b"Europe/Elsewhere")}, branch="again")
    check = gate.judge(again)
    assert check.conclusion == "FAILURE"
    assert "leaves it unreadable" in check.summary
    looser = gate.propose({MITIGATION_FILE: LOOSER}, branch="looser")
    assert gate.judge(looser).conclusion == "FAILURE"
    gate.say("red-team-lead", looser, "/reassay signoff all")
    gate.say("release-manager", looser, "/reassay signoff all")
    assert gate.check(looser).conclusion == "SUCCESS", gate.check(looser).summary


def test_a_second_damage_and_forty_days_change_nothing_of_it(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate()
    prior = gate.lab.repo.head()
    damage(gate, PATH, CONFIGURATION.replace(b"Europe/Berlin", b"Europe/Nowhere"))
    swept(gate)
    damage(gate, PATH, CONFIGURATION.replace(b"policy:", b"polices:"))
    for _ in range(4):
        gate.lab.later(days=2)
        report = swept(gate)
        assert str(prior)[:7] in report.unreadable[0].message
    gate.lab.repo.commit({APP: STAFF_APP + b"oversight: nobody\n"}, message="x", author="auditor", branch="main")
    report = swept(gate)
    assert len([*history(report).records_of(Bypass)]) == 3
    assert not any("would be recorded" in note for note in report.notes)
    number = gate.propose({API: AUDIO})
    assert gate.judge(number).conclusion == "FAILURE"


def test_publish_of_the_one_in_force_counts_for_a_public_repository(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate({**FILES, PATH: b"publish: true\n" + CONFIGURATION}, private=False)
    damage(gate, PATH, b"publish: true\nmode: enforced\n")
    number = gate.propose({API: AUDIO})
    assert gate.judge(number).conclusion == "FAILURE"
    assert swept(gate).dry_run is False


def test_commands_are_heard_meanwhile(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate({**FILES, MITIGATION_FILE: MITIGATIONS.replace(b"    last_assessed: 2026-11-01\n", b"", 1)})
    issue = next(issue.number for issue in gate.lab.repo.issues() if "Input filter" in issue.title)
    damage(gate, PATH, CONFIGURATION.replace(b"mode:", b"mod:"))
    gate.lab.later(minutes=5)
    gate.lab.say("red-team-lead", issue, "/reassay snooze 3 days because the laboratory moves")
    gate.lab.fine(issue=issue)
    assert "reassay:comment" in gate.lab.repo.thread(issue).comments[-1].body


def test_without_an_earlier_one_every_check_is_an_error_that_says_what_to_do(make_lab: Callable[..., Lab]) -> None:
    files = {**FILES, PATH: CONFIGURATION.replace(b"Europe/Berlin", b"Europe/Nowhere")}
    gate = GateLab.of(make_lab(files, name=f"example-lab/damaged-{next(_NAMES)}"))
    number = gate.propose({PATH: CONFIGURATION})
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    assert "no earlier one is known" in check.summary
    assert "reviews the fix and merges it" in check.summary
    report = gate.sweep()
    assert "no earlier one is known" in report.unreadable[0].message
    assert any("nothing is recorded" in note for note in report.notes)


def test_without_an_earlier_one_a_public_repository_gets_nothing_and_the_run_says_so(
    make_lab: Callable[..., Lab],
) -> None:
    files = {**FILES, PATH: b"publish: true\n" + CONFIGURATION.replace(b"Europe/Berlin", b"Europe/Nowhere")}
    lab = make_lab(files, private=False, name=f"example-lab/damaged-{next(_NAMES)}")
    with lab.box.readonly():
        report = lab.fine()
    assert report.unreadable
    assert report.dry_run


def test_in_mode_remind_issues_go_on_being_opened(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(name=f"example-lab/damaged-{next(_NAMES)}")
    lab.fine()
    before = len(lab.titles())
    text = lab.repo.read("main", "framework/mitigations.yml") or b""
    extra = b"  - {id: drill, title: Drill, owner: safety-lead, every: 1 year}\n"
    lab.register(text.replace(b"Europe/Berlin", b"Europe/Nowhere") + extra)
    lab.later(days=1)
    report = lab.fine()
    assert report.unreadable
    assert len(lab.titles()) > before
    lab.later(days=2)
    lab.fine()


def test_the_command_line_judges_the_fix_by_the_same_configuration(
    make_gate: Callable[..., GateLab], tmp_path: Path
) -> None:
    gate = make_gate()
    damage(gate, PATH, CONFIGURATION.replace(b"Europe/Berlin", b"Europe/Nowhere"))
    gate.propose({PATH: CONFIGURATION}, branch="mending")
    lab = gate.lab
    url = f"{lab.box.url.replace('http://', f'http://x-access-token:{lab.settings.token}@')}/{lab.name}.git"
    git(tmp_path, "clone", "--quiet", url, "clone")
    where = ("gate", "--base", "origin/main", "--head", "origin/mending", str(tmp_path / "clone"))
    code, out, _ = reassay(*where)
    assert code == 1
    assert "board" in out
    assert "no earlier one is known" not in out
    assert reassay(*where, "--assume-signed", "board:release-manager")[0] == 0


def test_a_group_of_the_merge_queue_with_the_fix_is_judged_by_it_too(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate()
    damage(gate, PATH, CONFIGURATION.replace(b"Europe/Berlin", b"Europe/Nowhere"))
    number = gate.propose({PATH: CONFIGURATION}, branch="mending")
    gate.judge(number)
    gate.say("release-manager", number, "/reassay signoff 1")
    group = gate.lab.repo.enqueue_as("safety-lead", number)
    gate.lab.fine(group=group, base="main")
    check = gate.lab.repo.checks(group)[-1]
    assert (check.name, check.conclusion) == ("reassay/main", "SUCCESS"), check.summary
    gate.lab.repo.land_as("safety-lead", group)
    report = swept(gate)
    assert report.unreadable == ()
    assert [body.why for _, body in history(report).records_of(Bypass)] == ["no-pull-request"]
