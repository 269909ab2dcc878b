"""The page of questions and answers: short answers, each with a link to where the whole answer is."""

import re

from tests.unit.docs.page_commands import PAGES

TEXT = PAGES["docs/explanation/faq.md"].read_text(encoding="utf-8")
ANSWERS = dict(re.findall(r"^### ([^\n]+)\n\n(.*?)(?=\n##|\Z)", TEXT, re.MULTILINE | re.DOTALL))


def sentences(answer: str) -> int:
    """Full stops that end one: not those of `...`, 2.0 and addresses."""
    plain = re.sub(r"`[^`]+`|\]\([^)]*\)", "x", answer)
    return len(re.findall(r"[.?!](?=\s|$)", plain))


def test_answers_are_short_and_lead_to_the_whole_answer() -> None:
    assert len(ANSWERS) >= 20
    assert all(question.rstrip("?") != question for question in ANSWERS)
    assert {
        question: sentences(answer) for question, answer in ANSWERS.items() if not 2 <= sentences(answer) <= 6
    } == {}
    assert [question for question, answer in ANSWERS.items() if "](" not in answer] == []


def test_each_of_the_four_groups_has_questions() -> None:
    groups = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
    assert list(groups) == ["Safety leads", "Engineers", "Auditors", "Operators"]
    assert all(text.count("\n### ") >= 5 for text in groups.values())
