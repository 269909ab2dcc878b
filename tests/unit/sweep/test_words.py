"""The exact words of issues and comments, as goldens; what they must never contain, as rules."""

import re
from datetime import date

import pytest

from reassay.approvals.command_context import Refusal
from reassay.assessment.cells import assess
from reassay.assessment.schedule.reminders import latest_reminder
from reassay.commands.registry import NotUnderstood, parse_comment
from reassay.people.account import Comment
from reassay.sweep.overrides import Overrides
from reassay.sweep.views import comments
from reassay.sweep.views import replies as replies_of
from reassay.sweep.views.issue import view
from reassay.sweep.views.issue_context import IssueContext
from reassay.sweep.views.issue_model import IssueModel, issue_model
from tests.golden import same_as_golden
from tests.make import ASSESSOR, OWNER, TODAY, Story, at, deployment, mitigation, register

FULL = mitigation(
    "jailbreak-filter",
    title="Input filter blocks known jailbreak families",
    description="A classifier in front of the model.\n\nIt is trained monthly.",
    layer="security",
    reassess={"depth": "full"},
    every="6 months",
    last_assessed="2026-06-11",
    deployments=["inside", "outside"],
    target={"statement": "A technical non-expert cannot elicit X within two weeks on £1000."},
    invalidation_conditions=[{"text": "A universal jailbreak is published."}],
)


def story(*objects: object) -> Story:
    what = objects or (FULL, deployment("inside", audience="internal"), deployment("outside"))
    told = Story(register(*what, timezone="Europe/Berlin"))  # type: ignore[arg-type] # makers of register objects
    told.sweep()
    return told


def about(told: Story) -> IssueModel:
    each = next(iter(told.assessment_input.history.reassessments.values()))
    url = "https://github.example.com/example-lab/framework"
    around = IssueContext(assess(told.assessment_input), told.objects, Overrides(), url)
    return issue_model(each, told.assessment_input, around)


def comment(body: str) -> Comment:
    return Comment(7, "n", body, ASSESSOR, at(TODAY))


def light() -> Story:
    return story(mitigation("staff-training", title="Staff finish misuse training", assessor=None, every="1 year"))


def test_the_light_issue() -> None:
    seen = view(about(light()))
    same_as_golden("issue-light.md", f"{seen.title}\n\n{seen.section.text}\n")


def test_the_full_issue() -> None:
    seen = view(about(story()))
    same_as_golden("issue-full.md", f"{seen.title}\n\n{seen.section.text}\n")
    assert seen.labels == {"re-assessment", "re-assessment: full"}


def test_the_decided_issue_and_its_record() -> None:
    told = story()
    told.conclude("jailbreak-filter", "degraded", because="one family of nine gets through")
    found = about(told)
    same_as_golden("issue-decided.md", f"{view(found).title}\n\n{view(found).section.text}\n")
    same_as_golden("record.md", f"{comments.record(found, ASSESSOR).body}\n")


def test_the_superseded_issue() -> None:
    told = light()
    told.register = register(mitigation("another", last_assessed="2026-11-20"))
    told.sweep()
    same_as_golden(
        "superseded.md", f"{view(about(told)).section.text}\n\n---\n\n{comments.superseded(about(told)).body}\n"
    )


@pytest.mark.parametrize(("day", "name"), [(date(2026, 12, 8), "before"), (date(2026, 12, 22), "late")])
def test_reminders(day: date, name: str) -> None:
    told = light()
    told.move_to(day)
    found = about(told)
    due = latest_reminder(found.reassessment.due, TODAY, day, found.assessment_input.register.configuration)
    assert due is not None
    same_as_golden(f"reminder-{name}.md", f"{comments.reminder(found, due, day).body}\n")


def test_answers() -> None:
    found = about(light())
    asked = comment("/reassay conclud effective")
    (wrong,) = parse_comment(asked.body)
    assert isinstance(wrong, NotUnderstood)
    replies = [
        replies_of.CommandReply(comments.explanation(found, "4f2c1aa" + "0" * 33)),
        replies_of.misunderstood(wrong),
        replies_of.refusal(
            Refusal("only red-team-lead can conclude this", "Ask @red-team-lead."), "/reassay conclude effective"
        ),
        replies_of.elsewhere(),
    ]
    said = [replies_of.reply_draft(asked, [replies_of.AnsweredLine("conclude", reply)]).body for reply in replies]
    said.append(comments.reopened(found, "auditor", 1).body)
    same_as_golden("answers.md", "\n\n---\n\n".join(said) + "\n")


def test_nothing_said_depends_on_the_day_it_is_looked_at() -> None:
    told = story()
    first = view(about(told)).section
    told.move_to(date(2026, 12, 3))
    assert view(about(told)).section == first


def test_hostile_names_everywhere_stay_inert() -> None:
    hostile = "<!-- reassay:end --> @everyone [x](javascript:1) | # $(touch pwned) {{ 7*7 }} \u202e"
    told = story(
        mitigation(
            "staff-training",
            title=hostile,
            description=f"{hostile}\n# heading\n```\nfence",
            target={"statement": hostile},
            invalidation_conditions=[{"text": hostile}],
            checklist=[{"id": "own", "text": hostile}],
        )
    )
    seen = view(about(told))
    text = seen.section.within(65_536)
    assert text.count("<!-- reassay:end -->") == 1
    assert "\u202e" not in text + seen.title
    assert not re.search(r"(?<![A-Za-z0-9\u2060])@everyone", text + seen.title)
    assert "](javascript" not in text.replace("\\]", "]\u200b")
    assert OWNER.login in text
