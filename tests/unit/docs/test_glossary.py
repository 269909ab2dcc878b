"""The glossary has every word of the project's own, once, in order; a page that uses one links its first use."""

import re

import pytest

from docs.link_words import linked
from tests.unit.docs.page_commands import FENCE, PAGES, ROOT

PAGE = (ROOT / "docs" / "explanation" / "glossary.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| \*\*([^*]+)\*\*[^|]* \| (.+) \|$", PAGE, re.MULTILINE)
OWN_WORDS = {
    "anchor": r"anchors?",
    "attested": r"attested",
    "basis": r"basis",
    "blind": r"blind(?! spots?)",
    "cell": r"cells?",
    "episode": r"episodes?",
    "evidence number": r"evidence number",
    "paced": r"paced",
    "requirement": r"requirements?",
    "sweep": r"sweeps?",
    "unreadable": r"unreadable",
}
"""Words that mean something else elsewhere, or nothing. A page links the first use of each to the glossary, or to what explains it."""
OTHER_SENSE = {("docs/how-to/bring-a-spreadsheet.md", "cell")}
"""Pages that use a word as everybody does: cells of a spreadsheet."""
READ_ALONE = sorted(
    page for page in PAGES if re.match(r"docs/(explanation|how-to|tutorial)/", page) and "glossary" not in page
)


@pytest.mark.parametrize("page", READ_ALONE)
def test_the_first_use_of_a_word_of_our_own_is_a_link(page: str) -> None:
    text = PAGES[page].read_text(encoding="utf-8")
    use = first_unlinked_use(text, page)
    assert use is None or text[max(0, use[0] - 40) : use[1] + 20] == "", (
        "run `python docs/link_words.py`, and look at the difference"
    )


def first_unlinked_use(text: str, page: str) -> tuple[int, int] | None:
    """Where a word stands, outside of headings, code, pictures and addresses, whose first use should be a link and is none."""
    plain = _sentences(text)
    links = [link.span() for link in re.finditer(r"\[[^\]\n]+\](?=\()", plain)]
    for word, pattern in OWN_WORDS.items():
        first = re.search(rf"(?<![\w-])(?:{pattern})(?![\w-])", plain, re.IGNORECASE)
        if first and (page, word) not in OTHER_SENSE and not any(start <= first.start() < end for start, end in links):
            return first.span()
    return None


def _sentences(text: str) -> str:
    """The text with everything else blanked, at the same places."""
    text = FENCE.sub(_blank, text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)|(?<!`)`[^`\n]+`(?!`)|^#.*$", _blank, text, flags=re.MULTILINE)
    return re.sub(r"(?<=\]\()[^)]*(?=\))", _blank, text)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "\0", match[0])


def test_a_page_without_links_gets_them_at_the_first_use_alone() -> None:
    text = "# Sweep\n\nRun `sweep`. A sweep reads each cell; [x](sweep.md) a sweep is blind, never [paced](g.md).\n\n```\ncell\n```\n"
    after = linked(text, "docs/how-to/x.md", "G")
    assert after == text.replace("A sweep", "A [sweep](G)").replace("each cell", "each [cell](G)").replace(
        "is blind", "is [blind](G)"
    )


def test_every_word_has_one_row_in_alphabetical_order() -> None:
    words = [word for word, _ in ROWS]
    assert set(OWN_WORDS) <= set(words)
    assert {word for _, word in OTHER_SENSE} <= set(OWN_WORDS)
    assert words == sorted(words, key=str.lower), "sort the rows"
    assert {word for word in words if words.count(word) > 1} <= {"anchor"}
    assert all(meaning.rstrip().endswith((".", ")")) for _, meaning in ROWS)
