"""What `check` found, for programs: JSON, and annotations of a workflow's log."""

import json
import posixpath

from reassay.register.finding import Finding, Severity, inert
from reassay.register.register import Register
from reassay.register.views.documents import check_document
from reassay.register.views.summary import sentence


def as_json(register: Register) -> str:
    """`reassay/check/v1`."""
    return json.dumps(check_document(register), indent=2, ensure_ascii=False) + "\n"


def as_annotations(register: Register, root: str) -> str:
    """One workflow command per finding and one sentence; `root` is the checkout, seen from the workspace."""
    lines = [_annotation(each, root) for each in register.findings]
    return "\n".join([*lines, sentence(register)]) + "\n"


def _annotation(finding: Finding, root: str) -> str:
    path = posixpath.normpath(posixpath.join(root, finding.at.path))
    level = "error" if finding.severity is Severity.ERROR else "warning"
    title = f"reassay: {finding.code}"
    place = f"file={_property(path)},line={finding.at.line},col={finding.at.column},title={_property(title)}"
    return f"::{level} {place}::{_data(f'{finding.message}. {finding.remedy}')}"


def _data(text: str) -> str:
    """The text of a command. A line end would begin a new command."""
    return inert(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property of a command, in which `:` and `,` have a meaning, too."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
