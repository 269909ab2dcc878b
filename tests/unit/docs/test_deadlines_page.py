"""The samples of docs/how-to/deadlines-of-statutes.md belong together: the set that is added has what the incident names."""

import io
import re
from pathlib import Path

from reassay.cli import main

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "deadlines-of-statutes.md").read_text(encoding="utf-8")
MITIGATION = "- {id: filter, title: x, owner: safety-lead, every: 1 year, last_assessed: 2026-06-01}\n"


def test_the_incident_is_one_that_the_added_set_understands(tmp_path: Path) -> None:
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework" / "mitigations.yml").write_text(MITIGATION)
    (command,) = re.findall(r"^reassay (commitments add .*)$", PAGE, re.MULTILINE)
    out, err = io.StringIO(), io.StringIO()
    verb, add, name, *options = command.split()
    assert main([verb, add, name, str(tmp_path), *options], out, err) == 0, err.getvalue()
    (incident,) = re.findall(r"```yaml\n(# framework/incidents.yml\n.*?)```", PAGE, re.DOTALL)
    (tmp_path / "framework" / "incidents.yml").write_text(incident)
    out = io.StringIO()
    assert main(["check", "--at", "2027-02-02", str(tmp_path)], out, err) == 0, out.getvalue()
