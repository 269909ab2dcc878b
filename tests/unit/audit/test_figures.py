"""Every figure of a pack, made again in another way from the pack alone, and compared with what the story was."""

import json
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.unit.audit.recompute import Ledger, drawn, instant, obligation, rows
from tests.unit.audit.world import END, FORMULA, START, run


@pytest.fixture(scope="module")
def ledger(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return Ledger(pack, tmp_path_factory.mktemp("recompute") / "ledger", str(START), str(END))


def test_every_re_assessment_ended_as_the_story_says(pack: Path) -> None:
    found = {
        row["record"]: (row["subject"], row["outcome"], row["days_late"])
        for row in rows(pack, "obligations")
        if row["record"]
    }
    assert found == {
        "R-2026-002": ("tardy", "late", "15"),
        "R-2026-003": ("stretched", "extended", "0"),
        "R-2026-004": ("replaced", "superseded", "0"),
        "R-2026-005": ("merged", "side exit", "0"),
        "R-2026-006": ("undone", "withdrawn", "0"),
        "R-2026-007": ("punctual", "on time", "0"),
        "R-2026-008": ("forgotten", "missed", "60"),
        "R-2026-009": ("waiting", "still open", "0"),
    }


def test_dates_for_which_nothing_was_opened_are_obligations_too(pack: Path) -> None:
    found = {
        row["subject"]: (row["outcome"], row["due"], row["days_late"])
        for row in rows(pack, "obligations")
        if not row["record"]
    }
    assert found == {
        "never": ("not opened", "2026-04-10", "265"),
        "punctual": ("not opened", "2026-10-09", "83"),
        "stretched": ("not opened", "2026-12-10", "21"),
        "tardy": ("not opened", "2026-11-05", "56"),
        "undone": ("not opened", "", "0"),
        "moved": ("moved", "2026-06-15", "0"),
    }
    moved = next(row for row in rows(pack, "obligations") if row["subject"] == "moved")
    assert "now due 2027-12-15" in moved["note"]
    assert "imported, not verified" in moved["note"]


def test_obligations_follow_from_the_entries(pack: Path, ledger: Ledger) -> None:
    again = [obligation(ledger, entry["body"]) for entry in ledger.of("opened")]
    found = [row for row in rows(pack, "obligations") if row["record"]]
    assert len(found) == 8
    assert [
        {name: row[name] for name in wanted}
        for row, wanted in zip(found, (each for each in again if each), strict=True)
    ] == [each for each in again if each]


def test_decisions_follow_from_the_entries(pack: Path, ledger: Ledger) -> None:
    again = [
        (
            entry["body"]["reassessment"],
            str(entry["seq"]),
            # The ledger of earlier versions says measured for what was counted.
            entry["body"]["basis"].replace("measured", "counted"),
            "yes" if entry["body"]["self_assessed"] else "no",
            ledger.text(entry["body"]["because"]),
        )
        for entry in ledger.of("decided", entries=ledger.period)
    ]
    assert again == [
        (row["record"], row["seq"], row["basis"], row["self_assessed"], row["because"])
        for row in rows(pack, "decisions")
    ]
    assert Counter(row["basis"] for row in rows(pack, "decisions")) == {
        "counted": 1,
        "judged": 1,
        "exercised": 1,
        "attested": 1,
    }
    assert {row["record"]: row["corrections"] for row in rows(pack, "decisions") if row["corrections"]} == {
        "R-2026-006": "withdrawn by entry 25"
    }


def test_every_kind_of_exception_is_there_once(pack: Path) -> None:
    found = rows(pack, "exceptions")
    assert Counter(row["kind"] for row in found) == {
        "extension": 1, "self-assessed decision": 1, "imported anchor": 4, "correction": 1, "bypass": 1, "outage": 1, "containment": 1,
        "risk acceptance": 1, "snooze": 1, "dissent": 1, "side exit": 1, "unsigned entries": 1, "role change": 1,
    }  # fmt: skip
    by = {row["kind"]: row for row in found}
    assert by["snooze"]["on"] < str(START) <= by["snooze"]["until"]
    assert (by["extension"]["by"], by["extension"]["second"], by["extension"]["text"]) == (
        "safety-lead (1)",
        "account 3",
        "report is late",
    )
    assert by["containment"]["status"] == "ratified late, on 2026-06-19"
    assert by["risk acceptance"]["status"] == "active"
    assert "safety-lead (1), account 4" in by["role change"]["what"]


def test_a_correction_after_the_period_is_said_and_counted_nowhere(pack: Path) -> None:
    manifest = json.loads((pack / "manifest.json").read_bytes())
    assert any("entry 36 recorded an erratum to the decision R-2026-003" in remark for remark in manifest["remarks"])
    assert manifest["counts"]["entries"]["after it, in no figure"] == 1
    assert all("erratum" not in row["corrections"] for row in rows(pack, "decisions"))


def test_time_between_opening_and_signing(pack: Path, ledger: Ledger) -> None:
    opened = {entry["body"]["reassessment"]: instant(entry["recorded_at"]) for entry in ledger.of("opened")}
    signed = [entry for entry in ledger.period if entry["body"]["kind"] == "signed-off" or entry["body"].get("signed")]
    again = [
        (
            str(entry["seq"]),
            str(
                int(
                    (
                        instant((entry["comment"] or {"created_at": entry["recorded_at"]})["created_at"])
                        - opened[entry["body"]["reassessment"]]
                    ).total_seconds()
                )
                // 60
            ),
        )
        for entry in signed
    ]
    found = rows(pack, "sign_offs")
    assert [(row["seq"], row["minutes"]) for row in found] == again
    assert [row["minutes"] for row in found] == [str(15 * 24 * 60), str(16 * 24 * 60)]
    assert [row["taken_back"] for row in found] == ["", "entry 14"]


def test_promises_roles_and_sample(pack: Path, ledger: Ledger) -> None:
    promises = [
        (each["due"], "past due" if each["due"] < str(END) else "open", ledger.text(each["text"]))
        for entry in ledger.of("decided")
        for each in entry["body"]["follow_ups"]
    ]
    assert sorted(promises) == [(row["due"], row["status"], row["text"]) for row in rows(pack, "follow_ups")]
    assert len(promises) == 2
    held = {(row["side"], row["role"]): row["people"] for row in rows(pack, "roles")}
    assert held == {
        ("from", "red-team"): "2",
        ("from", "safety"): "1",
        ("to", "red-team"): "2",
        ("to", "safety"): "1; 4",
    }
    names = [row["record"] for row in rows(pack, "decisions")]
    assert [row["record"] for row in rows(pack, "sample")] == drawn(names, 2, "2026 audit")


@pytest.mark.parametrize(("side", "day"), [("from", START), ("to", END)])
def test_the_population_is_what_status_says_of_the_packs_own_files(
    pack: Path, tmp_path: Path, side: str, day: object
) -> None:
    for command in (
        f"mkdir at && tar xf {pack}/register-{side}.tar -C at && git -C at init -q && git -C at add -A",
        "git -C at -c user.name=a -c user.email=a@example.org commit -q -m register",
        f"git -C at fetch -q {pack}/ledger.bundle reassay-ledger:reassay-ledger",
    ):
        subprocess.run(["bash", "-ec", command], cwd=tmp_path, check=True, capture_output=True)
    code, out, _ = run("status", "--at", day, "--format", "json", tmp_path / "at")
    assert code == 0
    again = {
        (
            cell["mitigation"],
            cell["deployment"],
            cell["state"],
            cell["due"] or "",
            cell["basis"] or "",
            cell["verdict"],
            cell["reason"],
        )
        for cell in json.loads(out)["cells"]
    }
    found = [row for row in rows(pack, "population") if row["side"] == side]
    assert again == {
        (row["subject"], row["cell"], row["state"], row["due"], row["basis"], row["effectiveness"], row["reason"])
        for row in found
    }
    assert len(found) == 10
    assert next(row for row in found if row["subject"] == "forgotten")["title"] == f"'{FORMULA}"


def test_counts_are_those_of_the_rows(pack: Path) -> None:
    counts = json.loads((pack / "manifest.json").read_bytes())["counts"]
    for name, column in (
        ("obligations", "outcome"),
        ("decisions", "decision"),
        ("exceptions", "kind"),
        ("follow_ups", "status"),
    ):
        assert counts[name] == Counter(row[column] for row in rows(pack, name))
    assert counts["cells_to"] == Counter(row["state"] for row in rows(pack, "population") if row["side"] == "to")
