"""The text of the dashboard: whole, empty, and of a register so large that it is summarised."""

from datetime import date

import pytest

from reassay.sweep.dashboard_content import DashboardContent, DashboardTask
from reassay.sweep.views.dashboard import SECTION_LIMIT, dashboard_text
from tests.golden import same_as_golden

RED, BOTH = ("red-team-lead",), ("red-team-lead", "evaluations-lead")
TASKS = (
    DashboardTask(
        "fix the register: it is not watched", "mitigation jailbreak-filter", ("safety-lead",), 12, rank=0,
        state="'evry' is not expected here (framework/mitigations.yml:4). Did you mean 'every'?",
    ),
    DashboardTask("", "framework/new.yml:3", state="'owner' is missing. Add `owner: <login>`", rank=1),
    DashboardTask(
        "carry out the order", "Account verification", ("product-lead",), 5, is_late=True, rank=2,
        state="restrict ordered by R-2026-004 on Tue 17 Nov 2026: audio is still offered",
    ),
    DashboardTask(
        "decide", "Detection of exfiltration is drilled", BOTH, 1, date(2026, 11, 26), is_late=True, rank=3,
        cells=("chat-app", "api"), state="degraded (tested)",
    ),
    DashboardTask("verify follow-up", "Bug bounty (R-2026-002 follow-up 1)", RED, 8, date(2026, 12, 3), rank=4),
    DashboardTask("decide before pull request 31 is merged", "Audio filter", BOTH, 9, date(2026, 12, 8), rank=4),
    DashboardTask("no issue is open yet", "Staff training", ("safety-lead",), due=date(2026, 12, 7), rank=5),
    DashboardTask(
        "", "Incident rate of the chat app", RED, due=date(2027, 2, 1), cells=("chat-app",), group="unknown",
        state="nothing was read from the source 'incidents' since Sun 29 Nov 2026",
    ),
    DashboardTask("decide", "Weights are encrypted", BOTH, 10, date(2026, 12, 21), group="month"),
    DashboardTask("", "Pipes | and <b>tags</b> @everyone", RED, due=date(2027, 3, 1), group="later", state="ineffective (tested)"),
    DashboardTask("", "Vendor review", RED, due=date(2025, 1, 1), is_late=True, opens=date(2026, 12, 13), group="queued"),
)  # fmt: skip
FULL = DashboardContent(
    tasks=TASKS, errors=2, unknown=1, current=7, cells=19,
    blind=("nothing was read from the source 'incidents' since Sun 29 Nov 2026",),
    signals=2, triage_by=date(2026, 12, 8), triage_people=BOTH, triage_issue=14, imports=1,
)  # fmt: skip
NOTHING = DashboardContent((), 0, 0, 0, 0, (), 0, None, (), None, 0)


def many(number: int, title: str = "A mitigation with a title of the usual length") -> DashboardContent:
    """A register in which everything is overdue, and each has people of its own."""
    tasks = tuple(
        DashboardTask(
            "decide", f"{title} {index}", (f"person-{index % 300}",), index, date(2026, 11, 1), is_late=True,
            cells=tuple(f"deployment-{cell}" for cell in range(20)), group=("week", "month", "later")[index % 3],
        )
        for index in range(1, number + 1)
    )  # fmt: skip
    return DashboardContent(tasks, 0, 0, 0, number, (), 0, None, (), None, 0)


def test_the_whole_dashboard() -> None:
    same_as_golden("dashboard.md", dashboard_text(FULL))


def test_a_dashboard_where_nothing_is_to_be_done() -> None:
    same_as_golden("dashboard-empty.md", dashboard_text(NOTHING))


@pytest.mark.slow
def test_a_thousand_mitigations_fit_and_what_is_not_listed_is_counted() -> None:
    for content in (many(1_000), many(1_000, "*_[]|<>`" * 40), many(20_000)):
        text = dashboard_text(content)
        assert 0 < len(text) <= SECTION_LIMIT
        assert f"{content.overdue} overdue" in text
        assert " more" in text


def test_every_task_of_a_small_register_is_listed_once() -> None:
    text = dashboard_text(FULL)
    for task in TASKS:
        if task.issue is not None:
            assert text.count(f"../issues/{task.issue})") == 1, task


def test_what_waits_to_be_opened_is_never_silent() -> None:
    late = DashboardTask(
        "", "Vendor review", RED, due=date(2025, 1, 1), is_late=True, opens=date(2026, 12, 13), group="queued"
    )
    never = DashboardTask("", "Drill", RED, opens=date(2026, 12, 13), group="queued")
    first = dashboard_text(DashboardContent((late,), 0, 0, 0, 1, (), 0, None, (), None, 0))
    assert "Nobody has to do anything" not in first
    assert "1 overdue" in first
    assert "1 not opened yet" in first
    assert "this week.** 1 not opened yet." in dashboard_text(
        DashboardContent((never,), 0, 0, 0, 1, (), 0, None, (), None, 0)
    )
