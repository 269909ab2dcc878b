"""A typo in the register: what cannot be read is said to be unreadable, never left out, until it is mended."""

from typing import Final

from reassay_sandbox.demo.environment import DemoEnvironment
from reassay_sandbox.demo.facts import issue_named, issue_path, states, words_of
from reassay_sandbox.demo.tours.tour_step import Checks, Tour, TourStep

SUBJECT: Final = "rate-limits"
FILE: Final = "framework/mitigations/rate-limits.yml"
EDITOR: Final = "infrastructure-lead"
_TITLE: Final = "The register has "


def _text(demo: DemoEnvironment) -> bytes:
    return demo.repo.read("main", FILE) or b""


def _has_typo(demo: DemoEnvironment) -> bool:
    return b"evry:" in _text(demo)


def _break(demo: DemoEnvironment) -> None:
    if not _has_typo(demo):
        changed = _text(demo).replace(b"every: 1 year", b"evry: 1 year")
        demo.repo.commit({FILE: changed}, message="Tidy up", author=EDITOR)
    demo.sweep()


def _mend(demo: DemoEnvironment) -> None:
    if _has_typo(demo):
        changed = _text(demo).replace(b"evry: 1 year", b"every: 1 year")
        demo.repo.commit({FILE: changed}, message="Correct a typo", author=EDITOR)
    demo.sweep()


def _leave(demo: DemoEnvironment) -> None:
    if _has_typo(demo):
        _mend(demo)


def _seen(demo: DemoEnvironment) -> Checks:
    issue = issue_named(demo, _TITLE)
    text, is_open = words_of(issue), issue is not None and issue.state == "open"
    return (
        ("one issue says that rate-limits is not watched", is_open and f"{SUBJECT} is not watched" in text),
        ("it gives file and line, and what was probably meant", is_open and FILE in text and "Did you mean" in text),
        ("it asks the owner to fix it", is_open and f"@{EDITOR}, please fix it" in text),
        ("the mitigation reads unreadable, and not current", is_open and states(demo, SUBJECT) == {"unreadable"}),
    )


def _mended(demo: DemoEnvironment) -> Checks:
    issue = issue_named(demo, _TITLE)
    is_closed = issue is not None and issue.state == "closed"
    return (
        ("the issue is closed", is_closed),
        ("it says that the entry can be read again", is_closed and "can be read again" in words_of(issue)),
        ("the mitigation has its own state again", is_closed and "unreadable" not in states(demo, SUBJECT)),
    )


def _issue(demo: DemoEnvironment) -> str:
    return issue_path(issue_named(demo, _TITLE))


TOUR: Final = Tour(
    "typo",
    "A typo in the register is seen, and nothing goes quiet",
    "A mitigation whose entry cannot be read would never fall due. So it must not just disappear.",
    (
        TourStep(
            title="Somebody tidies up",
            text="@infrastructure-lead pushes to main, past the pull request, and writes “evry: 1 year”.",
            look=(
                "One issue with file and line. On the dashboard the mitigation is unreadable, first and "
                "red. A second issue says that the merge gate was bypassed."
            ),
            button="Push the typo as @infrastructure-lead",
            by_hand=f"Edit {FILE} on the pages of the repository.",
            checks=_seen,
            page=_issue,
            act=_break,
        ),
        TourStep(
            title="Mended",
            text="@infrastructure-lead corrects the word.",
            look="The issue closes. The dashboard shows the mitigation as before.",
            button="Push the correction as @infrastructure-lead",
            by_hand=f"Edit {FILE} again.",
            checks=_mended,
            page=_issue,
            act=_mend,
        ),
    ),
    leave=_leave,
    done="What cannot be read counts as worse than overdue, until a person has fixed it.",
)
