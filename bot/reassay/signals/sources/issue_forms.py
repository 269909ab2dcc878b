"""Answers in the body of an issue that was filed with a form: GitHub writes each as a heading and the text below it.

https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

FormField = Literal[
    "severity", "kind", "occurred_at", "first_seen_at", "resolved_at", "mitigations", "deployment", "root_cause"
]
HEADINGS: Final[Mapping[str, FormField]] = {
    "severity": "severity",
    "kind": "kind",
    "occurred at": "occurred_at",
    "first seen at": "first_seen_at",
    "resolved at": "resolved_at",
    "mitigation": "mitigations",
    "mitigations": "mitigations",
    "deployment": "deployment",
    "root cause": "root_cause",
}
"""Labels of the questions that are read, in small letters. The forms of `reassay init` have these; other forms may use them."""
NO_ANSWER: Final = frozenset({"_no response_", "none", "n/a", "unknown", "-"})
"""GitHub's words for a question that was left open, and what people write for the same."""
_HEADING: Final = re.compile(r"#{2,4}[ \t]+(.+?)[ \t]*#*")
_FENCE: Final = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")


def form_answers(body: str) -> Mapping[FormField, tuple[str, ...]]:
    """The answers by field, in order; without those that were left open.

    Several answers to one question mean that somebody wrote its heading into another answer. Which of them the form gave is
    unknown then.
    """
    answers: dict[FormField, list[str]] = {}
    field: FormField | None = None
    text: list[str] = []
    fence = ""
    for line in [*body.splitlines(), "### "]:
        fence = _fence_after(line, fence)
        heading = None if fence else _heading(line)
        if heading is None:
            text.append(line)
            continue
        answer = "\n".join(text).strip()
        if field is not None and answer and answer.lower() not in NO_ANSWER:
            answers.setdefault(field, []).append(answer)
        field, text = HEADINGS.get(heading.lower()), []
    return {name: tuple(given) for name, given in answers.items()}


def _heading(line: str) -> str | None:
    """The text of a heading; None for any other line. The last one closes the last answer."""
    match = _HEADING.fullmatch(line)
    return match[1] if match else "" if line == "### " else None


def _fence_after(line: str, fence: str) -> str:
    """The code fence that is open after a line; empty if none is."""
    match = _FENCE.match(line)
    if not match:
        return fence
    if not fence:
        return match[1]
    closes = match[1][0] == fence[0] and len(match[1]) >= len(fence) and not line.strip().strip(fence[0])
    return "" if closes else fence
