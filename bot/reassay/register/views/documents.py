"""What `check` found, as a document for programs."""

from reassay.register.finding import Finding, Severity, inert
from reassay.register.register import LISTS, Register


def check_document(register: Register) -> dict[str, object]:
    """`reassay/check/v1`."""
    return {
        "schema": "reassay/check/v1",
        "findings": [_finding(each) for each in register.findings],
        "summary": counts(register),
    }


def counts(register: Register) -> dict[str, int]:
    """Findings by severity, files with findings, and objects that are fine."""
    errors = len(register.errors)
    return {
        "errors": errors,
        "warnings": sum(each.severity is Severity.WARNING for each in register.findings),
        "files": len({each.at.path for each in register.findings}),
        **{key: len(register.objects(kind)) for key, kind in LISTS.items()},
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "path": inert(finding.at.path),
        "line": finding.at.line,
        "column": finding.at.column,
        "code": finding.code,
        "message": finding.message,
        "remedy": finding.remedy,
        "severity": str(finding.severity),
    }
