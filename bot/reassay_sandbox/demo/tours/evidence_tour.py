"""Due, evidence, concluded: too few attacks are refused, enough of them meet the criterion, and the next date is set."""

from datetime import datetime, time
from typing import Final

from reassay.assessment.triggers.base import Pending
from reassay.common.calendar import zone
from reassay.ledger.history import Reassessment
from reassay_sandbox.demo.environment import DemoEnvironment
from reassay_sandbox.demo.facts import (
    history,
    issue_of,
    issue_path,
    last_reply,
    open_issue,
    reassessment,
    subject_page,
    words_of,
)
from reassay_sandbox.demo.ledger_copy import explained, verified
from reassay_sandbox.demo.tours.suggestions import in_issue_of
from reassay_sandbox.demo.tours.tour_step import Checks, Tour, TourStep
from reassay_sandbox.stored_files import SandboxFiles

SUBJECT: Final = "suffix-filter"
FIRST, MORE = 40, 29
"""Attacks in the two logs."""
RUN: Final = 7001
"""Number of the workflow's run that brings the second log."""
FILE: Final = "results/suffix-attacks-1.eval"
DECLARED: Final = "result trained-on no languages en,de because fresh suffixes, in both offered languages"
BRING_FIRST: Final = f"/reassay evidence {FILE} {DECLARED}"
BRING_MORE: Final = f"/reassay evidence artifact:{RUN}/suffix-attacks {DECLARED}"
TOO_EARLY: Final = f"/reassay conclude effective because none of {FIRST} attacks got through"
CONCLUDE: Final = f"/reassay conclude effective because none of {FIRST + MORE} attacks got through"
OWNER: Final = """\
/reassay answer 1 yes because the public app is the only place where the filter runs
/reassay answer 2: Nothing but its list of suffixes, which grew."""
ASSESSOR: Final = """\
/reassay answer 3: There were none.
/reassay answer 4: Inspect's logs of fresh suffixes. Other languages than English and German were not tried.
/reassay answer 5: Whether it still works. Half a year is soon enough."""


def _open_by_time(demo: DemoEnvironment) -> None:
    """Moves the clock to the day on which the re-assessment opens, unless it is open."""
    report = demo.sweep()
    if report.assessment_input is None or open_issue(demo, SUBJECT) is not None:
        return
    results = [result for cell in report.cells if cell.subject == SUBJECT for result in cell.results]
    opens = min((result.opens for result in results if isinstance(result, Pending)), default=None)
    if opens is not None and opens > report.assessment_input.today:
        timezone = zone(report.assessment_input.register.configuration.timezone)
        demo.box.clock.move_to(datetime.combine(opens, time(9), timezone))
    demo.sweep()


def _opened(demo: DemoEnvironment) -> Checks:
    issue, text = issue_of(demo, SUBJECT), words_of(issue_of(demo, SUBJECT))
    own = [reassessment for reassessment in history(demo).reassessments.values() if reassessment.subject == SUBJECT]
    return (
        ("exactly one issue asks for the re-assessment", issue is not None and len(own) == 1),
        ("it says why now: 6 months are over", "6 months since the assessment" in text),
        (f"it says what is needed: at least {FIRST + MORE} attacks", f"at least {FIRST + MORE} prompts" in text),
    )


def _commit_log(demo: DemoEnvironment) -> None:
    if demo.repo.read("main", FILE) is None:
        data = demo.result("suffix-attacks-1.eval")
        demo.repo.commit({FILE: data}, message="Log of 40 attacks with suffixes", author="red-team-engineer")


def _upload_log(demo: DemoEnvironment) -> None:
    if "artifact" not in demo.remembered:
        files = {"suffix-attacks-2.eval": demo.result("suffix-attacks-2.eval")}
        SandboxFiles(demo.repo).upload_artifact(RUN, "suffix-attacks", files)
        demo.remembered["artifact"] = str(RUN)


def _counted(demo: DemoEnvironment) -> Checks:
    text = words_of(issue_of(demo, SUBJECT))
    return (
        (f"{FIRST} attacks were counted in Inspect's log", f"{FIRST} attempted" in text),
        ("the reply says that this is too few", "insufficient" in text),
        (
            f"it says how many more are needed: {MORE}",
            f"{MORE} more prompts without an adverse one would meet it" in text,
        ),
    )


def _refused(demo: DemoEnvironment) -> Checks:
    issue = issue_of(demo, SUBJECT)
    bodies = [comment.body for comment in issue.comments] if issue else []
    refusals = [body for body in bodies if "Nothing was recorded for" in body and TOO_EARLY in body]
    return (
        ("'effective' is refused, and nothing is recorded", bool(refusals)),
        (
            "the reason is the criterion: too few attacks",
            any("insufficient, because 0 of 40" in body for body in refusals),
        ),
    )


def _met(demo: DemoEnvironment) -> Checks:
    issue = issue_of(demo, SUBJECT)
    body = issue.body if issue else ""
    return (
        ("the criterion is met", "attacks that get through': met" in words_of(issue)),
        ("the issue lists both logs", FILE in body and f"artifact:{RUN}/suffix-attacks" in body),
    )


def _answered(demo: DemoEnvironment) -> Checks:
    return (
        (
            "owner and assessor have answered every question",
            "Every row is signed off" in words_of(issue_of(demo, SUBJECT)),
        ),
    )


def _decided(demo: DemoEnvironment) -> Reassessment | None:
    last = reassessment(demo, SUBJECT)
    return last if last is not None and last.decided is not None else None


def _concluded(demo: DemoEnvironment) -> Checks:
    last, issue = _decided(demo), issue_of(demo, SUBJECT)
    report = demo.hosted.latest
    mitigation = (
        report.assessment_input.register.mitigations[SUBJECT].value if report and report.assessment_input else None
    )
    expected = (
        mitigation.interval.after(last.decided.decided_on)
        if last and last.decided and mitigation and mitigation.interval
        else None
    )
    due = {cell.due for cell in report.cells if cell.subject == SUBJECT} if report else set()
    return (
        ("the record says effective, and that it was tested", "effective (tested)" in last_reply(issue)),
        ("the issue is closed", issue is not None and issue.state == "closed" and issue.state_reason == "completed"),
        ("the next due date is 6 months later", expected is not None and due == {expected}),
        ("the ledger holds who decided it, by account id", bool(last and last.decided_by)),
    )


def _verify(demo: DemoEnvironment) -> None:
    last = reassessment(demo, SUBJECT)
    verified(demo)
    explained(demo, last.id if last else "")


def _checked(demo: DemoEnvironment) -> Checks:
    return (
        ("the ledger verifies in a clone, without GitHub", demo.remembered.get("verify", "").startswith("0 ")),
        (
            "the verdict is the same, computed again from the recorded counts",
            "computed again from the recorded inputs, it is the same"
            in " ".join(demo.remembered.get("explain", "").split()),
        ),
    )


def _issue(demo: DemoEnvironment) -> str:
    return issue_path(issue_of(demo, SUBJECT))


def _reply(demo: DemoEnvironment) -> str:
    return issue_path(issue_of(demo, SUBJECT), at_end=True)


TOUR: Final = Tour(
    "evidence",
    "A re-assessment falls due, gets evidence, and is concluded",
    "A filter was last assessed half a year ago. A real log of Inspect shows whether it still works.",
    (
        TourStep(
            title="The date comes",
            text=(
                "The filter for adversarial suffixes has to be re-assessed every 6 months. "
                "Two weeks before the date, reassay opens an issue."
            ),
            look="The issue says who decides by when, why now, and how many attacks it takes.",
            button="Move the clock to that day",
            by_hand="Move the clock below, until the issue is open.",
            checks=_opened,
            page=_issue,
            dashboard=subject_page(SUBJECT),
            act=_open_by_time,
        ),
        TourStep(
            title=f"The red team brings {FIRST} attacks",
            text=(
                "@red-team-engineer has committed the log of an Inspect run. @red-team-lead "
                f"attaches it: none of {FIRST} attacks got through."
            ),
            look="The last reply counts the attempts and says what is still missing.",
            button="Comment as @red-team-lead",
            by_hand="Post the suggested comment in the issue.",
            checks=_counted,
            page=_reply,
            dashboard=subject_page(SUBJECT),
            prepare=_commit_log,
            comments=in_issue_of(SUBJECT, ("red-team-lead", BRING_FIRST)),
        ),
        TourStep(
            title="Owner and assessor answer the checklist",
            text="Numbers are not all: @safety-lead answers for the owner and @red-team-lead for the assessor.",
            look="The replies name the ledger entry of each answer.",
            button="Comment as both",
            by_hand="Post both suggested comments in the issue.",
            checks=_answered,
            page=_reply,
            dashboard=subject_page(SUBJECT),
            comments=in_issue_of(SUBJECT, ("safety-lead", OWNER), ("red-team-lead", ASSESSOR)),
        ),
        TourStep(
            title="Could it be called effective now?",
            text=(
                f"{FIRST} attacks without a failure do not show that at most 5 of 100 "
                "get through. @red-team-lead tries anyway."
            ),
            look="The reply refuses, and says what would settle it.",
            button="Try to conclude as @red-team-lead",
            by_hand="Post the suggested comment in the issue.",
            checks=_refused,
            page=_reply,
            dashboard=subject_page(SUBJECT),
            comments=in_issue_of(SUBJECT, ("red-team-lead", TOO_EARLY)),
        ),
        TourStep(
            title=f"{MORE} more attacks",
            text=(
                f"A workflow has run {MORE} more attacks and kept Inspect's log as "
                "an artifact. @red-team-lead attaches it."
            ),
            look="The criterion is met: both logs are counted together.",
            button="Comment as @red-team-lead",
            by_hand="Post the suggested comment in the issue.",
            checks=_met,
            page=_reply,
            dashboard=subject_page(SUBJECT),
            prepare=_upload_log,
            comments=in_issue_of(SUBJECT, ("red-team-lead", BRING_MORE)),
        ),
        TourStep(
            title="Concluded",
            text=(
                "Now @red-team-lead concludes: effective. That writes the record, "
                "closes the issue and sets the next date."
            ),
            look="The record in the issue, and the filter on the dashboard.",
            button="Conclude as @red-team-lead",
            by_hand="Post the suggested comment in the issue.",
            checks=_concluded,
            page=_reply,
            dashboard=subject_page(SUBJECT),
            comments=in_issue_of(SUBJECT, ("red-team-lead", CONCLUDE)),
        ),
        TourStep(
            title="An auditor checks it",
            text=(
                "@auditor clones the repository, verifies the signed ledger and computes "
                "the verdict again from the recorded counts."
            ),
            look="The ledger in words: what was answered, attached and decided is an entry each, with who did it.",
            button="Verify a clone",
            by_hand="",
            checks=_checked,
            page=lambda _demo: "/_demo/ledger",
            dashboard=subject_page(SUBJECT),
            act=_verify,
        ),
    ),
    done="The decision rests on counts that anybody can check again, and the next date is set.",
)
