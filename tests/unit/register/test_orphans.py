"""What is declared and nothing works on is warned about, unless something that cannot be read might."""

from pathlib import Path

import pytest

from reassay.register.files import WorkingTree, read_register
from reassay.register.finding import FindingSeverity

THREAT = "threat_models:\n  - {id: misuse, title: Misuse}\n"
DEPLOYMENT = "deployments:\n  - {id: api, title: API, audience: external}\n"
WITH_LAB = f"{DEPLOYMENT}  - {{id: lab, title: Lab, audience: internal}}\n"
FINE = "id: a, title: A, owner: x, assessor: y, every: 1 year"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"mitigations:\n  - {{{FINE}, threat_models: [misuse], deployments: [api]}}\n{THREAT}{DEPLOYMENT}", []),
        (f"mitigations:\n  - {{{FINE}}}\n{THREAT}", [("unmitigated-threat", 4)]),
        (
            f"mitigations:\n  - {{{FINE}, status: retired, threat_models: [misuse]}}\n{THREAT}",
            [("unmitigated-threat", 4)],
        ),
        (f"mitigations:\n  - {{{FINE}}}\n{DEPLOYMENT}", [("serves-no-deployment", 2)]),
        (
            f"mitigations:\n  - {{{FINE}, threat_models: [misuse], deployments: [api]}}\n{THREAT}{WITH_LAB}",
            [("unserved-deployment", 7)],
        ),
        (
            (
                f"mitigations:\n  - {{{FINE}, threat_models: [misuse], deployments: [api]}}\n"
                f"  - {{{FINE.replace('id: a', 'id: b')}, deployments: [lab]}}\n{THREAT}{WITH_LAB}"
            ),
            [("uncovered-threat", 8)],
        ),
        (
            (
                f"mitigations:\n  - {{{FINE}, threat_models: [misuse], deployments: [api]}}\n"
                f"threat_models:\n  - {{id: misuse, title: Misuse, deployments: [api]}}\n{WITH_LAB}"
            ),
            [("unserved-deployment", 7)],
        ),
        (
            f"mitigations:\n  - {{{FINE}, serves: weights, threat_models: [misuse]}}\n{THREAT}{DEPLOYMENT}",
            [("unserved-deployment", 6)],
        ),
        (
            (
                f"mitigations:\n  - {{{FINE}, serves: weights, threat_models: [misuse]}}\n"
                f"  - {{{FINE.replace('id: a', 'id: b')}, deployments: [api]}}\n{THREAT}{DEPLOYMENT}"
            ),
            [],
        ),
        (
            (
                f"mitigations:\n  - {{{FINE}, serves: weights, threat_models: [misuse]}}\n"
                f"  - {{{FINE.replace('id: a', 'id: b')}, deployments: [api]}}\n"
                f"threat_models:\n  - {{id: misuse, title: Misuse, deployments: [api]}}\n{DEPLOYMENT}"
            ),
            [("uncovered-threat", 7)],
        ),
        (DEPLOYMENT, [("unserved-deployment", 2)]),
        (f"mitigations:\n  - {{{FINE}, ownr: z}}\n{THREAT}{DEPLOYMENT}", [("unknown-key", 2)]),
    ],
)
def test_orphans_are_named_with_their_line(tmp_path: Path, text: str, expected: list[tuple[str, int]]) -> None:
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework" / "all.yml").write_text(text)
    found = read_register(WorkingTree(tmp_path)).findings
    assert [(each.code, each.at.line) for each in found] == expected
    assert all(each.severity is FindingSeverity.WARNING for each in found if each.code != "unknown-key")
