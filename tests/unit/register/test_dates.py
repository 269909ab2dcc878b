import io
from datetime import date
from pathlib import Path

from reassay.cli import main
from reassay.register.lint.dates import dated_findings
from tests.make import mitigation, register


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
