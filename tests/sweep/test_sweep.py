"""What a sweep does to a repository, from the first issue to the last reminder."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.lab import STARTER, Lab


def test_the_ten_line_register_gets_one_well_made_issue_each(lab: Lab) -> None:
    report = lab.fine()
    assert sorted(lab.titles()) == [
        "Re-assess Input filter blocks known jailbreak families (light), due Fri 11 Dec 2026",
        "Re-assess Staff finish misuse training (light), due Tue 15 Dec 2026",
    ]
    assert sum(cell.state == "unassessed" for cell in report.cells) == 1
    issue = next(issue for issue in lab.repo.issues() if "filter" in issue.title)
    assert issue.assignees == ("safety-lead",)
    assert issue.labels == ("re-assessment",) or set(issue.labels) == {"re-assessment"}
    for words in (
        "**Decide by Fri 11 Dec 2026, Berlin.** Driver @safety-lead. Waiting on @red-team-lead to assess and conclude.",
        "6 months since the assessment of 2026-06-11 (imported, not verified): due Fri 11 Dec 2026",
        "**Covers** all of it.",
        "/reassay conclude ineffective|degraded|inconclusive|effective because",
        "framework/mitigations.yml:4",
        "recorded without a signature (mode `remind`)",
    ):
        assert words in issue.body, issue.body
    assert issue.body.count("- [ ] ") == 5


def test_the_second_sweep_writes_nothing_and_reads_at_most_thrice(lab: Lab) -> None:
    lab.fine()
    before = len(lab.box.traffic)
    with lab.box.readonly():
        report = lab.fine()
    assert report.done == ()
    api = [exchange for exchange in lab.box.traffic[before:] if exchange.path.startswith("/api/")]
    assert len(api) <= 3


def test_concluding_sets_the_next_due_date_and_closes_with_a_record(lab: Lab) -> None:
    lab.fine()
    number = next(issue.number for issue in lab.repo.issues() if "filter" in issue.title)
    lab.say("red-team-lead", number, "/reassay conclude effective because the new families are blocked")
    report = lab.fine()
    issue = lab.repo.issue(number)
    assert (issue.state, issue.state_reason) == ("closed", "completed")
    record = issue.comments[-1].body
    for words in (
        "**R-2026-001: effective (attested)**",
        "decided by @red-team-lead",
        "| Next due | Tue 1 Jun 2027 |",
        "mode `remind` records decisions without sign-offs",
    ):
        assert words in record, record
    assert "**Decided Tue 1 Dec 2026: effective (attested)**" in issue.body
    cell = next(cell for cell in report.cells if cell.subject == "jailbreak-filter")
    assert (str(cell.state), str(cell.due)) == ("current", "2027-06-01")
    with lab.box.readonly():
        assert lab.fine().done == ()


def test_when_the_clock_moves_the_next_one_opens(lab: Lab) -> None:
    lab.fine()
    number = next(issue.number for issue in lab.repo.issues() if "filter" in issue.title)
    lab.say("red-team-lead", number, "/reassay conclude effective")
    lab.fine()
    lab.box.clock.move_to(datetime(2027, 5, 17, 9, tzinfo=UTC))
    lab.fine()
    assert not any("Tue 1 Jun 2027" in title for title in lab.titles())
    lab.box.clock.move_to(datetime(2027, 5, 18, 9, tzinfo=UTC))
    lab.fine()
    assert "Re-assess Input filter blocks known jailbreak families (light), due Tue 1 Jun 2027" in lab.titles()
    body = next(issue.body for issue in lab.repo.issues() if "1 Jun 2027" in issue.title)
    assert "Nothing changed in the register since R-2026-001." in body


def test_what_changed_since_is_told_field_by_field(lab: Lab) -> None:
    lab.fine()
    lab.say("red-team-lead", 1 if "filter" in lab.repo.issue(1).title else 2, "/reassay conclude effective")
    lab.fine()
    lab.register(STARTER.replace(b"every: 6 months", b"every: 9 months\n    version: 2"))
    lab.fine()
    body = lab.repo.issues()[-1].body
    assert "every 6 months → 9 months" in body
    assert "version added: 2" in body
    assert "Version 2 is in force, R-2026-00" in body


def test_no_longer_due_is_closed_without_a_decision(lab: Lab) -> None:
    lab.fine()
    lab.register(STARTER.replace(b"last_assessed: 2026-06-11", b"last_assessed: 2026-11-30"))
    lab.fine()
    issue = next(issue for issue in lab.repo.issues() if "filter" in issue.title)
    assert (issue.state, issue.state_reason) == ("closed", "not_planned")
    assert "nothing was found effective" in issue.comments[-1].body
    with lab.box.readonly():
        lab.fine()


def test_users_text_and_ticked_boxes_survive(lab: Lab) -> None:
    lab.fine()
    issue = lab.repo.issues()[0]
    body = issue.body.replace("- [ ] **2.**", "- [x] **2.**")
    lab.repo.edit_as(
        "auditor", issue.number, body=f"My own words above.\r\n{body}\r\n\r\nAnd below.".replace("\n", "\r\n")
    )
    lab.register(STARTER.replace(b"Input filter", b"Better input filter").replace(b"Staff finish", b"All staff finish"))
    lab.fine()
    after = lab.repo.issue(issue.number).body.replace("\r\n", "\n")
    assert after.startswith("My own words above.\n")
    assert after.endswith("And below.")
    assert "- [x] **2.**" in after
    assert after.count("- [ ]") == 4


def test_pitfall_15_edited_title_and_removed_label_are_mended_and_never_doubled(lab: Lab) -> None:
    lab.fine()
    before = lab.titles()
    lab.repo.edit_as("auditor", 1, title="Something else entirely")
    lab.repo.unlabel_as("auditor", 1, "re-assessment")
    lab.fine()
    assert lab.titles() == before
    assert set(lab.repo.issue(1).labels) == {"re-assessment"}


def test_a_label_that_people_added_is_left_alone(lab: Lab) -> None:
    lab.fine()
    lab.repo.label_as("auditor", 1, "needs-budget")
    with lab.box.readonly():
        lab.fine()
    assert "needs-budget" in lab.repo.issue(1).labels


def test_closed_by_hand_is_reopened_once_and_then_listed(lab: Lab) -> None:
    lab.fine()
    lab.repo.close_as("auditor", 1)
    lab.fine()
    issue = lab.repo.issue(1)
    assert issue.state == "open"
    assert "closing the issue does not decide it" in issue.comments[-1].body
    lab.repo.close_as("auditor", 1)
    report = lab.fine()
    assert lab.repo.issue(1).state == "closed"
    assert any("closed by @auditor" in note for note in report.notes)
    with lab.box.readonly():
        lab.fine()


@pytest.mark.long
def test_reminders_come_on_working_days_and_back_off(lab: Lab) -> None:
    lab.fine()
    number = next(issue.number for issue in lab.repo.issues() if "filter" in issue.title)
    spoken: list[str] = []
    for day in range(45):
        lab.box.clock.move_to(datetime(2026, 12, 1, 9, tzinfo=UTC).replace(day=1))
        lab.later(days=day)
        lab.fine()
        with lab.box.readonly():
            lab.fine()
        count = len(lab.repo.issue(number).comments)
        if count > len(spoken):
            spoken.append(lab.box.clock.now().strftime("%a %d %b"))
    assert spoken == ["Fri 04 Dec", "Fri 11 Dec", "Tue 15 Dec", "Fri 18 Dec", "Fri 25 Dec", "Fri 08 Jan"]
    comments = [comment.body for comment in lab.repo.issue(number).comments]
    assert "is due Fri 11 Dec 2026" in comments[0]
    assert "is 5 working days overdue and shows as **overdue**" in comments[3]
    assert "re-assessment: overdue" in lab.repo.issue(number).labels


def test_after_a_long_silence_one_reminder_is_given_not_five(lab: Lab) -> None:
    lab.fine()
    lab.box.clock.move_to(datetime(2027, 2, 5, 9, tzinfo=UTC))
    lab.fine()
    number = next(issue.number for issue in lab.repo.issues() if "filter" in issue.title)
    assert len(lab.repo.issue(number).comments) == 1


def test_a_dry_run_writes_nothing_and_says_what_it_would(lab: Lab) -> None:
    with lab.box.readonly():
        report = lab.fine(dry_run=True)
    assert report.dry_run
    assert any("would open R-2026-001" in line for line in lab.said)
    assert len(report.done) >= 3


def test_a_public_repository_gets_nothing_until_publish_is_set(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(private=False)
    with lab.box.readonly():
        report = lab.fine()
    assert any("publish: true" in note for note in report.notes)
    lab.register(b"publish: true\n" + STARTER)
    lab.fine()
    assert len(lab.titles()) == 2


def test_an_archived_repository_is_reported_and_left(lab: Lab) -> None:
    lab.repo.set_archived(True)
    with lab.box.readonly():
        report = lab.fine()
    assert any("archived" in note for note in report.notes)


def test_one_broken_entry_hides_no_other(lab: Lab) -> None:
    lab.register(STARTER.replace(b"owner: safety-lead\n", b"ownr: safety-lead\n", 1))
    report = lab.fine()
    assert lab.titles() == [
        "Re-assess Staff finish misuse training (light), due Tue 15 Dec 2026",
        "The register has 1 error: jailbreak-filter is not watched since Tue 1 Dec 2026",
    ]
    assert report.assessment_input is not None
    assert any("ownr" in finding.message for finding in report.assessment_input.register.errors)


def test_a_broken_entry_keeps_its_open_reassessment(lab: Lab) -> None:
    lab.fine()
    lab.register(STARTER.replace(b"owner: safety-lead\n", b"ownr: safety-lead\n", 1))
    lab.fine()
    # The third is about the error.
    assert [issue.state for issue in lab.repo.issues()] == ["open", "open", "open"]
    body = next(issue.body for issue in lab.repo.issues() if "filter" in issue.body and "has an error" in issue.body)
    assert "Run `reassay check`." in body


@pytest.mark.long
def test_a_broken_configuration_posts_nothing(lab: Lab) -> None:
    lab.register(b"timezone: Mars/Olympus\n" + STARTER.split(b"\n", 1)[1])
    with lab.box.readonly():
        report = lab.fine()
    assert any("configuration cannot be read, and no earlier one is known" in note for note in report.notes)
    assert "framework/mitigations.yml:1: " in report.unreadable[0].message


@pytest.mark.long
def test_register_text_is_inert_in_issues(lab: Lab) -> None:
    hostile = "'<img src=x> @auditor #1 [x](javascript:alert(1)) <!-- reassay:end --> $(touch pwned) {{ 7*7 }}'"
    lab.register(STARTER.replace(b"Input filter blocks known jailbreak families", hostile.encode()))
    lab.fine()
    issue = next(issue for issue in lab.repo.issues() if "img" in issue.title)
    assert issue.body.count("<!-- reassay:end -->") == 1
    assert "@auditor" not in issue.title
    with lab.box.readonly():
        lab.fine()


@pytest.mark.long
def test_a_driver_who_cannot_be_assigned_is_still_named(lab: Lab) -> None:
    lab.box.add_user("contractor")
    lab.register(STARTER.replace(b"owner: safety-lead", b"owner: contractor"))
    lab.fine()
    assert all(issue.assignees == () for issue in lab.repo.issues())
    assert all("Driver @contractor" in issue.body for issue in lab.repo.issues())
    with lab.box.readonly():
        lab.fine()


@pytest.mark.long
def test_a_deleted_issue_is_made_again(lab: Lab) -> None:
    lab.fine()
    lab.repo.delete_issue(1)
    lab.fine()
    assert len(lab.titles()) == 1
    lab.later(hours=2)
    lab.fine()
    assert len(lab.titles()) == 2
    with lab.box.readonly():
        lab.fine()


@pytest.mark.long
def test_a_request_opens_at_once_and_joins_what_is_open(lab: Lab) -> None:
    from reassay.sweep.options import AssessmentRequest

    lab.fine()
    who = lab.box.add_user("red-team-lead")
    request = AssessmentRequest("jailbreak-filter", "a new jailbreak family", who.login, who.id)
    lab.fine(request=request)
    issue = next(issue for issue in lab.repo.issues() if "filter" in issue.title)
    assert "Requested by red-team-lead: a new jailbreak family" in issue.body
    assert "Joined R-2026-00" in issue.comments[-1].body
    with lab.box.readonly():
        lab.fine(request=request)


@pytest.mark.long
def test_a_request_by_a_stranger_is_refused_and_the_rest_goes_on(lab: Lab) -> None:
    from reassay.sweep.options import AssessmentRequest

    report = lab.sweep(request=AssessmentRequest("jailbreak-filter", "why not", "auditor"))
    assert len(report.problems) == 1
    assert "only safety-lead or red-team-lead can request it" in report.problems[0].message
    assert len(lab.titles()) == 2


@pytest.mark.long
def test_names_of_a_repository_that_is_not_there_are_a_clear_error(lab: Lab) -> None:
    lab.name = "example-lab/nothing"
    report = lab.sweep()
    assert len(report.problems) == 1
    assert "nothing" in report.problems[0].message or "not found" in report.problems[0].message.lower()


@pytest.mark.long
def test_an_empty_register_is_fine(lab: Lab) -> None:
    lab.repo.commit(
        {"framework/mitigations.yml": None, "README.md": b"# nothing yet"}, message="empty", author="safety-lead"
    )
    with lab.box.readonly():
        assert lab.fine().done == ()


@pytest.mark.long
def test_our_labels_are_found_among_hundreds(lab: Lab) -> None:
    for number in range(130):
        lab.repo.open_issue_as("auditor", f"a {number}")
        lab.repo.label_as("auditor", number + 1, f"a-label-{number:03}")
    lab.fine()
    with lab.box.readonly():
        lab.fine()


@pytest.mark.long
def test_what_joined_before_its_issue_was_there_is_said_in_the_same_sweep(lab: Lab) -> None:
    """A run ended between claim and issue, and days later another trigger joins while the issue is made."""
    from reassay_sandbox import Fault

    lab.box.clock.move_to(datetime(2026, 11, 20, 9, tzinfo=UTC))
    lab.register(STARTER.replace(b"last_assessed: 2026-06-11\n", b"\n"))
    lab.box.faults.add(Fault("dead", "MUTATION|POST .*/git/refs"))
    lab.sweep()
    lab.box.faults.clear()
    lab.register(STARTER.replace(b"last_assessed: 2026-06-11", b"last_assessed: 2026-06-11\n    version: 2"))
    lab.box.clock.move_to(datetime(2026, 12, 1, 9, tzinfo=UTC))
    lab.fine()
    assert len(lab.titles()) == 2
    with lab.box.readonly():
        lab.fine()


@pytest.mark.long
def test_what_people_write_while_a_sweep_runs_is_kept(lab: Lab) -> None:
    """The issue is read again just before it is written."""
    from reassay.cli.remote import remote_ports
    from reassay.sweep.interpreters import Budget
    from reassay.sweep.options import Options
    from reassay.sweep.sweep import sweep
    from tests.lab import BoxClock

    lab.fine()
    lab.register(STARTER.replace(b"owner: safety-lead", b"owner: release-manager"))

    def meanwhile(line: str) -> None:
        if line == "update #1":
            lab.repo.edit_as(
                "auditor",
                2,
                body=f"Written meanwhile.\n{lab.repo.issue(2).body.replace('- [ ] **1.**', '- [x] **1.**')}",
            )

    with remote_ports(lab.name, lab.settings, BoxClock(lab.box)) as ports:
        assert sweep(ports, Options(), Budget(), meanwhile).problems == ()
    body = lab.repo.issue(2).body
    assert body.startswith("Written meanwhile.\n")
    assert "- [x] **1.**" in body
    assert "Driver @release-manager" in body
