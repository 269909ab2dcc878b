"""A pack of what real sweeps wrote, from a clone, by the program as a process."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gate_lab import FILES, MITIGATION_FILE, MITIGATIONS, GateLab
from tests.lab import Lab


def reassay(*arguments: object) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "reassay", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def rows(pack: Path, name: str) -> list[dict[str, str]]:
    with (pack / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def clone(lab: Lab, tmp_path: Path) -> Path:
    """Two sweeps and a decision on 1 December, another decision a month later, after its date."""
    lab.fine()
    first, second = sorted(issue.number for issue in lab.repo.issues())
    lab.say("red-team-lead", first, "/reassay conclude degraded follow-up 2026-12-20 retrain it because <b>=1+1</b>")
    lab.fine()
    lab.later(days=30)
    lab.fine()
    lab.say("safety-lead", second, "/reassay conclude effective because seen")
    lab.fine()
    url = lab.box.url.replace("http://", f"http://x-access-token:{lab.settings.token}@")
    place = tmp_path / "checkout"
    subprocess.run(["git", "clone", "--quiet", f"{url}/{lab.name}.git", place], check=True, capture_output=True)
    return place


@pytest.mark.long
def test_a_pack_of_what_sweeps_wrote(clone: Path, tmp_path: Path) -> None:
    asked = ("audit-pack", "--from", "2026-12-01", "--to", "2026-12-31", tmp_path / "pack", clone)
    code, out, err = reassay(*asked, "--sample", 1, "--seed", "s")
    assert (code, out.endswith("manifest.json\n"), "open" in err) == (0, True, True), err
    pack = tmp_path / "pack"
    assert [(row["subject"], row["outcome"], row["days_late"]) for row in rows(pack, "obligations")] == [
        ("jailbreak-filter", "on time", "0"),
        ("staff-training", "late", "16"),
        # Its follow-up passed on the 20th and nobody verified it, so it is re-assessed.
        ("jailbreak-filter", "still open", "0"),
    ]
    decided = {row["subject"]: row for row in rows(pack, "decisions")}
    assert (decided["staff-training"]["self_assessed"], decided["jailbreak-filter"]["because"]) == (
        "yes",
        "<b>=1+1</b>",
    )
    assert [(row["due"], row["status"], row["text"]) for row in rows(pack, "follow_ups")] == [
        ("2026-12-20", "past due", "retrain it")
    ]
    assert "&lt;b&gt;=1+1&lt;/b&gt;" in (pack / "index.html").read_text(encoding="utf-8")
    status = json.loads(reassay("status", clone, "--at", "2026-12-31", "--format", "json")[1])
    assert {cell["mitigation"]: cell["state"] for cell in status["cells"]} == {
        row["subject"]: row["state"] for row in rows(pack, "population") if row["side"] == "to"
    }
    assert reassay("audit-pack", "--check", pack)[0] == 0
    assert reassay(*asked)[0] == 2


@pytest.mark.long
def test_checking_finds_a_changed_figure_and_quiet_is_quiet(clone: Path, tmp_path: Path) -> None:
    asked = ("audit-pack", "--quiet", "--from", "2026-12-01", "--to", "2026-12-31", tmp_path / "pack", clone)
    assert reassay(*asked)[::2] == (0, "")
    file = tmp_path / "pack" / "obligations.csv"
    file.write_bytes(file.read_bytes().replace(b",late,", b",on time,"))
    code, out, _ = reassay("audit-pack", "--check", tmp_path / "pack")
    assert code == 1
    assert "obligations.csv, line 3, outcome: 'on time', but 'late' follows from the pack" in out


LOOSER = MITIGATIONS.replace(b"    every: 1 year\n    reassess", b"    every: 2 years\n    reassess")


@pytest.mark.long
@pytest.mark.parametrize(("how", "shown"), [("merge", "merge commit"), ("squash", "number in the commit's subject")])
def test_who_let_a_pull_request_in_is_in_the_pack(
    make_lab: Callable[..., Lab], tmp_path: Path, how: str, shown: str
) -> None:
    """Two signatures and a merge in mode enforce, of which the ledger keeps the signatures; a third of the month is still to come."""
    gate = GateLab.of(make_lab(dict(FILES)))
    gate.lab.fine()
    number = gate.propose({MITIGATION_FILE: LOOSER, "README.md": b"words\n"})
    gate.judge(number)
    gate.say("red-team-lead", number, "/reassay signoff 1")
    gate.say("release-manager", number, "/reassay signoff 2")
    assert gate.check(number).conclusion == "SUCCESS"
    gate.lab.later(minutes=1)
    gate.lab.repo.merge_as("safety-lead", number, how=how)
    gate.sweep()
    url = gate.lab.box.url.replace("http://", f"http://x-access-token:{gate.lab.settings.token}@")
    clone, pack = tmp_path / "checkout", tmp_path / "pack"
    subprocess.run(["git", "clone", "--quiet", f"{url}/{gate.lab.name}.git", clone], check=True, capture_output=True)
    code, _, err = reassay("audit-pack", "--from", "2026-12-01", "--to", "2026-12-31", pack, clone)
    assert code == 0, err
    (row,) = rows(pack, "changes")
    assert (row["request"], row["objects"], row["direction"]) == (f"#{number}", "mitigation/filter", "looser")
    assert (row["merged"], row["merged_by"], row["verdict"]) == ("yes", shown, "passed")
    assert row["merged_on"].startswith("2026-12-0")
    assert "by red-team-lead (" in row["signed"]
    assert "by release-manager (" in row["signed"]
    assert [own["pull"] for own in rows(pack, "sign_offs")] == [str(number)] * 2
    manifest = json.loads((pack / "manifest.json").read_bytes())
    assert "days of the period are not covered" in manifest["remarks"][0]
    assert {own["outcome"] for own in rows(pack, "obligations")}.isdisjoint({"missed", "late"})
    assert reassay("audit-pack", "--check", pack)[0] == 0
