"""Forty rows of a spreadsheet, twenty minutes: imported, pushed, swept."""

import re
from collections.abc import Callable
from pathlib import Path

import yaml

from reassay.register.files import WorkingTree, read_register
from tests.lab import PEOPLE, Lab
from tests.unit.imports.sheets import EXAMPLE, run


def test_a_sweep_over_an_imported_register_opens_paced_issues(tmp_path: Path, make_lab: Callable[..., Lab]) -> None:
    code, out, _ = run("import", EXAMPLE / "controls.csv", tmp_path, "--at", "2026-12-01", "--owner", "policy")
    assert code == 0
    # The report ends with the roles to declare, to be pasted; whoever does it fills in the logins.
    roles = yaml.safe_load(re.sub(r"(?m)^# ?", "", out[out.index("\n# roles:") : out.index("\nreassay check:")]))[
        "roles"
    ]
    settings = {"roles": {name: {"users": [PEOPLE[number % 2]]} for number, name in enumerate(roles)}}
    files = {
        ".github/reassay.yml": yaml.safe_dump(settings).encode(),
        "framework/imported-mitigations.yml": (tmp_path / "framework" / "imported-mitigations.yml").read_bytes(),
    }
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    assert read_register(WorkingTree(tmp_path)).errors == ()
    lab = make_lab(files)
    report = lab.fine()
    imported = read_register(WorkingTree(tmp_path)).mitigations
    undone = [imported[cell.subject].value.title for cell in report.cells if cell.state in {"overdue", "unassessed"}]
    opened = [title for title in undone if any(title in each for each in lab.titles())]
    # Three a week: forty issues on the first day would be read by nobody.
    assert len(undone) > 8
    assert len(opened) == 3
    title = "Re-assess Refusal training covers the hazard taxonomy (light), due Wed 2 Dec 2026"
    issue = next(issue for issue in lab.repo.issues() if issue.title == title)
    assert "6 months since the assessment of 2026-06-02 (imported, not verified)" in issue.body
    assert set(issue.assignees) <= set(PEOPLE)
    with lab.box.readonly():
        assert lab.fine().done == ()
