"""How a run ends while something known cannot be read: after doing everything else, the step fails and says what and where."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from reassay.cli.action import run_action
from tests.gate_lab import CONFIGURATION, FILES, KEY, GateLab
from tests.lab import Lab

pytestmark = pytest.mark.long

PATH = "framework/mitigations.yml"
TEXT = b"""\
mode: remind
mitigations:
  - {id: filter, title: Filter, owner: safety-lead, every: 6 months, last_assessed: 2026-11-01}
  - {id: drill, title: Drill, owner: auditor, every: 1 year, last_assessed: 2026-11-01}
"""


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab({PATH: TEXT})
    lab.fine()
    lab.later(hours=1)
    return lab


def step(lab: Lab, folder: Path, **inputs: str) -> tuple[int, str, dict[str, str], str]:
    """Exit code, log, outputs and summary of the Action's step."""
    out = StringIO()
    environment = {
        "GITHUB_EVENT_NAME": "schedule",
        "GITHUB_REPOSITORY": lab.name,
        "REASSAY_TOKEN": lab.settings.token,
        "REASSAY_API_URL": lab.box.api_url,
        "REASSAY_SERVER_URL": lab.box.url,
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        **inputs,
    }
    code = run_action(environment, out, StringIO())
    lines = (folder / "output").read_text(encoding="utf-8").splitlines()
    outputs = dict(line.split("=", 1) for line in lines)
    return code, out.getvalue(), outputs, (folder / "summary").read_text(encoding="utf-8")


def test_the_step_fails_after_everything_else_and_says_what_cannot_be_read(lab: Lab, tmp_path: Path) -> None:
    more = b"  - {id: training, title: Training, owner: auditor, every: 1 year}\n"
    lab.register(TEXT.replace(b"every: 6", b"evry: 6") + more)
    code, log, outputs, summary = step(lab, tmp_path)
    assert code == 1
    assert "Re-assess Training" in "".join(lab.titles()), "what can be read is opened all the same"
    assert "::error title=mitigation filter::" in log
    assert "framework/mitigations.yml:3" in log
    assert outputs["unreadable"] == "1"
    assert json.loads(outputs["summary-json"])["unreadable"] == 1
    assert "**Unreadable:**" in summary
    assert "| unreadable | `filter`" in summary
    lab.register(TEXT + more)
    assert step(lab, tmp_path)[0] == 0


def test_the_step_fails_while_the_configuration_cannot_be_read(make_lab: Callable[..., Lab], tmp_path: Path) -> None:
    lab = GateLab.of(make_lab(dict(FILES))).lab
    lab.fine()
    lab.repo.commit(
        {".github/reassay.yml": CONFIGURATION.replace(b"Berlin", b"Nowhere")}, message="x", author="auditor"
    )
    code, log, outputs, summary = step(lab, tmp_path, REASSAY_LEDGER_KEY=KEY)
    assert code == 1
    assert "::error title=configuration::The configuration of main cannot be read since commit" in log
    assert "is in force until that is fixed" in summary
    assert outputs["unreadable"] == "1"
    assert "it is recorded as a bypass" in log
    (issue,) = (own for own in lab.repo.issues() if own.title.startswith("The register has 1 error: the configuration"))
    assert "Until then the earlier one stays in force" in issue.body
    assert "they are not watched" not in issue.body
