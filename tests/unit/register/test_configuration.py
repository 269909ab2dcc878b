"""The configuration: its own file, the head of a list, and what happens if it is both, twice or broken."""

from pathlib import Path

from reassay.register.files import WorkingTree, read_register
from reassay.register.register import Register
from tests.unit.register.trees import read, told, written

ONE = "mitigations:\n  - {id: a, title: A, owner: lead, every: 6 months}\n"
OWN = ".github/reassay.yml"


def test_the_starter_carries_its_time_zone_at_its_head() -> None:
    register = read({"framework/mitigations.yml": f"timezone: Europe/Berlin\n{ONE}"})
    assert register.configuration.timezone == "Europe/Berlin"
    assert register.configuration_origin is not None
    assert register.configuration_origin.path == "framework/mitigations.yml"
    assert not register.findings


def test_different_settings_may_stand_in_different_files() -> None:
    files = {
        "framework/a.yml": f"timezone: Europe/Berlin\n{ONE}",
        "framework/b.yml": "publish: true\nroles: {r: {users: [u]}}\n",
    }
    register = read(files)
    assert not register.findings
    assert (register.configuration.timezone, register.configuration.publish) == ("Europe/Berlin", True)
    assert register.configuration.people("r") == ("u",)


def test_the_same_setting_in_two_files_is_an_error_and_none_is_believed() -> None:
    register = read({"framework/a.yml": f"publish: true\n{ONE}", "framework/b.yml": "\npublish: true\n"})
    assert told(register.findings) == ["b.yml:2:1 error said-twice"]
    assert "framework/a.yml, line 1" in register.findings[0].message
    assert register.configuration_is_broken
    assert not register.configuration.publish


def test_settings_beside_a_configuration_file_are_told_to_move() -> None:
    register = read({OWN: "timezone: Europe/Paris\n", "framework/a.yml": f"timezone: Europe/Berlin\n{ONE}"})
    assert told(register.findings) == ["a.yml:1:1 error misplaced-setting"]
    assert register.findings[0].remedy == "Move it to .github/reassay.yml."
    assert register.configuration.timezone == "Europe/Paris"
    assert list(register.mitigations) == ["a"]


def test_the_configuration_says_where_the_register_is_even_if_the_rest_of_it_is_wrong() -> None:
    register = read({OWN: "register: safety/docs/\ntimezone: Nowhere\n", "safety/docs/a.yml": ONE})
    assert told(register.findings) == [".github/reassay.yml:2:11 error not-a-time-zone"]
    assert list(register.mitigations) == ["a"]
    assert register.configuration_is_broken


def test_a_register_folder_outside_of_the_repository_is_refused() -> None:
    for folder in ("../elsewhere", "/etc", ".", "a/../..", ".git", "a//b"):
        register = read({OWN: f"register: {folder}\n", "framework/a.yml": ONE})
        assert [each.code for each in register.findings] == ["bad-folder"], folder
        assert list(register.mitigations) == ["a"]


def test_a_register_file_cannot_say_where_the_register_is() -> None:
    register = read({"framework/a.yml": f"register: elsewhere/\n{ONE}"})
    assert told(register.findings) == ["a.yml:1:1 error register-inside"]


def test_an_unreadable_configuration_is_broken_and_never_publishes() -> None:
    for text in (
        "publish: true\npublish: true\n",
        "publish: true\nx: 1\n",
        "publish: [true\n",
        "- publish\n",
        b"\xff\xfe",
    ):
        register = read({OWN: text, "framework/a.yml": ONE})
        assert register.configuration_is_broken, text
        assert not register.configuration.publish
        assert register.errors
        assert list(register.mitigations) == ["a"]


def test_an_empty_configuration_is_all_defaults() -> None:
    register = read({OWN: "# nothing yet\n", "framework/a.yml": ONE})
    assert not register.findings
    assert not register.configuration_is_broken


def test_a_configuration_under_a_name_that_is_not_looked_for_is_pointed_out() -> None:
    register = read({".github/reassay.yaml": "publish: true\n", "framework/a.yml": ONE})
    assert told(register.findings) == [".github/reassay.yaml:1:1 warning not-read"]


def test_roles_point_at_their_own_file(tmp_path: Path) -> None:
    register = read_register(
        written(tmp_path, {"framework/a.yml": f"timezone: UTC\n{ONE}", "framework/b.yml": "roles: {r: {users: [r]}}\n"})
    )
    assert told(register.findings) == ["b.yml:1:21 error circular-role"]


def test_nothing_at_all_is_one_finding_that_says_how_to_begin(tmp_path: Path) -> None:
    register: Register = read_register(WorkingTree(tmp_path))
    assert [each.code for each in register.findings] == ["no-register"]
    assert "reassay init" in register.findings[0].remedy
