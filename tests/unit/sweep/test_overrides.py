import pytest

from reassay.common.inert import JOINER
from reassay.sweep.overrides import HEADING, read_overrides

VALUES = {
    "title": "<b>The filter</b>",
    "driver": "x",
    "due": "y",
    "mitigation": "m",
    "reassessment": "R",
    "timezone": "UTC",
    "deciders": "d",
    "depth": "light",
}


def test_a_repositorys_own_words_are_a_quotation_with_inert_values() -> None:
    overrides = read_overrides({".github/reassay/reminder.md": b"Please look at **{{ title }}** by {{due}}."})
    assert overrides.findings == ()
    quoted = f"> Please look at **\\<{JOINER}b\\>The filter\\<{JOINER}/b\\>** by y."
    assert overrides.block("reminder", VALUES) == f"{HEADING}\n\n{quoted}"
    assert overrides.below("reminder", VALUES, "default") == f"default\n\n{HEADING}\n\n{quoted}"
    assert overrides.below("record", VALUES, "default") == "default"
    assert overrides.block("record", VALUES) == ""


@pytest.mark.parametrize(
    ("path", "data", "code", "line"),
    [
        ("reminder.md", b"fine\n{{ titel }}", "unknown-template-name", 2),
        ("reminder.md", b"{% for x in y %}", "template-logic", 1),
        ("reminder.md", b"{# note #}", "template-logic", 1),
        ("reminder.md", b"<!-- reassay:end -->", "template-marker", 1),
        ("reminders.md", b"", "unknown-template-block", 1),
        ("reminder.md", b"\xff", "not-utf-8", 1),
        ("reminder.md", b"x" * 20_001, "template-too-large", 1),
    ],
)
def test_a_refused_override_is_a_finding_and_the_default_is_used(path: str, data: bytes, code: str, line: int) -> None:
    overrides = read_overrides({f".github/reassay/{path}": data})
    assert [(finding.code, finding.at.line) for finding in overrides.findings] == [(code, line)]
    assert overrides.below("reminder", VALUES, "default") == "default"
    assert "default text" in overrides.findings[0].remedy


@pytest.mark.parametrize("attack", ["{{ ''.__class__ }}", "{{ title.__init__ }}", "{{ 7*7 }}", "{{title|safe}}"])
def test_template_injection_is_only_text(attack: str) -> None:
    overrides = read_overrides({".github/reassay/reminder.md": attack.encode()})
    assert overrides.block("reminder", VALUES) in {f"{HEADING}\n\n> {attack}", ""}


def test_a_template_that_is_a_link_is_a_finding() -> None:
    overrides = read_overrides({}, links=[".github/reassay/record.md"])
    assert [finding.code for finding in overrides.findings] == ["template-link"]
    assert overrides.blocks == {}
