"""The answer of `reassay signals replay`: as text, as a document, as a table and as the values of a picture."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reassay.common.calendar import day_words
from reassay.common.csv_cells import neutralised
from reassay.common.json_text import to_json
from reassay.common.sentences import count_words, number_words
from reassay.register.finding import inert
from reassay.signals.rates.accepted import DAY, unexposed_days
from reassay.signals.replay.lines import rate_days
from reassay.signals.replay.replay import Replay
from reassay.signals.replay.rules import CeilingRule, ChangeRule, ReplayedAlarm
from reassay.signals.views.rate_picture import (
    PictureAlarm,
    RatePicture,
    accepted_words,
    incidents_words,
)


@dataclass(frozen=True, slots=True)
class ShownReplay:
    """A replay, with the words that are shown beside it."""

    replay: Replay
    title: str
    rule: str
    """The rule as stated: `accepted: 6 per year`."""
    habit: str
    """How people decide: `at-alarm`, `never`, or an interval."""
    baseline: int
    """Rows of one day above which they are an import."""
    exposure_unit: str = ""
    """Empty for a rule per time."""
    no_occurrence: int = 0
    """Incidents without a day on which they happened."""

    @property
    def blind(self) -> tuple[date, ...]:
        """Days of which no exposure is known although the rule is by exposure."""
        series = self.replay.series
        return unexposed_days(series.exposure, series.began, series.until) if self.exposure_unit else ()


def alarm_words(alarm: ReplayedAlarm) -> str:
    """One alarm in counts: `5 incidents since 1 Jan 2026; 1 was accepted by now; 5 is the number at which this rule fires`."""
    counted = f"{incidents_words(alarm.incidents)} since {day_words(alarm.since, year=True)}"
    accepted = f"; {accepted_words(alarm.accepted)} accepted by then" if alarm.accepted is not None else ""
    if alarm.fires_at is None:
        return f"{counted}{accepted}; the last ones came too close together for that"
    return f"{counted}{accepted}; {number_words(alarm.fires_at)} is the number at which this rule fires"


def replay_text(shown: ShownReplay) -> str:
    """The rule, the series, what was left out, and each alarm in counts."""
    replay, series = shown.replay, shown.replay.series
    first, last = day_words(series.began + DAY, year=True), day_words(series.until, year=True)
    lines = [
        f"Rule: {inert(shown.rule)}",
        f"Series: {_counted(shown)} from {first} to {last}, by the day on which each was first seen.",
        *_left_out(shown),
        f"Decisions: {_habit(shown)}",
        "",
    ]
    if not replay.alarms:
        lines.append("It would not have alarmed.")
    else:
        times = {1: "once", 2: "twice"}.get(len(replay.alarms), f"{len(replay.alarms):,} times")
        lines.append(f"It would have alarmed {times}:")
        lines += [f"  {alarm.on}  {_level(shown, alarm):<13}  {alarm_words(alarm)}." for alarm in replay.alarms]
    return "\n".join([*lines, "", *_end(shown)]) + "\n"


def _counted(shown: ShownReplay) -> str:
    incidents = shown.replay.series.incidents
    causes = len({own.cause for own in incidents})
    of_causes = f" of {count_words(causes, 'cause')}" if causes < len(incidents) else ""
    return f"{incidents_words(sum(own.number for own in incidents))}{of_causes}"


def _left_out(shown: ShownReplay) -> Iterator[str]:
    series = shown.replay.series
    for own in series.imports:
        yield (
            f"Baseline: {own.rows:,} rows came on {day_words(own.day, year=True)}, more than {shown.baseline:,} in one day:"
            " an import. They only set the baseline, and raise no alarm."
        )
    if series.before:
        yield f"Before the watch: {incidents_words(series.before)}, which are not counted."
    if shown.no_occurrence:
        yield f"Without a usable day on which they happened: {incidents_words(shown.no_occurrence)}; they count, too."
    if shown.blind:
        days = count_words(len(shown.blind), "day")
        first = day_words(shown.blind[0], year=True)
        yield f"Blind: the exposure of {days} is unknown or zero, the first {first}. Nothing is accepted on them."


def _habit(shown: ShownReplay) -> str:
    number = len(shown.replay.decisions)
    if shown.habit == "never":
        return "never; what has fired stays fired, and only a higher level is a new alarm."
    if shown.habit == "at-alarm":
        return "on the day of each alarm."
    return f"{shown.habit}, {number:,} in all."


def _level(shown: ShownReplay, alarm: ReplayedAlarm) -> str:
    if alarm.level is None:
        return "change" if isinstance(shown.replay.rule, ChangeRule) else "promise"
    return f"{alarm.depth} ({alarm.level:,.0f})" if alarm.level < 1e6 else f"{alarm.depth} ({alarm.level:.0e})"  # noqa: PLR2004 -- a width


def _end(shown: ShownReplay) -> list[str]:
    last = rate_days(shown.replay.rule, shown.replay.stretches, shown.replay.series.began, shown.replay.series.until)[
        -1
    ]
    left = max(0.0, last.fires_at - last.incidents)
    return [f"At the end {_more(left)} would fire it." if left else "At the end it fires."]


def _more(left: float) -> str:
    return f"{number_words(left)} more incident{'' if left == 1 else 's'}"


def replay_document(shown: ShownReplay) -> str:
    """`reassay/signals-replay/v1`."""
    series = shown.replay.series
    return to_json(
        {
            "schema": "reassay/signals-replay/v1",
            "rule": shown.rule,
            "method": _method(shown),
            "decide": shown.habit,
            "from": str(series.began + DAY),
            "until": str(series.until),
            "incidents": sum(own.number for own in series.incidents),
            "before": series.before,
            "baseline": [{"day": str(own.day), "rows": own.rows} for own in series.imports],
            "no_occurrence": shown.no_occurrence,
            "blind_days": [str(day) for day in shown.blind],
            "decisions": [str(day) for day in shown.replay.decisions],
            "alarms": [_document(alarm) for alarm in shown.replay.alarms],
        }
    )


def _method(shown: ShownReplay) -> str:
    match shown.replay.rule:
        case CeilingRule():
            return "evidence"
        case ChangeRule():
            return "change"
        case _:
            return "promise"


def _document(alarm: ReplayedAlarm) -> dict[str, object]:
    return {
        "on": str(alarm.on),
        "since": str(alarm.since),
        "incidents": alarm.incidents,
        "accepted": alarm.accepted,
        "fires_at": alarm.fires_at,
        "level": alarm.level,
        "depth": alarm.depth,
        "words": alarm_words(alarm),
    }


def replay_table(shown: ShownReplay) -> str:
    """The alarms as CSV."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("on", "since", "incidents", "accepted", "fires_at", "level", "depth"))
    for alarm in shown.replay.alarms:
        document = _document(alarm)
        writer.writerow(
            neutralised("" if document[name] is None else str(document[name]))
            for name in ("on", "since", "incidents", "accepted", "fires_at", "level", "depth")
        )
    return written.getvalue()


def replay_picture(shown: ShownReplay) -> RatePicture:
    """The values of the picture."""
    replay, series = shown.replay, shown.replay.series
    exposure = series.exposure if shown.exposure_unit else None
    days = rate_days(replay.rule, replay.stretches, series.began, series.until, exposure)
    totals = {own.day: own.incidents for own in days}
    return RatePicture(
        title=shown.title,
        rule=shown.rule,
        days=days,
        occurred=series.occurred,
        alarms=tuple(PictureAlarm(alarm.on, totals[alarm.on]) for alarm in replay.alarms),
        decisions=replay.decisions,
        exposure_unit=shown.exposure_unit,
    )
