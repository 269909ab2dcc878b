"""Slash commands over the wire: who, when, once, and what the answer says."""

import pytest

from tests.lab import STARTER, Lab


@pytest.fixture
def opened(lab: Lab) -> Lab:
    lab.fine()
    return lab


def number(lab: Lab, word: str = "filter") -> int:
    return next(issue.number for issue in lab.repo.issues() if word in issue.title)


def last(lab: Lab, issue: int) -> str:
    return str(lab.repo.issue(issue).comments[-1].body)


def reactions(lab: Lab, issue: int, comment: int) -> set[str]:
    found = next(each for each in lab.repo.issue(issue).comments if each.id == comment)
    return {reaction.content for reaction in found.reactions}


def test_help_lists_every_command_once(opened: Lab) -> None:
    comment = opened.say("auditor", 1, "/reassay help")
    opened.fine()
    assert "| `/reassay conclude ineffective\\|degraded\\|inconclusive\\|effective" in last(opened, 1)
    assert reactions(opened, 1, comment) == {"+1"}
    with opened.box.readonly():
        opened.fine()


def test_explain_says_why_what_would_settle_it_and_who_can(opened: Lab) -> None:
    issue = number(opened, "Staff")
    opened.say("auditor", issue, "/reassay explain")
    opened.fine()
    for words in (
        "is open, due Tue 15 Dec 2026",
        "It was never assessed",
        "@safety-lead comments: `/reassay conclude",
        "*self-assessed*",
    ):
        assert words in last(opened, issue)


def test_a_stranger_may_not_conclude_and_is_told_who_may(opened: Lab) -> None:
    issue = number(opened)
    comment = opened.say("auditor", issue, "/reassay conclude effective because I say so")
    opened.fine()
    assert "Nothing was recorded" in last(opened, issue)
    assert "only red-team-lead can conclude this" in last(opened, issue)
    assert reactions(opened, issue, comment) == {"confused"}
    assert opened.repo.issue(issue).state == "open"


def test_the_owner_alone_is_stamped_self_assessed(opened: Lab) -> None:
    issue = number(opened, "Staff")
    opened.say("safety-lead", issue, "/reassay conclude effective because 118 of 120 finished")
    opened.fine()
    assert "**self-assessed**" in last(opened, issue)


def test_degraded_needs_a_follow_up_and_shows_it(opened: Lab) -> None:
    issue = number(opened)
    opened.say("red-team-lead", issue, "/reassay conclude degraded because a family gets through")
    opened.fine()
    assert "`degraded` needs a follow-up with a date" in last(opened, issue)
    opened.say(
        "red-team-lead",
        issue,
        "/reassay conclude degraded follow-up 2027-01-15 retrain the filter because a family gets through",
    )
    opened.fine()
    assert "| Follow-up | retrain the filter, by Fri 15 Jan 2027 |" in last(opened, issue)
    assert opened.repo.issue(issue).state == "closed"


def test_inconclusive_opens_another_with_the_same_due_date(opened: Lab) -> None:
    issue = number(opened)
    opened.say("red-team-lead", issue, "/reassay conclude inconclusive because too few runs")
    opened.fine()
    assert "an inconclusive decision moves no date" in last(opened, issue)
    again = [each for each in opened.repo.issues() if "filter" in each.title and each.state == "open"]
    assert len(again) == 1
    assert "due Fri 11 Dec 2026" in again[0].title


def test_several_commands_in_one_comment_are_done_in_order(opened: Lab) -> None:
    issue = number(opened)
    opened.say(
        "red-team-lead",
        issue,
        "Done.\n\n/reassay conclude effective because fine\n\n/reassay explain\n\n/reassay conclude ineffective withdraw because no",
    )
    opened.fine()
    bodies = [comment.body for comment in opened.repo.issue(issue).comments]
    assert any("R-2026-00" in body and "is already decided" in body for body in bodies)
    assert any("Nothing more is needed" in body for body in bodies)
    assert sum("**R-2026-00" in body and ": effective (attested" in body for body in bodies) == 1


def test_a_typing_error_is_answered_with_what_was_meant(opened: Lab) -> None:
    comment = opened.say("red-team-lead", 1, "/reassay conclud effective")
    opened.fine()
    assert "Did you mean `conclude`?" in last(opened, 1)
    assert reactions(opened, 1, comment) == {"confused"}


@pytest.mark.long
def test_pitfall_2_a_comment_edited_into_a_command_has_no_effect(opened: Lab) -> None:
    issue = number(opened)
    comment = opened.say("red-team-lead", issue, "Looks fine to me.")
    opened.fine()
    opened.repo.edit_comment_as("auditor", issue, comment, "/reassay conclude effective")
    opened.fine()
    assert opened.repo.issue(issue).state == "open"
    assert "was edited by" in last(opened, issue)
    assert "auditor" in last(opened, issue)
    with opened.box.readonly():
        opened.fine()


@pytest.mark.long
def test_editing_or_deleting_a_command_afterwards_changes_nothing(opened: Lab) -> None:
    issue = number(opened)
    comment = opened.say("red-team-lead", issue, "/reassay conclude effective because fine")
    opened.fine()
    opened.repo.edit_comment_as("red-team-lead", issue, comment, "/reassay conclude ineffective withdraw")
    opened.fine()
    opened.repo.delete_comment_as("red-team-lead", issue, comment)
    report = opened.fine()
    cell = next(cell for cell in report.cells if cell.subject == "jailbreak-filter")
    assert cell.effectiveness == "effective"
    assert opened.repo.issue(issue).state == "closed"


@pytest.mark.long
def test_pitfall_12_a_marker_of_ours_in_somebody_elses_comment_is_text(opened: Lab) -> None:
    issue = number(opened)
    comment = opened.say("red-team-lead", issue, "/reassay help")
    opened.say("auditor", issue, f"<!-- reassay:comment reply-{comment}-0 -->\nThere is no help.")
    opened.fine()
    assert "| command | who | what it does |" in last(opened, issue)


@pytest.mark.long
def test_pitfall_12_our_section_copied_to_another_issue_is_not_ours(opened: Lab) -> None:
    body = opened.repo.issue(1).body
    opened.repo.open_issue_as("auditor", "A copy", body)
    before = len(opened.repo.issues())
    with opened.box.readonly():
        opened.fine()
    assert len(opened.repo.issues()) == before


@pytest.mark.long
def test_pitfall_16_commands_in_quotes_and_code_do_nothing(opened: Lab) -> None:
    issue = number(opened)
    for text in (
        "> /reassay conclude effective",
        "Write this:\n```\n/reassay conclude effective\n```",
        "<!-- /reassay conclude effective -->",
    ):
        opened.say("red-team-lead", issue, text)
    with opened.box.readonly():
        opened.fine()
    # A comment that is nothing else was meant: it is answered, and still not executed.
    opened.say("red-team-lead", issue, "```\n/reassay conclude effective\n```")
    opened.fine()
    assert "was not read as a command, because it is marked as code" in last(opened, issue)
    with opened.box.readonly():
        opened.fine()


@pytest.mark.long
def test_a_bots_command_is_ignored(opened: Lab) -> None:
    opened.box.add_bot("helper")
    opened.say("helper[bot]", 1, "/reassay conclude effective")
    with opened.box.readonly():
        opened.fine()


@pytest.mark.long
def test_a_command_where_there_is_no_reassessment_is_answered(opened: Lab) -> None:
    issue = opened.repo.open_issue_as("auditor", "A question", "How does this work?")
    opened.say("auditor", issue, "/reassay explain")
    opened.fine(issue=issue)
    assert "this issue is not a re-assessment" in last(opened, issue)


@pytest.mark.long
def test_talk_is_limited_per_person(opened: Lab) -> None:
    for _ in range(13):
        opened.say("auditor", 1, "/reassay help")
    opened.fine()
    answers = [comment for comment in opened.repo.issue(1).comments if "| command | who" in comment.body]
    assert len(answers) == 10
    with opened.box.readonly():
        opened.fine()


@pytest.mark.long
def test_more_than_a_page_of_comments_is_read_to_the_end(opened: Lab) -> None:
    issue = number(opened)
    for index in range(130):
        opened.say("auditor", issue, f"note {index}")
    opened.say("red-team-lead", issue, "/reassay conclude effective because all notes are read")
    opened.fine()
    assert opened.repo.issue(issue).state == "closed"


@pytest.mark.long
def test_a_conclusion_of_what_was_removed_is_refused(opened: Lab) -> None:
    issue = number(opened)
    opened.register(STARTER.replace(b"owner: safety-lead\n", b"ownr: safety-lead\n", 1))
    opened.say("red-team-lead", issue, "/reassay conclude effective because fine")
    opened.fine()
    assert "has an error, so nobody can do this now" in last(opened, issue)


@pytest.mark.long
def test_free_text_in_a_reason_is_inert_in_the_record(opened: Lab) -> None:
    issue = number(opened)
    opened.say("red-team-lead", issue, "/reassay conclude effective because @auditor said <b>so</b> | in #1")
    opened.fine()
    assert "@auditor" not in last(opened, issue)
    assert "\\<b\\>so" in last(opened, issue)


@pytest.mark.long
def test_a_comment_full_of_commands_gets_a_few_answers(opened: Lab) -> None:
    opened.say("auditor", 1, "/reassay explode\n" * 3000)
    opened.fine()
    comments = opened.repo.issue(1).comments
    assert len(comments) == 2
    assert comments[-1].body.count("| `/reassay explode` |") == 50
    assert "3000 commands, and only the first 50 are read" in comments[-1].body
