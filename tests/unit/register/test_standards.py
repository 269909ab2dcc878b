"""Citations that nobody can look up are warned about."""

import pytest

from reassay.register.lint.standards import standard_findings
from tests.make import mitigation, register


@pytest.mark.parametrize(
    ("catalogue", "control", "words"),
    [
        ("RAND", "SL3", "Did you mean 'RAND SL'?"),
        ("NIST-800-35", "AC-3", "Did you mean 'NIST-800-53'?"),
        ("NIST SP 800-53", "AC-55", "AC goes from AC-1 to AC-25."),
        ("NIST SP 800-53", "ac-26", "AC goes from AC-1 to AC-25."),
        ("NIST SP 800-53", "XX-1", "Its groups are AC, AT, "),
        ("RAND SL", "SL6", "Its groups are SL1, SL2, SL3, SL4, SL5."),
        ("NIST SP 800-53", "AC-25", ""),
        ("NIST SP 800-53", "AC-3(2)", ""),
        ("nist sp 800-53", "ac-3", ""),
        ("RAND SL", "sl-3", ""),
        ("Our own list", "A1", ""),
    ],
)
def test_a_citation(catalogue: str, control: str, words: str) -> None:
    standards = [{"catalogue": catalogue, "control": control}]
    findings = list(standard_findings(register(mitigation(standards=standards))))
    assert [words in finding.remedy for finding in findings] == ([True] if words else [])
    assert all(finding.severity == "warning" for finding in findings)
