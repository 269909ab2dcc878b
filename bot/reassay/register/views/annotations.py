"""Check findings as JSON text and as annotations of a workflow log."""

import json
import posixpath
from collections.abc import Mapping, Sequence

from reassay.register.finding import Finding, FindingSeverity, inert
from reassay.register.register import Register
from reassay.register.views.documents import check_document
from reassay.register.views.repeated_keys import once_a_key
from reassay.register.views.summary import register_summary


def as_json(register: Register, criteria: Sequence[Mapping[str, object]] = ()) -> str:
    """The document `reassay/check/v1` as text; `criteria` is what each criterion needs."""
    return json.dumps(check_document(register, criteria), indent=2, ensure_ascii=False) + "\n"


def as_annotations(register: Register, root: str) -> str:
    """One workflow command per finding, one in all for an unknown key, then the totals.

    `root` is the path of the checkout in the workspace.

    https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
    """
    lines = [_annotation(finding, root) for finding in once_a_key(register.findings)]
    return "\n".join([*lines, register_summary(register)]) + "\n"


def _annotation(finding: Finding, root: str) -> str:
    path = posixpath.normpath(posixpath.join(root, finding.at.path))
    level = "error" if finding.severity is FindingSeverity.ERROR else "warning"
    title = f"reassay: {finding.code}"
    place = f"file={_property(path)},line={finding.at.line},col={finding.at.column},title={_property(title)}"
    return f"::{level} {place}::{_data(f'{finding.message}. {finding.remedy}')}"


def _data(text: str) -> str:
    """The escaped text of a workflow command."""
    return inert(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """The escaped value of a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
