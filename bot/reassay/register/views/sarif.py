"""Check findings as SARIF 2.1.0, for code-scanning pages and editors (https://docs.oasis-open.org/sarif/sarif/v2.1.0)."""

import hashlib
import json
import posixpath
from urllib.parse import quote

from reassay import __version__
from reassay.register.finding import Finding, FindingSeverity, inert
from reassay.register.register import Register

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(register: Register, root: str) -> str:
    """A SARIF text with one run and one result per finding. `root` is the path of the checkout in the workspace."""
    codes = sorted({finding.code for finding in register.findings})
    driver = {
        "name": "reassay",
        "semanticVersion": __version__,
        "rules": [{"id": code, "shortDescription": {"text": code.replace("-", " ")}} for code in codes],
    }
    results = [_result(finding, codes.index(finding.code), root) for finding in register.findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _result(finding: Finding, rule: int, root: str) -> dict[str, object]:
    path = posixpath.normpath(posixpath.join(root, inert(finding.at.path)))
    region = {"startLine": finding.at.line, "startColumn": finding.at.column}
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": "error" if finding.severity is FindingSeverity.ERROR else "warning",
        "message": {"text": f"{finding.message}. {finding.remedy}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": quote(path)}, "region": region}}],
        "partialFingerprints": {"reassay/v1": _fingerprint(finding)},
    }


def _fingerprint(finding: Finding) -> str:
    """The identity of a finding, independent of its line."""
    return hashlib.sha256(f"{finding.code}\0{finding.at.path}\0{finding.message}".encode()).hexdigest()
