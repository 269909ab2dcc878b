"""Which events of a workflow need a sweep."""

import pytest

from reassay.cli.workflow_event import WorkflowEvent, why_nothing


def event(name: str, comment: str | None = None) -> WorkflowEvent:
    return WorkflowEvent(name, "example-lab/framework", "safety-lead", 1, issue=1, comment=comment)


@pytest.mark.parametrize(
    "comment", ["/reassay explain", "  \u00a0/reassay\texplain", "- /reassay explain", "@reassay explain", "/re-assess"]
)
def test_a_comment_that_may_need_an_answer_starts_a_sweep(comment: str) -> None:
    assert why_nothing(event("issue_comment", comment)) is None


@pytest.mark.parametrize(
    "comment", ["Thanks!", "> /reassay explain", "On 1 Dec 2026 at 10:00 X <x@y> wrote:\n/reassay explain"]
)
def test_talk_and_quotes_start_none(comment: str) -> None:
    assert why_nothing(event("issue_comment", comment)) == "the comment has no command"


def test_a_review_starts_no_run_of_files_that_a_pull_request_brings() -> None:
    assert "the next sweep hears commands in reviews" in (why_nothing(event("pull_request_review")) or "")
