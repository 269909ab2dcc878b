"""`reassay sweep` as a person runs it: several repositories, one of them failing, exit codes, documents."""

import io
import json

import pytest

from reassay.cli import main
from tests.lab import REPOSITORY, Lab


def sweep(lab: Lab, *arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = main(["sweep", "--api-url", lab.box.api_url, "--server-url", lab.box.url, *arguments], out, err)
    return code, out.getvalue(), err.getvalue()


@pytest.fixture(autouse=True)
def environment(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REASSAY_TOKEN", "GH_TOKEN", "GITHUB_RUN_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITHUB_TOKEN", lab.settings.token)
    monkeypatch.setenv("REASSAY_WRITE_PAUSE", "0")


def test_a_failing_repository_is_reported_and_the_others_go_on(lab: Lab) -> None:
    code, out, err = sweep(lab, "--repo", "example-lab/nothing", "--repo", REPOSITORY)
    assert code == 3
    assert "example-lab/nothing: did nothing.\n  failed: example-lab/nothing:" in out
    assert f"{REPOSITORY}: did" in out
    assert lab.titles()
    assert f"{REPOSITORY}: open R-" in err
    assert lab.settings.token not in out + err


def test_quiet_says_nothing_of_progress_and_json_is_alone_on_standard_output(lab: Lab) -> None:
    code, out, err = sweep(lab, "--repo", REPOSITORY, "--quiet", "--format", "json")
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert document["schema"] == "reassay/sweep/v1"
    assert document["repositories"][0]["counts"]["opened"] == len(lab.titles())


def test_a_dry_run_lists_and_writes_nothing(lab: Lab) -> None:
    with lab.box.readonly():
        code, out, err = sweep(lab, "--repo", REPOSITORY, "--dry-run")
    assert code == 0
    assert "would do" in out
    assert "open R-" in out
    assert "open R-" not in err, "each action is listed once"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--repo", "framework"), "Write OWNER/NAME."),
        (("--repo", REPOSITORY, "--assess", "x"), "--assess and --because are only valid together"),
        (("--repo", REPOSITORY, "--api-url", "http://github.example.com/api/v3"), "unprotected"),
    ],
)
def test_usage_errors_say_what_to_write(lab: Lab, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = sweep(lab, *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_without_a_token_nothing_is_tried(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    code, _, err = sweep(lab, "--repo", REPOSITORY)
    assert code == 2
    assert "Set GITHUB_TOKEN" in err


def test_overdue_fails_when_asked_to(lab: Lab) -> None:
    lab.register(
        b"mitigations:\n  - {id: late, title: Late, owner: safety-lead, every: 1 month, last_assessed: 2020-01-01}\n"
    )
    assert sweep(lab, "--repo", REPOSITORY)[0] == 0
    assert sweep(lab, "--repo", REPOSITORY, "--fail-on", "overdue")[0] == 1


def test_a_broken_register_is_exit_1_and_the_rest_is_done(lab: Lab) -> None:
    lab.register(
        b"mode: remind\nmitigations:\n  - {id: fine, title: Fine, owner: safety-lead}\n  - {id: broken, title: Broken}\n"
    )
    code, out, _ = sweep(lab, "--repo", REPOSITORY)
    assert code == 1
    assert "1 error" in out
    assert [title.split(" (")[0].split(":")[0] for title in lab.titles()] == [
        "Re-assess Fine",
        "The register has 1 error",
    ]
