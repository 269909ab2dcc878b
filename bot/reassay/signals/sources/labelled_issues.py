"""Issues with a label: incidents or information, with the answers of an issue form if they were filed with one.

Whatever an issue says is data. Closing one resolves an incident if it was closed as completed; closed as not planned, or as a
duplicate, it counts as before, and its title says how it was closed: a feed closes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeVar

from reassay.register.incident import Severity
from reassay.register.signal_sources import IssuesSource
from reassay.signals.source_readings import LabelledIssue, Signal, SourceContext, SourceReader, SourceReading
from reassay.signals.sources import field_values as values
from reassay.signals.sources.issue_forms import FormField, form_answers
from reassay.signals.sources.register_ids import checked_ids
from reassay.signals.sources.rows import listed_problems

T = TypeVar("T")
_CLOSED: Final = {"not-planned": " (closed as not planned)", "duplicate": " (closed as a duplicate)"}


def _read(spec: IssuesSource, context: SourceContext) -> SourceReading:
    issues = context.issues(spec.repository, spec.label)
    problems: list[str] = []
    signals = tuple(_signal(spec, issue, context.now, problems) for issue in issues)
    newest = max((_came(issue) for issue in issues), default=None)
    reading = SourceReading(signals=signals, newest=newest, problems=listed_problems(problems))
    return checked_ids(reading, spec, context.register)


def _came(issue: LabelledIssue) -> datetime:
    """When the issue came to the source: an old one that gets the label today is new today."""
    return issue.labelled_at or issue.created_at


def _signal(spec: IssuesSource, issue: LabelledIssue, now: datetime, problems: list[str]) -> Signal:
    answers = _Answers(issue, form_answers(issue.body), now, problems)
    is_incident = spec.gives == "incidents"
    suffix = _CLOSED.get(issue.closed_as or "", "")
    title = values.line_of(issue.title) or "without a title"
    resolved = answers.instant("resolved_at")
    if issue.closed_as == "completed":
        resolved = resolved or issue.closed_at
    return Signal(
        key=str(issue.number),
        title=f"{title[: values.LONGEST_LINE - len(suffix)]}{suffix}",
        first_seen_at=answers.instant("first_seen_at") or _came(issue),
        occurred_at=answers.instant("occurred_at") if is_incident else None,
        resolved_at=resolved if is_incident else None,
        severity=answers.severity() if is_incident else None,
        incident_kind=answers.single("kind", values.incident_kind_of, "incident") if is_incident else None,
        information_kind=None if is_incident else answers.single("kind", values.information_kind_of, None),
        mitigations=answers.mitigations(),
        deployment=answers.single("deployment", values.id_of, None),
        root_cause=answers.single("root_cause", _first_line, None) if is_incident else None,
        url=values.url_of(issue.url),
    )


class _Answers:
    """The answers of one issue; what is odd is added to the problems."""

    def __init__(
        self, issue: LabelledIssue, given: Mapping[FormField, Sequence[str]], now: datetime, problems: list[str]
    ) -> None:
        self.issue, self.given, self.now, self.problems = issue, given, now, problems
        for field, answers in given.items():
            if len(set(answers)) > 1:
                self.odd(field, f"is answered {len(answers)} times; the worst answer counts. Keep one heading")

    def odd(self, field: FormField, words: str) -> None:
        self.problems.append(f"Issue #{self.issue.number}: '{field.replace('_', ' ')}' {words}.")

    def read(self, field: FormField, read: Callable[[object], T], worst: T, remark: str = "") -> list[T]:
        """All answers to a question; `worst` for each that cannot be understood."""
        results: list[T] = []
        for answer in dict.fromkeys(self.given.get(field, ())):
            try:
                results.append(read(answer))
            except values.OddValueError as error:
                self.odd(field, f"{error}{remark}")
                results.append(worst)
        return results

    def single(self, field: FormField, read: Callable[[object], T], worst: T | None) -> T | None:
        """The answer; `worst` if it cannot be understood, or if there are several."""
        results = self.read(field, read, worst)
        return results[0] if len(results) == 1 else worst if results else None

    def severity(self) -> Severity | None:
        results = self.read("severity", values.severity_of, Severity.CRITICAL, "; it counts as critical")
        return max(results, key=list(Severity).index, default=None)

    def instant(self, field: FormField) -> datetime | None:
        """The earliest answer; of a resolution none if there are several, since one of them says that it was not yet."""
        results = self.read(field, lambda value: values.instant_of(value, self.now), None)
        instants = [instant for instant in results if instant is not None]
        if field == "resolved_at" and len(results) > 1:
            return None
        return min(instants, default=None)

    def mitigations(self) -> tuple[str, ...]:
        """The ids as written, so that one that is none is missed in the register."""
        return tuple(
            dict.fromkeys(
                values.line_of(word).strip("`.@#*\"'()[]")
                for answer in self.given.get("mitigations", ())
                for word in values.texts_of(answer)
            )
        )


def _first_line(value: object) -> str:
    return values.line_of(str(value).splitlines()[0])


READER = SourceReader("issues", IssuesSource, frozenset({"action", "app"}), is_pushed=False, read=_read)
