import io
from datetime import date
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.register.incident import Incident
from reassay.register.lint.dates import dated_findings
from tests.make import made, mitigation, register


def test_an_assessment_still_to_come_is_warned_about() -> None:
    what = register(mitigation("a", last_assessed="2026-12-02"), mitigation("b", last_assessed="2026-12-01"))
    assert [(finding.code, "2026-12-02" in finding.message) for finding in dated_findings(what, date(2026, 12, 1))] == [
        ("assessed-in-future", True)
    ]


def test_check_knows_what_day_it_is_and_can_be_told(tmp_path: Path) -> None:
    folder = tmp_path / "framework"
    folder.mkdir()
    (folder / "mitigations.yml").write_text(
        "mitigations:\n  - id: a\n    title: A\n    owner: safety-lead\n    assessor: red-team-lead\n    every: 1 year\n    last_assessed: 2026-12-02\n    target: {statement: S, criteria: [{kind: judgement, name: n, question: Q}]}\n"
    )
    for at, words in (("2026-12-01", "is in the future"), ("2026-12-02", "no findings")):
        out = io.StringIO()
        assert main(["check", str(tmp_path), "--at", at], out, io.StringIO()) == 0
        assert words in out.getvalue()


@pytest.mark.parametrize(("seen", "codes"), [("2026-12-02T11:00Z", []), ("2031-01-01T00:00Z", ["seen-in-future"])])
def test_an_incident_that_is_dated_ahead_and_so_counts_for_nothing_is_said(seen: str, codes: list[str]) -> None:
    what = register(made(Incident, id="leak", severity="high", first_seen_at=seen))
    assert [finding.code for finding in dated_findings(what, date(2026, 12, 1))] == codes
