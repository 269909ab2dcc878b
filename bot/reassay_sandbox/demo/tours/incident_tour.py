"""Incidents come in: people file them with a label, and one issue says why a re-assessment is due, in counts."""

from datetime import timedelta
from typing import Final

from reassay_sandbox.demo.environment import DemoEnvironment
from reassay_sandbox.demo.facts import issue_named, issue_path, open_issue, words_of
from reassay_sandbox.demo.tours.tour_step import Checks, Tour, TourStep

SUBJECT: Final = "abuse-monitor"
LABEL: Final = "incident"
REPORTER: Final = "trust-and-safety-lead"
_QUIET: Final = 4
"""Incidents that do not yet say that the accepted rate is exceeded."""
_APART: Final = timedelta(days=12)
_LAST: Final = timedelta(days=8)
_MOST: Final = 9
"""Incidents after which the tour files no more: after a long quiet time it takes more than five."""


def _incidents(demo: DemoEnvironment) -> int:
    return sum(LABEL in issue.labels for issue in demo.repo.issues())


def _file(demo: DemoEnvironment, later: timedelta) -> None:
    """Somebody files an incident some days later, and the App looks."""
    demo.box.clock.advance(later)
    number = _incidents(demo) + 1
    issue = demo.repo.open_issue_as(REPORTER, f"A prompt got past the abuse monitor ({number})")
    demo.repo.label_as(REPORTER, issue, LABEL)
    demo.sweep()


def _file_four(demo: DemoEnvironment) -> None:
    while _incidents(demo) < _QUIET:
        _file(demo, _APART)


def _four(demo: DemoEnvironment) -> Checks:
    has_four = _incidents(demo) >= _QUIET
    return (
        ("four incidents are filed, as issues with a label", has_four),
        ("one issue lists what waits for a person's triage", has_four and _triage(demo) == 1),
        (
            "no re-assessment is asked for: four do not say that the accepted rate is exceeded",
            has_four and _quiet(demo),
        ),
    )


def _quiet(demo: DemoEnvironment) -> bool:
    """Whether nothing was opened for the first four; later ones may have opened it."""
    return open_issue(demo, SUBJECT) is None or _incidents(demo) > _QUIET


def _triage(demo: DemoEnvironment) -> int:
    return sum(issue.state == "open" and issue.title.startswith("Triage") for issue in demo.repo.issues())


def _file_fifth(demo: DemoEnvironment) -> None:
    while open_issue(demo, SUBJECT) is None and _incidents(demo) < _MOST:
        _file(demo, _LAST)


def _opened(demo: DemoEnvironment) -> Checks:
    issue, number = open_issue(demo, SUBJECT), _incidents(demo)
    text = words_of(issue)
    return (
        ("one issue asks for a re-assessment", issue is not None),
        (f"it says how many incidents there were: {number}", issue is not None and f"{number} incidents since" in text),
        ("it says how many were accepted, and who said so", "6 per year, stated by safety" in text),
    )


def _sweep_again(demo: DemoEnvironment) -> None:
    demo.sweep()
    before = len(demo.box.writes())
    report = demo.sweep()
    wrote = len(demo.box.writes()) - before
    demo.remembered["incidents again"] = "" if wrote or report.done else "nothing"


def _again(demo: DemoEnvironment) -> Checks:
    return (("the second sweep wrote nothing", demo.remembered.get("incidents again") == "nothing"),)


def _issue(demo: DemoEnvironment) -> str:
    return issue_path(open_issue(demo, SUBJECT))


TOUR: Final = Tour(
    "incidents",
    "Incidents come in, and one issue says why that is too many",
    "The lab accepts 6 incidents a year of the abuse monitor. How many in two months say that it is more?",
    (
        TourStep(
            title="Four incidents in seven weeks",
            text=(
                "@trust-and-safety-lead files them as issues with the label incident, "
                "twelve days apart. After each, reassay counts."
            ),
            look="The issue for triage lists them. No alarm yet: four may be chance.",
            button="File four incidents",
            by_hand=(
                "Open issues with the label incident, on the page of the issues, and move the clock between them."
            ),
            checks=_four,
            page=lambda demo: issue_path(issue_named(demo, "Triage")),
            dashboard="incidents.html",
            act=_file_four,
        ),
        TourStep(
            title="The fifth",
            text="Eight days later another one comes in. Five in two months are more than chance makes of 6 a year.",
            look="The new issue gives the reason in counts, with the picture of the rate.",
            button="File one more",
            by_hand="Open one more issue with the label incident.",
            checks=_opened,
            page=_issue,
            dashboard="incidents.html",
            act=_file_fifth,
        ),
        TourStep(
            title="The same again",
            text="reassay looks once more. The same incident is one incident, however often it is read.",
            look="Nothing has changed in the issue.",
            button="Sweep again",
            by_hand="",
            checks=_again,
            page=_issue,
            dashboard="incidents.html",
            act=_sweep_again,
        ),
    ),
    done="Nobody had to notice the trend: a rule that was written down before did, and says why in counts.",
)
