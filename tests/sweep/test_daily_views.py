"""What people look at every day, from a clone after real sweeps: explain, and the ledger's log and records."""

import io
import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.common.clock import SystemClock
from reassay.ledger.entry import Observation, ObservedName
from reassay.register.register import Register
from reassay.sweep.known_names import logins_by_account, name_digest
from tests.lab import STARTER, Lab
from tests.make import Story, mitigation
from tests.make import register as register_of


def reassay(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(list(arguments), out, err), out.getvalue(), err.getvalue()


def clone(lab: Lab, folder: Path) -> str:
    url = lab.box.url.replace("http://", f"http://x-access-token:{lab.settings.token}@")
    subprocess.run(["git", "clone", "--quiet", f"{url}/{lab.name}.git", str(folder)], check=True, capture_output=True)
    return str(folder)


REGISTER = STARTER.replace(b"assessor: red-team-lead", b"assessor: red-team").replace(
    b"mitigations:", b"roles: {red-team: {users: ['red-team-lead#1002']}}\nmitigations:"
)
"""The assessor is a role whose account is pinned, so that the ledger's account has a login offline."""


@pytest.fixture(autouse=True)
def _a_later_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2026, 12, 5, 12, tzinfo=UTC))


@pytest.fixture
def checkout(lab: Lab, tmp_path: Path) -> str:
    """A clone after two openings, one of which was concluded the day after."""
    lab.register(REGISTER)
    lab.fine()
    lab.later(days=1)
    number = next(issue.number for issue in lab.repo.issues() if "filter" in issue.title)
    lab.say("red-team-lead", number, "/reassay conclude effective because nothing got through")
    lab.fine()
    return clone(lab, tmp_path / "checkout")


def test_explain_says_state_reason_next_step_and_what_follows(checkout: str) -> None:
    code, text, err = reassay("explain", "staff-training", checkout, "--as-of", "2026-12-02")
    assert (code, err) == (0, "")
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "staff-training  Staff finish misuse training" in text
    assert "mitigation, owner safety-lead, framework/mitigations.yml:" in " ".join(text.split())
    assert "It was never assessed" in text
    assert re.search(r"R-2026-00\d is open \(issue #\d\)\.", text)
    assert "so the record will say self-assessed" in text
    assert re.search(r"@safety-lead comments in issue #\d:\n    /reassay conclude ineffective\|", text)
    assert "Became known since" in text


def test_explain_as_of_a_day_knows_what_was_known_then_and_says_what_is_known_now(checkout: str) -> None:
    words = ("explain", "jailbreak-filter/*", checkout, "--as-of")
    _, then, _ = reassay(*words, "2026-12-01")
    before, _, after = then.partition("Became known since")
    assert "due-soon" in before
    assert "red-team-lead comments in issue" in before
    assert "effective (attested)" not in before
    assert re.search(r"entry \d, Wed 2 Dec 2026: R-2026-00\d was decided: effective \(attested\)", after)
    assert "nothing got through" in " ".join(after.split())
    document = json.loads(reassay(*words, "2026-12-01", "--format", "json")[1])
    assert document["schema"] == "reassay/explain/v1"
    subject = document["subject"]
    assert (subject["id"], subject["owner"], subject["people"]) == (
        "jailbreak-filter",
        "safety-lead",
        ["red-team-lead"],
    )
    assert [cell["state"] for cell in subject["cells"]] == ["due-soon"]
    assert subject["steps"][-1].startswith("/reassay conclude ")
    assert [fact["text"] for fact in subject["later"]] == ["nothing got through"]
    assert document["verdicts"] == []


def test_a_concluded_mitigation_is_explained_with_its_last_verdict_and_a_record_by_its_id(checkout: str) -> None:
    code, text, _ = reassay("explain", "jailbreak-filter", checkout)
    assert code == 0
    assert "current since Wed 2 Dec 2026" in text
    assert "Last verdict: effective (attested), R-2026-00" in text
    assert "was decided effective (attested) on Wed 2 Dec 2026" in " ".join(text.split())
    record = re.search(r"R-2026-\d+", text)
    assert record is not None
    code, one, _ = reassay("explain", record[0].lower(), checkout)
    assert (code, one.startswith(f"{record[0]}: jailbreak-filter version 1 was decided")) == (0, True)
    other = "R-2026-001" if record[0] == "R-2026-002" else "R-2026-002"
    assert reassay("explain", other, checkout)[1].startswith("staff-training  Staff finish misuse training")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "jailbreak-filtr",
            "no mitigation or commitment is called 'jailbreak-filtr'. Did you mean 'jailbreak-filter'?",
        ),
        ("R-2026-099", "the ledger has no record 'R-2026-099'."),
        ("staff-training/ap", "staff-training has no deployment 'ap'. It has *."),
    ],
)
def test_an_id_that_nothing_has_is_a_clear_error(checkout: str, name: str, words: str) -> None:
    code, out, err = reassay("explain", name, checkout)
    assert (code, out) == (2, "")
    assert words in err


@pytest.mark.long
def test_what_cannot_be_read_is_explained_with_its_place_and_remedy(checkout: str) -> None:
    file = Path(checkout) / "framework" / "mitigations.yml"
    file.write_text(file.read_text().replace("title: Input", "titel: Input"))
    code, text, _ = reassay("explain", "jailbreak-filter", checkout)
    assert code == 1
    assert "unreadable" in text
    assert "Edit framework/mitigations.yml:" in text
    assert "    reassay check" in text


@pytest.mark.long
def test_the_log_has_columns_logins_titles_and_decisions(checkout: str) -> None:
    code, text, err = reassay("ledger", "log", checkout)
    assert (code, err) == (0, "")
    heading, *lines = text.splitlines()
    starts = [heading.index(word) for word in ("recorded (UTC)", "kind", "who", "what")]
    rows = [line for line in lines if re.match(r" *\d+  ", line)]
    assert all(line[start - 2 : start] == "  " for line in rows for start in starts)
    assert not any(line != line.rstrip() for line in text.splitlines())
    (decided,) = (line for line in rows if "  decided" in line)
    assert "@red-team-lead" in decided
    assert "jailbreak-filter, effective (attested): Input filter blocks known jailbreak families" in decided
    assert all("  bot  " in line for line in rows if "  opened  " in line)
    document = json.loads(reassay("ledger", "log", checkout, "--format", "json")[1])
    (entry,) = (entry for entry in document["entries"] if entry["kind"] == "decided")
    assert (entry["login"], entry["subject"], entry["deed"]) == (
        "red-team-lead",
        "jailbreak-filter",
        "effective (attested)",
    )


@pytest.mark.long
def test_an_entry_and_a_record_are_summed_up_for_people(checkout: str) -> None:
    entries = json.loads(reassay("ledger", "log", checkout, "--format", "json")[1])["entries"]
    decided = next(entry for entry in entries if entry["kind"] == "decided")
    _, text, _ = reassay("ledger", "show", str(decided["seq"]), checkout)
    summary, _, stored = text.partition("As stored")
    assert f"Entry {decided['seq']}: decided, recorded Wed 2 Dec 2026 09:00 UTC by @red-team-lead" in summary
    assert "because: 'nothing got through'" in summary
    assert "{" not in summary
    assert '"body"' in stored
    _, record, _ = reassay("ledger", "show", decided["about"].removeprefix("re-assessment/"), checkout)
    assert "As known now: effective (attested)" in record
    assert "next due: 2027-06-02" in record
    assert all(len(line) <= 80 for line in record.splitlines())
    assert "commit" not in record


@pytest.mark.long
def test_a_clone_without_a_register_shows_account_ids(checkout: str) -> None:
    (Path(checkout) / "framework" / "mitigations.yml").unlink()
    _, text, _ = reassay("ledger", "log", checkout)
    assert re.search(r"  decided  +account \d+  ", text)
    assert "jailbreak-filter, effective (attested)\n" in text


@pytest.mark.long
def test_logins_are_those_that_the_ledger_first_observed_or_that_are_pinned() -> None:
    register = configured_register()
    recorded = Observation(names=(ObservedName(name=name_digest("safety-lead"), id=7),))
    story = Story(register)
    story.add(recorded)
    assert logins_by_account(register, story.assessment_input.history) == {7: "safety-lead", 9: "red-team-lead"}


def configured_register() -> Register:
    return register_of(
        mitigation(owner="safety-lead", assessor="red-team"), roles={"red-team": {"users": ["red-team-lead#9"]}}
    )
