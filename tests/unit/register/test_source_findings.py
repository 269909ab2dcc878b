"""Sources of signals in `check`: a trigger names a declared one, a source names what the register has, and nothing is idle."""

from pathlib import Path

import pytest

from reassay.register.files import WorkingTree, read_register
from reassay.register.finding import Finding, FindingSeverity

REGISTER = """\
mitigations:
  - id: filter
    title: Filter
    owner: safety-lead
    assessor: red-team-lead
    reassess: {every: 6 months, triggers: [%s]}
"""
OSV = "kind: osv, packages: [{ecosystem: PyPI, name: torch}]"


def findings(folder: Path, sources: str, trigger: str = "{kind: new-information}") -> list[Finding]:
    (folder / ".github").mkdir()
    (folder / "framework").mkdir()
    (folder / ".github/reassay.yml").write_text(f"mode: remind\nsignals:\n  sources: [{sources}]\n", encoding="utf-8")
    (folder / "framework/filter.yml").write_text(REGISTER % trigger, encoding="utf-8")
    return [
        own
        for own in read_register(WorkingTree(folder)).findings
        if own.code in {"unknown-reference", "without-effect"}
    ]


CASES: list[tuple[str, str, str, list[tuple[str, FindingSeverity, str]]]] = [
    ("nothing to say", "{id: alerts, kind: file, path: a.json}", "{kind: data-unknown, source: alerts, silent_for: 2 days}", []),
    (
        "a trigger with a source that is not declared",
        "{id: alerts, kind: file, path: a.json}",
        "{kind: data-unknown, source: alarts, silent_for: 2 days}",
        [("unknown-reference", FindingSeverity.ERROR, "there is no source of signals 'alarts'")],
    ),
    (
        "counts that no trigger names",
        "{id: blocked, kind: file, path: a.csv, gives: count}",
        "{kind: new-information}",
        [("without-effect", FindingSeverity.WARNING, "nothing uses what the source 'blocked' gives")],
    ),
    (
        "counts whose silence is watched",
        "{id: blocked, kind: file, path: a.csv, gives: count}",
        "{kind: all, of: [{kind: data-unknown, source: blocked, silent_for: 2 days}]}",
        [],
    ),
    (
        "advisories that name no mitigation",
        "{id: advisories, " + OSV + "}",
        "{kind: new-information}",
        [("without-effect", FindingSeverity.WARNING, "nothing uses what the source 'advisories' gives")],
    ),
    ("advisories for a mitigation", "{id: advisories, mitigations: [filter], " + OSV + "}", "{kind: new-information}", []),
]  # fmt: skip


@pytest.mark.parametrize(("what", "sources", "trigger", "expected"), CASES, ids=[what for what, *_ in CASES])
def test_what_check_says_of_sources(
    tmp_path: Path, what: str, sources: str, trigger: str, expected: list[tuple[str, FindingSeverity, str]]
) -> None:
    own = findings(tmp_path, sources, trigger)
    assert [(finding.code, finding.severity, finding.message) for finding in own] == expected, what
    assert all(finding.remedy and finding.at.line > 0 for finding in own)


def test_a_near_miss_is_guessed_at_its_place(tmp_path: Path) -> None:
    (own,) = findings(
        tmp_path, "{id: alerts, kind: file, path: a.json}", "{kind: data-unknown, source: alarts, silent_for: 2 days}"
    )
    assert "alerts" in own.remedy
    assert (own.at.path, own.at.line) == ("framework/filter.yml", 6)
