"""The page of the branch `reassay-dashboard`: the dashboard as Markdown that GitHub shows, with pictures beside it."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Final
from urllib.parse import quote

from reassay.common.calendar import day_words, due_words
from reassay.common.environment import render
from reassay.common.inert import Markdown, code, inert, plain, prose
from reassay.common.sentences import alternatives, capitalised
from reassay.dashboard.pictures import picture_names, picture_text
from reassay.dashboard.pictures.picture_parts import UNMET
from reassay.dashboard.subject_values import DashboardCell, SourcePlace
from reassay.dashboard.values import Dashboard, DashboardDuty, DashboardProblem
from reassay.github.addresses import revision_of

FOLDER: Final = "pictures"
MOST_PICTURES: Final = 8
"""Pictures of results over time on the page, those that missed a target last first; the same of incident rates."""
LIMIT: Final = 120_000
"""Characters of the page. GitHub shows 512,000 bytes of a page, and no character of it has more than four."""
_MOST_LISTED: Final = (200, 100, 50, 20, 10, 5, 2, 0)
"""Lines of each list, at most: the first number with which the page is short enough."""
_LONGEST: Final = 300
"""Characters of a text of the register."""
_MOST_CELLS: Final = 5
_PROBLEMS: Final = {
    "unreadable": "unreadable",
    "error": "register error",
    "blind": "source cannot be relied on",
    "ledger": "ledger",
    "sweep": "sweep",
    "verdict": "verdict not confirmed",
}
_STANDINGS: Final = ("broken", "not-determinable", "at-risk", "kept", "not-in-force")


def page_pictures(dashboard: Dashboard) -> tuple[str, ...]:
    """The names of the pictures on the page: states, timeline, and the first of the others by urgency."""
    names = picture_names(dashboard)
    incidents = [name for name in names if name.startswith("incidents-")]
    incidents.sort(key=lambda name: not dashboard.incident_charts[_index(name)].fired)
    results = [name for name in names if name.startswith("effectiveness-")]
    results.sort(key=lambda name: dashboard.series[_index(name)].points[-1].verdict not in UNMET)
    first = [name for name in names if name in {"states", "timeline"}]
    return (*first, *incidents[:MOST_PICTURES], *results[:MOST_PICTURES])


def page_text(dashboard: Dashboard, pictures: Collection[str], issue: int | None) -> str:
    """The page without its marker. `pictures`: names of those that lie beside it. `issue`: number of the dashboard issue.

    No text of the register is markup, a link or a mention in it. Links are relative, so the repository may get a new name.
    """
    pages = (_page(dashboard, pictures, issue, most) for most in _MOST_LISTED)
    return f"{next((page for page in pages if len(page) <= LIMIT), '')}\n"


def ended_text() -> str:
    """The page of a dashboard that was switched off."""
    return f"{render('dashboard/branch_readme_ended')}\n"


def _page(dashboard: Dashboard, pictures: Collection[str], issue: int | None, most: int) -> Markdown:
    now = [duty for duty in dashboard.duties if duty.group == "now"]
    later = [duty for duty in dashboard.duties if duty.group != "now"]
    wrong = [cell for cell in dashboard.cells if cell.is_wrong]
    calm = [cell for cell in dashboard.cells if not cell.is_wrong]
    commitments = sorted(dashboard.commitments, key=lambda own: _STANDINGS.index(own.standing))
    shown = [name for name in page_pictures(dashboard) if name in pictures]
    all_of = len(picture_names(dashboard))
    next_date = _next_date(dashboard)
    return render(
        "dashboard/branch_readme",
        dashboard=dashboard,
        at=Markdown(due_words(dashboard.today, dashboard.at)),
        summary=[(_short(state), count) for state, count in dashboard.summary],
        provenance=[
            Markdown(f"{inert(_short(name.lower()))} {code(_short(value))}") for name, value in dashboard.provenance
        ],
        trust=_prose(dashboard.trust),
        next_date=Markdown(day_words(next_date, year=True)) if next_date else "",
        issue=_link(issue) if issue else "",
        problems=[_problem(own, dashboard.commit) for own in dashboard.problems[:most]],
        problems_more=len(dashboard.problems[most:]),
        now=[_duty(own) for own in now[:most]],
        now_more=len(now[most:]),
        later=[_duty(own) for own in later[:most]],
        later_more=len(later[most:]),
        later_total=len(later),
        wrong=[_cell(own) for own in wrong[:most]],
        wrong_more=len(wrong[most:]),
        calm=[_cell(own) for own in calm[:most]],
        calm_more=len(calm[most:]),
        calm_total=len(calm),
        commitments=[
            {
                "standing": own.standing,
                "title": _short(own.title),
                "why": _prose(own.why),
                "due": Markdown(day_words(own.due, year=True)) if own.due else "",
            }
            for own in commitments[:most]
        ],
        commitments_more=len(commitments[most:]),
        states_image=_image(dashboard, "states") if "states" in shown else "",
        timeline_image=_image(dashboard, "timeline") if "timeline" in shown else "",
        incidents=[_image(dashboard, name) for name in shown if name.startswith("incidents-")],
        results=[_image(dashboard, name) for name in shown if name.startswith("effectiveness-")],
        pictures_more=all_of - len(page_pictures(dashboard)),
        has_pictures=bool(shown) or not picture_names(dashboard),
    )


def _next_date(dashboard: Dashboard) -> date | None:
    """The first date to come on which something is due; None without one."""
    dates = [*(cell.due for cell in dashboard.cells), *(duty.due for duty in dashboard.duties)]
    return min((day for day in dates if day is not None and day >= dashboard.today), default=None)


def _index(name: str) -> int:
    return int(name.rpartition("-")[2]) - 1


def _short(text: str) -> str:
    shown = plain(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _link(number: int) -> Markdown:
    return Markdown(f"[#{number}](../../issues/{number})")


def _file(place: SourcePlace, commit: str) -> Markdown:
    words = inert(_short(f"{place.path}:{place.line}"))
    if len(place.path) > _LONGEST:
        return words
    return Markdown(f"[{words}](../../blob/{revision_of(commit)}/{quote(place.path, safe='/')}#L{place.line})")


def _image(dashboard: Dashboard, name: str) -> Markdown:
    return Markdown(f"![{inert(picture_text(dashboard, name))}]({FOLDER}/{name}.svg)")


def _people(logins: Sequence[str]) -> Markdown:
    """Logins as code, of whom one is enough: they are named and not notified."""
    shown = [*(code(_short(login)) for login in logins[:_MOST_CELLS])]
    more = [Markdown(f"{len(logins) - _MOST_CELLS} more")] if len(logins) > _MOST_CELLS else []
    return Markdown(alternatives(*shown, *more))


def _prose(text: str) -> Markdown:
    return prose(_short(text))


def _problem(problem: DashboardProblem, commit: str) -> Markdown:
    return Markdown(" ".join(_problem_parts(problem, commit)))


def _problem_parts(problem: DashboardProblem, commit: str) -> Iterator[str]:
    place = _file(problem.place, commit) if problem.place else ""
    is_place = problem.place is not None and problem.what == f"{problem.place.path}:{problem.place.line}"
    number = f"{_link(problem.issue)} " if problem.issue else ""
    what = place if is_place else inert(_short(problem.what))
    yield f"**{_PROBLEMS[problem.kind].capitalize()}:** {number}{what}: {_prose(problem.why)}"
    if problem.remedy:
        yield _prose(problem.remedy)
    if place and not is_place:
        yield f"({place})"
    if problem.since:
        yield f"Since {day_words(problem.since, year=True)}."
    if problem.owner:
        yield f"· {code(_short(problem.owner))}"


def _duty(duty: DashboardDuty) -> Markdown:
    return Markdown("".join(_duty_parts(duty)))


def _duty_parts(duty: DashboardDuty) -> Iterator[str]:
    yield "**Overdue:** " if duty.is_late else ""
    yield f"{_link(duty.issue)} " if duty.issue else ""
    yield inert(_short(duty.what))
    cells = [cell for cell in duty.cells if cell != "*"]
    if cells:
        more = f" and {len(cells) - _MOST_CELLS} more" if len(cells) > _MOST_CELLS else ""
        yield f" ({', '.join(code(_short(cell)) for cell in cells[:_MOST_CELLS])}{more})"
    yield f": {_prose(duty.verb)}" if duty.verb else ""
    if duty.due:
        yield f", {'was due' if duty.is_late else 'due'} {due_words(duty.due, duty.due_at)}"
    yield f" · {_people(duty.people) or 'nobody can do it now'}"
    yield f" (role {code(_short(duty.role))})" if duty.role else ""
    yield f". {_prose(capitalised(duty.state))}" if duty.state else ""


def _cell(cell: DashboardCell) -> dict[str, str]:
    blind = "" if not cell.is_blind or cell.state == "unknown" else ", a source is missing"
    number = f"{_link(cell.issue)} " if cell.issue else ""
    where = "" if cell.deployment == "*" else f" ({code(_short(cell.deployment))})"
    return {
        "state": f"{_short(cell.state)}{blind}",
        "what": Markdown(f"{number}{inert(_short(cell.title))}{where}"),
        "owner": _short(cell.owner),
        "verdict": _short(cell.verdict),
        "reason": _prose(cell.reason),
        "due": Markdown(f"due {due_words(cell.due, cell.due_at)}") if cell.due else "",
    }
