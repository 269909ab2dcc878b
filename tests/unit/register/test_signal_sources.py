"""Sources of signals in a configuration: ids that exist, files that exist, and no setting that nothing acts on."""

import pytest

from tests.unit.register.trees import read

MITIGATIONS = """\
- {id: jailbreak-filter, title: Filter, owner: safety-lead, every: 6 months, threat_models: [misuse]}
"""
FILES = {
    "framework/mitigations.yml": MITIGATIONS,
    "framework/deployments.yml": "- {id: public-api, title: API, audience: external}\n",
    "framework/threat-models.yml": "- {id: misuse, title: Misuse, atlas: [AML.T0054]}\n",
    "ops/incidents.csv": "key,title\n",
}
ATLAS = "kind: atlas, url: https://raw.githubusercontent.com/mitre-atlas/atlas-data/main/dist/v6/ATLAS-latest.yaml"


def found(*sources: str, **files: str) -> list[tuple[int, str, str]]:
    """Line, code and message of the findings about the configuration, but for what nothing uses (test_source_findings.py)."""
    rows = "".join(f"    - {{{source}}}\n" for source in sources)
    configuration = f"mode: remind\nsignals:\n  sources:\n{rows}"
    register = read(FILES | {".github/reassay.yml": configuration} | files)
    assert not register.configuration_is_broken, register.configuration_problem
    return [
        (finding.at.line, finding.code, finding.message)
        for finding in register.findings
        if finding.at.path == ".github/reassay.yml" and not finding.message.startswith("nothing uses")
    ]


def test_sources_that_can_be_read_have_no_findings() -> None:
    assert (
        found(
            "id: a, kind: file, path: ops/incidents.csv, mitigations: [jailbreak-filter], deployment: public-api, severity: high",
            "id: b, kind: issues, label: incident, incident_kind: near-miss, silent_after: 90 days",
            "id: c, kind: issues, label: information, gives: information, information_kind: jailbreak",
            f"id: d, {ATLAS}, mitigations: [jailbreak-filter]",
            "id: e, kind: dispatch, gives: exposure, deployment: public-api",
        )
        == []
    )


@pytest.mark.parametrize(
    ("source", "code", "message"),
    [
        (
            "id: a, kind: file, path: ops/incident.csv",
            "no-such-file",
            "'a' reads 'ops/incident.csv', and there is no such file, so it is blind",
        ),
        (
            "id: a, kind: avid, path: data/avid.jsonl",
            "no-such-file",
            "'a' reads 'data/avid.jsonl', and there is no such file, so it is blind",
        ),
        (
            "id: a, kind: issues, label: x, mitigations: [jailbreak-filters]",
            "unknown-reference",
            "there is no mitigation 'jailbreak-filters'",
        ),
        ("id: a, kind: issues, label: x, deployment: api", "unknown-reference", "there is no deployment 'api'"),
        (
            "id: a, kind: dispatch, gives: count, severity: high",
            "without-effect",
            "'a' gives count, so nothing acts on 'severity'",
        ),
        (
            "id: a, kind: dispatch, gives: exposure, mitigations: [jailbreak-filter]",
            "without-effect",
            "'a' gives exposure, so nothing acts on 'mitigations'",
        ),
        (
            "id: a, kind: dispatch, gives: information, incident_kind: hazard",
            "without-effect",
            "'a' gives information, so nothing acts on 'incident_kind'",
        ),
        (
            "id: a, kind: dispatch, information_kind: research",
            "without-effect",
            "'a' gives incidents, so nothing acts on 'information_kind'",
        ),
        (
            f"id: a, {ATLAS}, silent_after: 90 days",
            "without-effect",
            "'a' has no dates that are read, so nothing acts on 'silent_after'",
        ),
        (
            f"id: a, {ATLAS.replace('v6/ATLAS-latest', 'ATLAS')}",
            "frozen-source",
            "'a' reads a file that MITRE does not change any more since version 5.6",
        ),
    ],
)
def test_what_is_wrong_is_found_on_its_line(source: str, code: str, message: str) -> None:
    assert found("id: fine, kind: issues, label: fine", source) == [(5, code, message)]


def test_atlas_without_a_technique_watches_nothing() -> None:
    files = {"framework/threat-models.yml": "- {id: misuse, title: Misuse}\n"}
    assert [code for _, code, _ in found(f"id: a, {ATLAS}", **files)] == ["without-effect"]
    assert found(f"id: a, {ATLAS}, techniques: [AML.T0051]", **files) == []


def test_two_sources_that_read_the_same_count_twice() -> None:
    assert found(
        "id: a, kind: issues, label: x, severity: low",
        "id: b, kind: issues, label: x, severity: high",
        "id: c, kind: issues, label: x, repository: example-lab/product",
    ) == [(5, "source-twice", "'b' reads the same as 'a', so that each of its items counts twice")]
