"""A pull request adds a modality: red, re-assessed for exactly that content, signed by two roles, merged."""

from typing import Final

from reassay.ledger.pull_requests import Landed
from reassay_sandbox.demo.environment import REPOSITORY, DemoEnvironment
from reassay_sandbox.demo.facts import (
    history,
    is_merged,
    issue_of,
    issue_path,
    pull_from,
    reassessment,
    subject_page,
    verdict,
    words_of,
)
from reassay_sandbox.demo.tours.suggestions import in_issue_of, in_pull_from
from reassay_sandbox.demo.tours.tour_step import Checks, Tour, TourStep
from reassay_sandbox.pulls import blocked

SUBJECT: Final = "desk-filter"
BRANCH: Final = "help-desk-calls"
AUTHOR: Final = "infrastructure-lead"
FILE: Final = "framework/deployments.yml"
_TEXT_ONLY: Final = b"title: Help desk\n"
OWNER: Final = """\
/reassay answer 1 yes because the help desk is the only place where it runs
/reassay answer 2: Customers can speak. Calls are transcribed before the filter reads them."""
ASSESSOR: Final = """\
/reassay answer 3: There were none.
/reassay answer 4: Forty spoken questions in three accents, none of which was answered. Singing was not tried.
/reassay answer 5: It works for speech as well, and a year is soon enough."""
CONCLUDE: Final = "/reassay conclude effective because none of forty spoken questions was answered"
SIGN: Final = "/reassay signoff all"


def _propose(demo: DemoEnvironment) -> None:
    if pull_from(demo, BRANCH) is not None:
        return
    text = demo.repo.read("main", FILE) or b""
    before, found, after = text.partition(_TEXT_ONLY)
    changed = before + found + after.replace(b"modalities_in: [text]", b"modalities_in: [text, audio]", 1)
    demo.repo.commit({FILE: changed}, message="The help desk takes calls", author=AUTHOR, branch=BRANCH)
    body = "Customers ask for it. Calls are transcribed, and the rest stays as it is."
    number = demo.repo.open_pull_as(AUTHOR, BRANCH, title="Let customers speak to the help desk", body=body)
    demo.hosted.wait_for_pull(demo.repository, number)


def _title(demo: DemoEnvironment) -> str:
    run = verdict(demo, pull_from(demo, BRANCH))
    return run.title if run else ""


def _conclusion(demo: DemoEnvironment) -> str:
    run = verdict(demo, pull_from(demo, BRANCH))
    return run.conclusion if run else ""


def _is_blocked(demo: DemoEnvironment) -> bool:
    pull = pull_from(demo, BRANCH)
    with demo.box.dispatcher.lock:
        repo = demo.box.dispatcher.store.repos[REPOSITORY]
        return pull is not None and blocked(repo, repo.issues[pull.number]) is not None


def _red(demo: DemoEnvironment) -> Checks:
    run, last = verdict(demo, pull_from(demo, BRANCH)), reassessment(demo, SUBJECT)
    return (
        ("the check is red", run is not None and run.conclusion == "FAILURE"),
        ("it says why: audio is a new input modality", run is not None and "a new input modality" in run.summary),
        ("the merge button is blocked", run is not None and _is_blocked(demo)),
        ("a re-assessment is open for exactly this content", last is not None and last.opened.proposal is not None),
    )


def _answered(demo: DemoEnvironment) -> Checks:
    return (
        (
            "owner and assessor have answered every question",
            "Every row is signed off" in words_of(issue_of(demo, SUBJECT)),
        ),
    )


def _concluded(demo: DemoEnvironment) -> Checks:
    issue, title = issue_of(demo, SUBJECT), _title(demo)
    is_closed = issue is not None and issue.state == "closed"
    return (
        ("the re-assessment is concluded: effective", is_closed and "effective" in words_of(issue)),
        ("the check no longer asks for a decision", is_closed and "decision" not in title),
        ("it still asks for two sign-offs", is_closed and "2 sign-offs" in title),
    )


def _signed_once(demo: DemoEnvironment) -> Checks:
    text = words_of(pull_from(demo, BRANCH))
    signed = "@red-team-lead, red-team, signed off row 1" in text
    return (
        ("the sign-off is recorded, for this content only", signed),
        ("the release manager is still missing", signed and "Still missing: row 2 (@release-manager)" in text),
    )


def _green(demo: DemoEnvironment) -> Checks:
    return (
        ("the check is green", _conclusion(demo) == "SUCCESS"),
        ("the merge button can be pressed", _conclusion(demo) == "SUCCESS" and not _is_blocked(demo)),
    )


def _merge(demo: DemoEnvironment) -> None:
    pull = pull_from(demo, BRANCH)
    if pull is not None and not is_merged(demo, pull) and not _is_blocked(demo):
        demo.repo.merge_as(AUTHOR, pull.number)
    demo.sweep()


def _merged(demo: DemoEnvironment) -> Checks:
    bodies = [record.body for record, _ in history(demo).records_of(Landed)]
    landed = [body for body in bodies if isinstance(body, Landed)]
    return (
        ("it is merged", is_merged(demo, pull_from(demo, BRANCH))),
        ("the ledger says what was merged, and that it was judged", any(body.merged for body in landed)),
    )


def _pull(demo: DemoEnvironment) -> str:
    """The pull request at its checks and its merge button; the whole page once it is merged."""
    pull = pull_from(demo, BRANCH)
    path = issue_path(pull).replace("/issues/", "/pull/")
    return f"{path}#merge" if pull is not None and pull.state == "open" else path


def _reply(demo: DemoEnvironment) -> str:
    return issue_path(pull_from(demo, BRANCH), at_end=True).replace("/issues/", "/pull/")


def _issue(demo: DemoEnvironment) -> str:
    return issue_path(issue_of(demo, SUBJECT), at_end=True)


TOUR: Final = Tour(
    "modality",
    "A pull request adds audio, and cannot be merged until people have looked",
    "The help desk is to take calls. Its filter has only ever read what customers typed.",
    (
        TourStep(
            title="A small change is proposed",
            text="@infrastructure-lead opens a pull request: one word in one file, audio for the help desk.",
            look="The check is red and says who has to do what. The merge button below it is off.",
            button="Open the pull request as @infrastructure-lead",
            by_hand="",
            checks=_red,
            page=_pull,
            dashboard=subject_page(SUBJECT),
            act=_propose,
        ),
        TourStep(
            title="The filter is looked at again, for speech",
            text=(
                "reassay has opened a re-assessment of the filter for what the merge would make. "
                "@trust-and-safety-lead and @red-team-lead answer its checklist."
            ),
            look="The replies name the ledger entry of each answer.",
            button="Comment as both",
            by_hand="Post both suggested comments in the issue.",
            checks=_answered,
            page=_issue,
            dashboard=subject_page(SUBJECT),
            comments=in_issue_of(SUBJECT, ("trust-and-safety-lead", OWNER), ("red-team-lead", ASSESSOR)),
        ),
        TourStep(
            title="Decided before the change",
            text=(
                "@red-team-lead concludes that the filter works for speech. The decision "
                "holds only if exactly this content is merged."
            ),
            look="The pull request's check: the decision is there, two sign-offs are missing.",
            button="Conclude as @red-team-lead",
            by_hand="Post the suggested comment in the issue.",
            checks=_concluded,
            page=_pull,
            dashboard=subject_page(SUBJECT),
            comments=in_issue_of(SUBJECT, ("red-team-lead", CONCLUDE)),
        ),
        TourStep(
            title="The red team signs",
            text=(
                "What makes a deployment wider takes two signatures in this lab, in order. @red-team-lead signs first."
            ),
            look="The reply says what was signed, and who is next.",
            button="Sign off as @red-team-lead",
            by_hand="Post the suggested comment in the pull request.",
            checks=_signed_once,
            page=_reply,
            dashboard=subject_page(SUBJECT),
            comments=in_pull_from(BRANCH, ("red-team-lead", SIGN)),
        ),
        TourStep(
            title="The release manager signs",
            text="@release-manager signs second. The author could not sign at all.",
            look="The check is green.",
            button="Sign off as @release-manager",
            by_hand="Post the suggested comment in the pull request.",
            checks=_green,
            page=_pull,
            dashboard=subject_page(SUBJECT),
            comments=in_pull_from(BRANCH, ("release-manager", SIGN)),
        ),
        TourStep(
            title="Merged",
            text="@infrastructure-lead presses the merge button.",
            look="The filter on the dashboard: it is current, and its last decision is the one for speech.",
            button="Merge as @infrastructure-lead",
            by_hand="Press “Merge pull request” on the pull request's page.",
            checks=_merged,
            page=_pull,
            dashboard=subject_page(SUBJECT),
            act=_merge,
        ),
    ),
    done=(
        "The change waited for the people who know whether the safeguard covers it, and the ledger says who they were."
    ),
)
