"""`reassay diff` and `reassay gate` over real git: the same verdict as on GitHub for what can be known offline."""

import io
import json
import subprocess
from pathlib import Path

import pytest

from reassay.cli import main
from tests.gate_lab import API, APP, AUDIO, FILES, MITIGATION_FILE, MITIGATIONS, STAFF_APP


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=maintainer", "-c", "user.email=maintainer@example.com"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, files: dict[str, bytes | None]) -> None:
    for path, data in files.items():
        file = folder / path
        if data is None:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "--message=change")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path, dict(FILES))
    git(tmp_path, "checkout", "--quiet", "-b", "change")
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(arguments, out, err), out.getvalue(), err.getvalue()


def test_diff_says_what_a_change_means(checkout: Path) -> None:
    retired = MITIGATIONS.replace(b"title: Usage monitoring", b"title: Usage monitoring\n    status: retired")
    commit(checkout, {API: AUDIO, MITIGATION_FILE: retired})
    code, text, _ = run("diff", "main", "change", str(checkout))
    assert code == 0
    assert "* significant audio added to modalities_in" in text
    assert "framework/deployments/public-api.yml:5" in text
    assert "layers.internal lowered from 1 to 0" in text
    document = json.loads(run("diff", "main", "change", str(checkout), "--format", "json")[1])
    assert document["schema"] == "reassay/diff/v1"
    fields = {(each["object"], each["field"], each["change"], each["significant"]) for each in document["changes"]}
    assert ("public-api", "modalities_in", "added", True) in fields
    assert ("monitor", "status", "retired", True) in fields


def test_diff_does_not_call_unchanged_what_it_could_not_read(checkout: Path) -> None:
    git(checkout, "checkout", "--quiet", "main")
    commit(checkout, {APP: STAFF_APP + b"audence: 1\n"})
    git(checkout, "checkout", "--quiet", "-B", "change", "main")
    commit(checkout, {APP: STAFF_APP + b"audence: 2\n"})
    code, _, words = run("diff", "main", "change", str(checkout))
    assert code == 0
    assert f"entries with errors are not compared: {APP}:4" in words


def test_gate_does_not_call_blocked_what_mode_advise_lets_through(checkout: Path) -> None:
    git(checkout, "checkout", "--quiet", "main")
    configuration = ".github/reassay.yml"
    commit(checkout, {configuration: FILES[configuration].replace(b"enforce", b"advise")})
    git(checkout, "checkout", "--quiet", "-B", "change", "main")
    commit(checkout, {API: AUDIO})
    _, text, _ = run("gate", "--base", "main", "--head", "change", str(checkout))
    assert text.startswith("Would be blocked in mode enforce: ")


def test_gate_explains_itself_and_answers_what_if(checkout: Path) -> None:
    commit(checkout, {APP: STAFF_APP + b"oversight: A person reads every answer.\n"})
    where = ("gate", "--base", "main", "--head", "change", str(checkout))
    code, text, _ = run(*where)
    assert code == 1
    assert text.startswith("Blocked: 1 row needs an answer or a sign-off")
    assert [line.strip() for line in text.splitlines()[1:2]] == ["@safety-lead, @red-team-lead or @release-manager"]
    assert text.splitlines()[2].startswith("    /reassay signoff 1 ")
    assert text == "".join(f"{line.rstrip()}\n" for line in text.splitlines()), "no line ends with blanks"
    assert "Not checked offline: authors, pushers, reviews" in text
    assert run(*where, "--assume-signed", "red-team-lead:red-team-lead")[0] == 0
    assert run(*where, "--assume-signed", "auditor:auditor")[0] == 1
    code, _, err = run(*where, "--assume-signed", "red-team-lead:somebody")
    assert (code, "@somebody cannot sign off as red-team-lead. Name @red-team-lead." in err) == (2, True)
    document = json.loads(run(*where, "--format", "json")[1])
    assert (document["schema"], document["conclusion"]) == ("reassay/gate/v1", "failure")
    assert [row["why_not"] for row in document["required"]] == ["not signed"]


def test_a_checkout_that_stands_at_the_head_does_not_judge_itself(checkout: Path) -> None:
    commit(checkout, {".github/reassay.yml": b"mode: remind\n", API: AUDIO})
    code, text, _ = run("gate", "--base", "main", "--head", "change", str(checkout))
    assert code == 1
    assert "row 1, `policy`: approve: 1 sign-off from board is missing" in text
    assert "opens before the merge: filter for public-api" in text


def test_a_conflict_and_a_name_that_is_no_commit(checkout: Path) -> None:
    commit(checkout, {APP: STAFF_APP + b"host: One\n"})
    git(checkout, "checkout", "--quiet", "main")
    commit(checkout, {APP: STAFF_APP + b"host: Two\n"})
    code, text, _ = run("gate", "--base", "main", "--head", "change", str(checkout))
    assert (code, text.splitlines()[0]) == (1, "Blocked: this conflicts with main")
    assert (
        run("diff", "main", "change", str(checkout))[2]
        == "reassay: HEAD cannot be merged into BASE; compared with HEAD itself\n"
    )
    code, _, err = run("diff", "main", "--upload-pack=x", str(checkout))
    assert code == 2
    code, _, err = run("diff", "main", "nothing", str(checkout))
    assert (code, "'nothing' is not a commit of this clone" in err) == (2, True)
    assert run("gate", "--base", "main", "--head", "change", str(checkout), "--assume-signed", "x")[0] == 2
