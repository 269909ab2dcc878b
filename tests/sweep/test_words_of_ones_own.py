"""A repository's own words: replaced block by block, and refused with a finding where they cannot be used."""

from reassay.sweep.views.report import as_text
from tests.lab import STARTER, Lab


def test_a_block_is_replaced_in_issues(lab: Lab) -> None:
    lab.repo.commit(
        {".github/reassay/issue-introduction.md": b"Ask the **safety desk** about {{title}}."}, author="safety-lead"
    )
    lab.fine()
    assert "Ask the **safety desk** about Input filter blocks known jailbreak families." in lab.repo.issue(1).body
    with lab.box.readonly():
        lab.fine()


def test_a_refused_block_is_reported_with_its_line_and_the_default_stays(lab: Lab) -> None:
    lab.repo.commit({".github/reassay/issue-how-to-go-on.md": b"fine\n{{ titel }}"}, author="safety-lead")
    report = lab.fine()
    assert ".github/reassay/issue-how-to-go-on.md:2: 'titel' is not a placeholder. Did you mean 'title'?" in as_text(
        report
    )
    assert "How to decide" in lab.repo.issue(1).body


def test_own_words_are_never_a_template(lab: Lab) -> None:
    hostile = STARTER.replace(b"Input filter blocks known jailbreak families", b"'{{ driver }} {{ 7*7 }}'")
    lab.repo.commit(
        {".github/reassay/issue-introduction.md": b"About {{title}}.", "framework/mitigations.yml": hostile},
        author="safety-lead",
    )
    lab.fine()
    lab.box.complaints.clear()  # braces of a hostile title look like a template's left-overs
    assert "About \\{\\{ driver \\}\\} \\{\\{ 7\\*7 \\}\\}." in lab.repo.issue(1).body
