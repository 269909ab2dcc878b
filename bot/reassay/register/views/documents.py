"""Check findings as a JSON document."""

from collections.abc import Mapping, Sequence

from reassay.register.finding import Finding, FindingSeverity, inert
from reassay.register.register import LISTS, Register


def check_document(register: Register, criteria: Sequence[Mapping[str, object]] = ()) -> dict[str, object]:
    """The document `reassay/check/v1`; `criteria` is what each criterion needs."""
    return {
        "schema": "reassay/check/v1",
        "findings": [_finding(finding) for finding in register.findings],
        "criteria": list(criteria),
        "summary": counts(register),
    }


def counts(register: Register) -> dict[str, int]:
    """The numbers of findings by severity, of files with findings, and of valid objects by kind."""
    errors = len(register.errors)
    return {
        "errors": errors,
        "warnings": sum(finding.severity is FindingSeverity.WARNING for finding in register.findings),
        "files": len({finding.at.path for finding in register.findings}),
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
