from hypothesis import given
from hypothesis import strategies as st

from reassay.github.section import LIMIT, Section, key_of, keyed, merge, nonces, same

SECTION = Section(
    "R-2026-001",
    "ab" * 16,
    "Hello\n\n- [ ] **1.** Scope? <!-- item:scope -->\n- [ ] **2.** Changes? <!-- item:changes -->",
)
WHOLE = SECTION.within(LIMIT)


def test_what_people_wrote_around_the_section_is_kept() -> None:
    body = f"Before.\n{WHOLE}\nAfter, with <!-- a comment --> of theirs."
    changed = merge(body, Section("R-2026-001", "ab" * 16, "Other words"))
    assert changed.startswith("Before.\n")
    assert changed.endswith("\nAfter, with <!-- a comment --> of theirs.")
    assert "Other words" in changed
    assert "Hello" not in changed


def test_ticked_boxes_survive_by_id_even_when_reworded_and_reordered() -> None:
    ticked = WHOLE.replace("- [ ] **2.**", "- [x] **2.**")
    text = "- [ ] **1.** What changed? <!-- item:changes -->\n- [ ] **2.** Scope? <!-- item:scope -->"
    changed = merge(ticked, Section("R-2026-001", "ab" * 16, text))
    assert "- [x] **1.** What changed? <!-- item:changes -->" in changed
    assert "- [ ] **2.** Scope? <!-- item:scope -->" in changed


def test_pitfall_4_a_deleted_question_comes_back() -> None:
    without = WHOLE.replace("- [ ] **1.** Scope? <!-- item:scope -->\n", "")
    assert "Scope?" in merge(without, SECTION)


def test_a_lost_marker_loses_nothing_people_wrote() -> None:
    for damaged in (WHOLE.replace("<!-- reassay:end -->", ""), "only people's words", ""):
        changed = merge(f"{damaged}\nnotes", SECTION)
        assert changed.startswith("<!-- reassay:begin R-2026-001")
        assert changed.endswith("notes")
        assert same(merge(changed, SECTION), changed)


def test_line_ends_of_the_web_editor_are_no_difference() -> None:
    crlf = f"Mine\n{WHOLE}\n".replace("\n", "\r\n")
    assert same(merge(crlf, SECTION), crlf)


def test_a_body_never_exceeds_what_github_accepts() -> None:
    people = "x" * 60_000
    big = Section("R-2026-001", "ab" * 16, "line\n" * 10_000)
    changed = merge(f"{WHOLE}\n{people}", big)
    assert len(changed) <= LIMIT
    assert changed.endswith(people)
    assert "does not fit" in changed


@given(st.text(max_size=300), st.text(max_size=300))
def test_merging_twice_is_merging_once(before: str, after: str) -> None:
    once = merge(f"{before}{WHOLE}{after}", SECTION)
    assert merge(once, SECTION) == once


def test_nonces_and_keys_are_read_back() -> None:
    assert nonces(WHOLE + WHOLE) == ("ab" * 16, "ab" * 16)
    assert key_of(keyed("reply-12-0", "text")) == "reply-12-0"
    assert key_of("> <!-- reassay:comment reply-12-0 -->") is None
