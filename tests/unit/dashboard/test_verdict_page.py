"""The explain view of a verdict: what is missing, by whom, what if; and its page, whoever wrote the words."""

import re

import pytest

from reassay.dashboard.site import Site
from reassay.dashboard.values import Dashboard
from reassay.dashboard.verdict_values import DashboardVerdict, WhatIf
from reassay.dashboard.views.site_environment import coded
from reassay.dashboard.views.verdict_pages import verdict_page
from tests.unit.dashboard.sample import hostile, sample
from tests.unit.dashboard.sample_values import AT
from tests.unit.dashboard.verdict_sample import blocked, with_verdict


def page(dashboard: Dashboard, path: str) -> str:
    file = Site(dashboard, has_pictures=False).file(path)
    assert file is not None
    return file.content.decode()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_it_says_what_is_missing_and_who_can_give_it() -> None:
    verdict = blocked()
    assert (verdict.pull, verdict.base, verdict.conclusion) == (7, "main", "failure")
    assert verdict.why == "6 rows need an answer or a sign-off"
    assert [(step.people, [action.command.split(" ")[:3] for action in step.actions]) for step in verdict.steps] == [
        (("safety-lead",), [["/reassay", "answer", "1"], ["/reassay", "signoff", "2"]]),
        (("release-manager", "external"), [["/reassay", "signoff", "3"]]),
    ]
    assert {rule.name for rule in verdict.rules} >= {
        "mergeable",
        "readable",
        "ledger",
        "hold",
        "decided-before",
        "signed",
    }
    assert [(row.number, row.role, row.needed, row.people, row.is_signed) for row in verdict.rows[:3]] == [
        (1, "safety-lead", 1, ("safety-lead",), False),
        (2, "reviewers", 1, ("safety-lead",), False),
        (3, "board", 2, ("release-manager", "external"), False),
    ]
    assert "red-team-lead" not in {login for row in verdict.rows for login in row.people}, "they are the author"


def test_what_if_of_every_group_says_that_a_person_counts_once() -> None:
    groups = {frozenset(own.people): own for own in blocked().what_if}
    assert len(groups) == 7
    alone = groups[frozenset({"safety-lead"})]
    assert (alone.answered, alone.signed, alone.in_one_role) == ((1, 4), (1, 4), ("safety-lead",))
    assert all(own.conclusion == "failure" for own in groups.values()), "nobody but the author is left to review"
    assert groups[frozenset({"external"})].signed == (), "steps are taken in order"


def test_the_page_has_every_part_below_an_address_of_its_own() -> None:
    html = page(with_verdict(), "verdicts/pull-7.html")
    for part in ("next", "what-if", "rows", "rules", "changes", "row-6", "what-if-0-2", "next-1", "other-rules"):
        assert f'id="{part}"' in html, part
    text = words(html)
    assert "Not even all of them are enough. Missing even then: Row 2, mitigation filter" in text
    assert "Nothing was recorded, and nobody was asked." in text
    assert text.index("What is missing") < text.index("What if") < text.index("Rows to sign off") < text.index("Rules")
    assert "style=" not in html
    assert not re.search(r"<script(?! src=)", html)


def test_the_smallest_groups_that_are_enough_are_named() -> None:
    ways = (("a",), ("b",), ("c",), ("a", "b"), ("a", "c"), ("b", "c"), ("a", "b", "c"))
    enough = {("a", "b"), ("b", "c"), ("a", "b", "c")}
    groups = tuple(WhatIf(people=own, conclusion="success" if own in enough else "failure") for own in ways)
    verdict = DashboardVerdict(
        name="pull-1", title="x", head="a", conclusion="failure", judged_at=AT, rules=(), rows=(), what_if=groups
    )
    shown = verdict_page(verdict)
    assert [row.what_if.people for row in shown.enough] == [("a", "b"), ("b", "c")]
    assert (shown.people, shown.is_complete) == (("a", "b", "c"), True)
    html = page(sample().model_copy(update={"verdicts": (verdict,)}), "verdicts/pull-1.html")
    assert "Enough: @a, then @b; or @b, then @c." in words(html)


def test_people_who_are_too_many_cannot_be_chosen_one_by_one() -> None:
    people = ("a", "b", "c")
    groups = tuple(WhatIf(people=own, conclusion="failure") for own in (*((login,) for login in people), people))
    verdict = blocked().model_copy(update={"what_if": groups, "not_alone": ("d",)})
    html = page(sample().model_copy(update={"verdicts": (verdict,)}), "verdicts/pull-7.html")
    assert 'type="checkbox"' not in html
    assert "The effect of one person alone was not computed for @d." in words(html)


def test_hostile_words_are_shown_and_are_nothing_else() -> None:
    dashboard = hostile()
    for path in Site(dashboard, has_pictures=False).paths():
        if path.startswith("verdicts/"):
            html = page(dashboard, path)
            assert not re.search(r"<img|<style|<script(?! src=)|href=.javascript|onmouseover=.?alert\(1\)(?!.*&)", html)
            assert "\u202e" not in html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("row 1, `a <b>`: missing", "row 1, <code>a &lt;b&gt;</code>: missing"),
        ("one ` alone <i>", "one ` alone &lt;i&gt;"),
        ("`a` and `b`", "<code>a</code> and <code>b</code>"),
    ],
)
def test_names_between_backticks_are_code(text: str, html: str) -> None:
    assert str(coded(text)) == html
