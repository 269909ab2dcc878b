"""Mode `record`, told from the first issue to a corrected record: three roles, a delegation, an extension, a dissent."""

import base64
import io
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reassay.assessment.cells import State
from reassay.cli import main
from reassay.ledger.store.configured_keys import LedgerKeys
from tests.lab import Lab

KEY = base64.b64encode(bytes(range(32))).decode()
REGISTER = b"""\
mode: record
timezone: Europe/Berlin
roles:
  safety-board: {users: [release-manager]}
mitigations:
  - id: staff-training
    title: Staff finish misuse training
    owner: safety-lead
    assessor: red-team-lead
    last_assessed: 2025-12-11
    every: 1 year
    target:
      statement: At least 95 percent of staff with access are trained.
      criteria:
        - {kind: census, name: staff trained, at_least: 0.95}
    approval:
      - {role: safety-board, kind: approve, excludes: [owner, assessor]}
delegations:
  - {id: december, title: Leave in December, role: safety-board, from: release-manager, to: auditor, start: 2026-12-01, end: 2026-12-09}
"""


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab({"framework/mitigations.yml": REGISTER, "reports/training.csv": b"name,done\n"})
    return replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY)))


def say(lab: Lab, who: str, text: str, number: int = 1) -> str:
    """A person writes, a sweep follows, and this is what the bot said last."""
    lab.later(minutes=5)
    lab.say(who, number, text)
    lab.later(minutes=1)
    lab.fine()
    with lab.box.readonly():
        lab.fine()
    return str(lab.repo.issue(number).comments[-1].body).replace("\u2060", "")


def kinds(lab: Lab) -> list[str]:
    report = lab.fine()
    assert report.content is not None
    return [entry.body.kind for entry in report.content.ledger.entries]


def told(lab: Lab, folder: Path, *command: str, at: str = "", where: str | None = None) -> str:
    """What the command line says about a clone of the repository."""
    checkout = folder / "checkout"
    if not checkout.exists():
        url = f"http://x-access-token:{lab.settings.token}@{lab.settings.server_url.removeprefix('http://')}/{lab.name}.git"
        subprocess.run(["git", "clone", "-q", url, str(checkout)], check=True)
    out, err = io.StringIO(), io.StringIO()
    place = [str(checkout)] if where is None else []
    code = main([*command, *place, *(["--at", at] if at else [])], out, err)
    assert code == 0, (command, code, err.getvalue())
    return out.getvalue()


@pytest.mark.long
def test_the_whole_story(lab: Lab, tmp_path: Path) -> None:  # noqa: PLR0915 -- a story is told in one go
    lab.fine()
    body = lab.repo.issue(1).body
    assert (
        "| 1 | Is the scope right: does this list every place where the mitigation is in use? | safety-lead | open |"
        in body
    )
    assert "| 6 | Approve all answers (not the owner, assessor) | safety-board | open |" in body
    assert "advisory: `.github/reassay.yml` does not name the App" in body

    words = say(lab, "red-team-lead", "/reassay conclude effective because it looks fine")
    assert "7 things are missing.\n\n- row 1 is not answered (@safety-lead)\n- row 2" in words
    assert "row 6 (approve) needs 1 sign-off from safety-board (@release-manager or @auditor)" in words
    assert "criterion 'staff trained': not measured" in words

    words = say(
        lab,
        "safety-lead",
        "/reassay answer 1 yes because all offices are listed\n/reassay answer 2 yes because the course is the same",
    )
    assert "safety-lead, answered in words to 'What changed since the last assessment" in words
    assert (
        "Still missing: row 3 (@red-team-lead), row 4 (@red-team-lead), row 5 (@red-team-lead), row 6 (@release-manager or @auditor)"
        in words
    )
    assert "Undo: `/reassay withdraw 1 2`" in words
    assert "your 2 commands, in order:" in words
    words = say(lab, "safety-lead", "/reassay answer 3 yes because there were none")
    assert "To sign it off, @red-team-lead comments: `/reassay signoff 3`" in words
    words = say(
        lab,
        "red-team-lead",
        "/reassay answer 4 no because leave was not counted\n/reassay answer 5 yes because it is soon\n/reassay signoff 3",
    )
    assert "signed off in words to 'Were the incidents" in words
    words = say(
        lab,
        "red-team-lead",
        "/reassay evidence reports/training.csv census 112/120 because the list of 1 Dec, leave left out",
    )
    assert "Criterion 'staff trained': missed, because 112 of 120 are 93.3%, at least 95.0% are required" in words

    words = say(lab, "safety-lead", "/reassay extend until 2027-01-08 because the rest is trained after the holidays")
    assert "@release-manager or @auditor comments: `/reassay confirm" in words
    asked = lab.repo.issue(1).comments[-2].id
    words = say(lab, "auditor", f"/reassay confirm {asked}")
    assert "R-2026-001 is now due Fri 8 Jan 2027" in words
    cells = lab.fine().cells
    assert [cell.state for cell in cells] == [State.EXTENDED]
    assert "was" not in cells[0].effectiveness or "effective" not in cells[0].state

    words = say(lab, "auditor", "/reassay dissent because leave should count as untrained")
    assert "auditor, safety-board, dissents" in words

    lab.later(days=35)
    lab.fine()
    words = say(lab, "red-team-lead", "/reassay evidence reports/training.csv census 118/120 because the list of 5 Jan")
    assert "met, because 118 of 120 are 98.3%" in words
    words = say(lab, "auditor", "/reassay signoff 6")
    assert "only safety-board can sign off row 6. Ask @release-manager" in words, "the delegation has ended"
    words = say(lab, "safety-lead", "/reassay signoff 6")
    assert "only safety-board can" in words
    words = say(lab, "release-manager", "/reassay signoff 6")
    assert (
        "signed off approval step 1 (approve) for all answers and the evidence. Signed off 35 days after it was opened"
        in words
    )
    words = say(lab, "red-team-lead", "/reassay conclude effective because nearly everybody is trained")
    assert "row 4 is answered `no` or `not-tested`" in words
    words = say(
        lab,
        "red-team-lead",
        "/reassay conclude effective follow-up 2027-02-15 count leave because nearly everybody is trained",
    )
    assert "**R-2026-001: effective (counted)**" in words
    assert "| Basis | counted |" in words
    assert "| Criterion | staff trained: met (counted) |" in words
    assert (
        "| Signed off | safety-lead: rows 1, 2; red-team-lead: rows 3, 4, 5; safety-board (approve, 1 of 1) |" in words
    )
    assert "| Dissent | safety-board (entry" in words
    assert "| Entry | signed with the ledger's key; anchor `23:" in words
    assert lab.repo.issue(1).state == "closed"
    assert lab.fine().cells[0].state is State.CURRENT

    believed_at = lab.box.clock.now().isoformat()
    asked_in = lab.say(
        "red-team-lead", 1, "/reassay correct R-2026-001 withdraw because contractors were never on the list"
    )
    lab.fine()
    words = say(lab, "release-manager", f"/reassay confirm {asked_in}")
    assert "The record R-2026-001 is withdrawn" in "\n".join(each.body for each in lab.repo.issue(1).comments)
    assert lab.repo.issue(1).body.split("\n")[2].startswith("**Withdrawn** by ledger entry")
    assert lab.fine().cells[0].state is not State.CURRENT
    assert "Follow-up to R-2026-001" in lab.titles()[1]
    assert "Re-assess Staff finish misuse training" in lab.titles()[2]
    record = told(lab, tmp_path, "ledger", "show", "R-2026-001")
    assert "because: 'leave was not counted'" in record
    assert "As known then: effective (counted), entry 22 of 2027-01-05" in record
    assert "As known now: withdrawn by entry 25: it no longer counts" in record
    assert "\ncurrent\n" in told(lab, tmp_path, "status", at=believed_at)
    assert "\noverdue\n" in told(lab, tmp_path, "status", at=lab.box.clock.now().isoformat())
    pack = tmp_path / "pack"
    told(lab, tmp_path, "audit-pack", "--from", "2026-12-01", "--to", "2027-01-31", str(pack), at="")
    page = (pack / "index.html").read_text(encoding="utf-8")
    for words in ("withdrawn", "extended", "dissent", "no sweep", "count leave"):
        assert words in page.lower(), words
    assert told(lab, tmp_path, "audit-pack", "--check", str(pack), where="").strip(), "it recomputes from itself alone"
    found = kinds(lab)
    assert {"answered", "signed-off", "attached", "extended", "dissented", "decided", "corrected", "bot-was-down"} <= {
        *found
    }
    assert found.count("corrected") == 1
    assert found.count("extended") == 1
