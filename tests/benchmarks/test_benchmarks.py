"""Benchmarks run at a tiny size and print their rows. What they measure is not looked at: tests never time anything."""

import subprocess

import pytest

from benchmarks import check, reading, run
from benchmarks.common import ROOT

SIZES = "2,3,4"
ENTRIES = 25


def table(capsys: pytest.CaptureFixture[str], name: str) -> list[list[str]]:
    assert run.main(["--sizes", SIZES, "--entries", str(ENTRIES), "--only", name]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


@pytest.mark.parametrize(
    ("name", "first", "count"),
    [
        pytest.param("startup", "--help", 2),
        pytest.param("ledger", "ledger verify, 25 signed entries", 1),
        pytest.param("commands", "gate, 2 mitigations", 6, marks=pytest.mark.long),
        pytest.param("forecast", "plan --until four years ahead, 2 mitigations", 2, marks=pytest.mark.long),
        pytest.param("dashboard", "static report with 13 months ahead, 2 mitigations", 4, marks=pytest.mark.long),
        pytest.param("sweep", "sweep with nothing to do, 3 mitigations", 4, marks=pytest.mark.long),
    ],
)
def test_it_prints_its_rows(capsys: pytest.CaptureFixture[str], name: str, first: str, count: int) -> None:
    rows = table(capsys, name)
    assert len(rows) == count
    assert rows[0][0] == first
    assert all(len(row) == 4 and all(row) for row in rows)


@pytest.mark.long
def test_the_peer_of_check_accepts_the_same_files(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        (row,) = table(capsys, "check")
    except subprocess.CalledProcessError:
        pytest.skip(f"{check.PEER} cannot be installed on this machine")
    assert row[0] == "check, 3 mitigations"


@pytest.mark.long
def test_the_peer_of_reading_writes_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        (row,) = table(capsys, "reading")
    except subprocess.CalledProcessError:
        pytest.skip(f"{reading.PEER} cannot be installed on this machine")
    assert row[0] == "counts of a log of 40 samples"


def test_every_benchmark_is_run_here_or_says_that_it_needs_more() -> None:
    alone = {"intake", "memory"}
    folder = ROOT / "benchmarks"
    assert {file.stem for file in folder.glob("*.py")} - {"run", "common"} == set(run.benchmarks(0)) | alone
