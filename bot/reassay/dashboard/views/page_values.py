"""Values of the dashboard's pages, prepared once for all of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final

from reassay.dashboard.coverage_values import CommitmentLine, DeploymentColumn, IncidentChart, LanguageCell
from reassay.dashboard.pictures import picture_names, picture_text
from reassay.dashboard.subject_values import CriterionFigure, DashboardRecord, DashboardSubject, EffectivenessSeries
from reassay.dashboard.values import Dashboard, DashboardDuty
from reassay.dashboard.views.addresses import RepositoryLinks, anchor, page_name
from reassay.dashboard.views.cell_rows import CellTableRow, cell_row, choices
from reassay.dashboard.views.duty_lists import DutyList, duty_lists
from reassay.dashboard.views.figure_words import FigureText, figure_text
from reassay.dashboard.views.months import EventMonth, MonthEnd, event_months, month_ends
from reassay.dashboard.views.state_words import (
    AUDIENCES,
    PROBLEMS,
    STANDINGS,
    STATES,
    Tone,
    ToneWords,
    decision_tone,
    state_words,
)

_STANDING_RANK: Final = {standing: rank for rank, standing in enumerate(STANDINGS)}


@dataclass(frozen=True, slots=True)
class SiteFrame:
    """What surrounds the dashboard where it is served. Addresses are the server's own, never data."""

    home_label: str = ""
    home_address: str = ""
    links: tuple[tuple[str, str], ...] = ()
    """Label and address."""
    login: str = ""
    """Who is signed in; empty for nobody."""
    sign_out_address: str = ""
    """Where the form for signing out is sent; empty without one."""
    form: str = ""
    """The value by which the server knows its own form."""
    notice: str = ""
    """A sentence on top of each page."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of the site with its alternative text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """A subject with its cells and its results over time."""

    subject: DashboardSubject
    rows: tuple[CellTableRow, ...]
    series: tuple[tuple[EffectivenessSeries, Drawing | None], ...]


@dataclass(frozen=True)
class PageValues:
    """Parts of a dashboard in the order and the words of its pages."""

    dashboard: Dashboard
    has_pictures: bool

    @cached_property
    def links(self) -> RepositoryLinks:
        """Addresses on GitHub."""
        return RepositoryLinks(self.dashboard.url.rstrip("/"), self.dashboard.commit)

    @cached_property
    def pictures(self) -> tuple[str, ...]:
        """Names of the pictures; none if they cannot be drawn."""
        if not self.has_pictures:
            return ()
        return picture_names(self.dashboard)

    def drawing(self, name: str) -> Drawing | None:
        """A picture by its name; None if there is none."""
        if name not in self.pictures:
            return None
        return Drawing(name, picture_text(self.dashboard, name))

    @cached_property
    def duties(self) -> tuple[DutyList, ...]:
        """Duties by group and role."""
        return duty_lists(self.dashboard.duties, self.links)

    def group(self, name: str) -> DutyList | None:
        """The duties of a group; None if there are none."""
        return next((own for own in self.duties if own.group == name), None)

    def duty_state(self, duty: DashboardDuty) -> str:
        """The state of a duty in words; what is not a state of a cell is in words already."""
        return STATES[duty.state].words if duty.state in STATES else duty.state

    @cached_property
    def problem_kinds(self) -> str:
        """Numbers of problems by kind: `1 cannot be read, 2 ledger`; empty without any."""
        numbers: dict[str, int] = defaultdict(int)
        for problem in self.dashboard.problems:
            numbers[PROBLEMS[problem.kind].words] += 1
        return ", ".join(f"{number} {words[:1].lower()}{words[1:]}" for words, number in numbers.items())

    @cached_property
    def roles(self) -> tuple[tuple[str, str, int], ...]:
        """Each role that has a duty: title, anchor of its first list, and number of its duties."""
        first: dict[str, str] = {}
        numbers: dict[str, int] = defaultdict(int)
        for group in self.duties:
            for role in group.roles:
                first.setdefault(role.title, role.anchor)
                numbers[role.title] += len(role.rows)
        return tuple((title, place, numbers[title]) for title, place in first.items())

    @cached_property
    def rows(self) -> tuple[CellTableRow, ...]:
        """The cells, most urgent first."""
        return tuple(cell_row(cell) for cell in self.dashboard.cells)

    @cached_property
    def wrong(self) -> int:
        """Number of cells that need attention."""
        return sum(cell.is_wrong for cell in self.dashboard.cells)

    @cached_property
    def states(self) -> tuple[tuple[str, ToneWords, int], ...]:
        """State, its words and its number of cells."""
        return tuple((state, state_words(state), number) for state, number in self.dashboard.summary)

    @cached_property
    def choices(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """What cells can be filtered by: owners, deployments and kinds, each with its number of cells."""
        cells = self.dashboard.cells
        return {
            "owner": choices(cell.owner for cell in cells),
            "deployment": choices(cell.deployment for cell in cells),
            "kind": choices(cell.kind for cell in cells),
        }

    @cached_property
    def commitments(self) -> tuple[CommitmentLine, ...]:
        """Commitments, broken ones first."""
        return tuple(sorted(self.dashboard.commitments, key=lambda line: _STANDING_RANK[line.standing]))

    @cached_property
    def standings(self) -> tuple[tuple[ToneWords, int], ...]:
        """Each standing that a commitment has, and how many have it."""
        numbers: dict[str, int] = defaultdict(int)
        for line in self.commitments:
            numbers[line.standing] += 1
        return tuple((STANDINGS[standing], number) for standing, number in numbers.items())

    @cached_property
    def broken(self) -> int:
        """Number of commitments that are broken, or of which nobody can tell."""
        return sum(line.standing in {"broken", "not-determinable"} for line in self.commitments)

    @cached_property
    def is_unread(self) -> bool:
        """Whether a part of the register cannot be read, so that a table may lack what is in it."""
        return any(problem.kind in {"unreadable", "error"} for problem in self.dashboard.problems)

    def empty(self, noun: str, otherwise: str = "") -> str:
        """The text in place of a table without rows. It calls nothing absent that may only be unreadable."""
        if self.is_unread:
            return f"No {noun} can be read: the register has errors."
        return otherwise or f"No {noun} is registered."

    @cached_property
    def worst_standing(self) -> Tone:
        """The tone of the worst commitment; not a calm one where some may not be read."""
        tone = STANDINGS[self.commitments[0].standing].tone if self.commitments else "quiet"
        return "unsure" if self.is_unread and tone in {"good", "quiet"} else tone

    @cached_property
    def layers_tone(self) -> Tone:
        """The tone of the number of places that are short of layers."""
        short, single = self.weak_layers
        calm: Tone = "good" if self.dashboard.cells else "quiet"
        return "bad" if short else "unsure" if self.is_unread else "warn" if single else calm

    @cached_property
    def months(self) -> tuple[EventMonth, ...]:
        """The timeline by month."""
        return event_months(self.dashboard.timeline, self.dashboard.today)

    @cached_property
    def incidents(self) -> tuple[tuple[IncidentChart, tuple[MonthEnd, ...], Drawing | None], ...]:
        """Incident rates with their month ends and pictures."""
        return tuple(
            (chart, month_ends(chart), self.drawing(f"incidents-{number}"))
            for number, chart in enumerate(self.dashboard.incident_charts, 1)
        )

    @cached_property
    def weak_layers(self) -> tuple[int, int]:
        """Numbers of threat models and deployments with too few layers, and with a single point of failure."""
        cells = [cell for row in self.dashboard.layers for cell in row.cells if cell.applies]
        return sum(cell.is_short for cell in cells), sum(bool(cell.single_point) for cell in cells)

    @cached_property
    def audiences(self) -> tuple[tuple[str, int], ...]:
        """Neighbouring deployments with one audience: its words and their number."""
        audiences = groupby(self.dashboard.deployments, key=lambda column: column.audience)
        return tuple((AUDIENCES.get(name, name), len(list(own))) for name, own in audiences)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Names of the facts that some deployment states."""
        return tuple(dict.fromkeys(name for column in self.dashboard.deployments for name, _ in column.facts))

    def fact(self, column: DeploymentColumn, name: str) -> str:
        """A fact of a deployment; empty if it does not state it."""
        return "; ".join(value for own, value in column.facts if own == name)

    @cached_property
    def languages(self) -> tuple[tuple[str, tuple[LanguageCell | None, ...]], ...]:
        """Each language with its cell in each deployment of `spoken`."""
        cells = {(cell.language, cell.deployment): cell for cell in self.dashboard.languages}
        languages = dict.fromkeys(cell.language for cell in self.dashboard.languages)
        return tuple(
            (language, tuple(cells.get((language, deployment)) for deployment in self.spoken)) for language in languages
        )

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """Deployments that state a language."""
        return tuple(dict.fromkeys(cell.deployment for cell in self.dashboard.languages))

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The title of each subject, by id."""
        return {subject.id: subject.title for subject in self.dashboard.subjects}

    def page_of(self, subject: str) -> str:
        """The path of a subject's page; empty if it has none."""
        return f"subjects/{page_name(subject)}.html" if subject in self.titles else ""

    @cached_property
    def _records(self) -> frozenset[tuple[str, str]]:
        return frozenset((subject.id, record.id) for subject in self.dashboard.subjects for record in subject.records)

    def record_address(self, subject: str, record: str) -> str:
        """The path of a record on its subject's page; empty if it is not there."""
        is_there = (subject, record) in self._records
        return f"{self.page_of(subject)}#{anchor('record', record)}" if is_there else ""

    @cached_property
    def _in_force(self) -> frozenset[tuple[str, str]]:
        """Subjects and records on which a cell that is current or due soon rests."""
        return frozenset((row.cell.subject, row.cell.record) for row in self.rows if row.is_fine)

    def decision_tone(self, subject: str, record: str, decision: str) -> Tone:
        """The tone of a decision: a past one that nothing rests on any more is not shown as good."""
        return self.past_tone(subject, record, decision_tone(decision))

    def past_tone(self, subject: str, record: str, tone: Tone) -> Tone:
        """The tone of something in a record: quiet instead of good if no cell that is current or due soon rests on it."""
        return "quiet" if tone == "good" and (subject, record) not in self._in_force else tone

    def past_figure(self, figure: CriterionFigure) -> FigureText:
        """A result of a record, which says nothing about today."""
        return figure_text(figure, is_past=True)

    def untrusted(self, record: DashboardRecord) -> int:
        """Number of ledger entries of a record whose signature is not valid, or by a key that was not in force."""
        return sum(entry.trust in {"unknown-key", "broken"} for entry in record.entries)

    def subject_page(self, subject: DashboardSubject) -> SubjectPage:
        """What the page of a subject shows."""
        return SubjectPage(
            subject=subject,
            rows=tuple(self.rows_of_subjects[subject.id]),
            series=tuple((own, self.drawing(f"effectiveness-{number}")) for number, own in self.series[subject.id]),
        )

    @cached_property
    def rows_of_subjects(self) -> Mapping[str, Sequence[CellTableRow]]:
        """The cells of each subject."""
        rows: dict[str, list[CellTableRow]] = defaultdict(list)
        for row in self.rows:
            rows[row.cell.subject].append(row)
        return rows

    @cached_property
    def series(self) -> Mapping[str, Sequence[tuple[int, EffectivenessSeries]]]:
        """The results over time of each subject, each with its number among all."""
        series: dict[str, list[tuple[int, EffectivenessSeries]]] = defaultdict(list)
        for number, own in enumerate(self.dashboard.series, 1):
            series[own.subject].append((number, own))
        return series
