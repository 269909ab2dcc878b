"""Values that the parts of the sample dashboard share: its day, its addresses, its places and its criteria."""

from datetime import UTC, date, datetime, timedelta

from reassay.dashboard.subject_values import (
    CriterionFigure,
    SourcePlace,
)

TODAY = date(2026, 11, 30)
AT = datetime(2026, 11, 30, 14, 2, tzinfo=UTC)
URL = "https://github.com/example-lab/framework"
COMMIT = "0df4f7d2a1b3" + "c" * 28
CONCLUDE = "/reassay conclude ineffective|degraded|inconclusive|effective because <findings>"


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def place(file: str, line: int) -> SourcePlace:
    return SourcePlace(path=f"framework/{file}", line=line)


BLOCKED = CriterionFigure(
    criterion="Jailbreaks that get through",
    kind="rate",
    verdict="met",
    basis="tested",
    value=0.0211,
    lower=0.0044,
    upper=0.0606,
    level=0.95,
    target=0.1,
    k=3,
    n=142,
    on=date(2026, 8, 28),
    record="R-2026-007",
)
RECALL = CriterionFigure(
    criterion="Recall on known attacks",
    kind="detector",
    verdict="missed",
    basis="tested",
    why="the upper end of the interval is below the target",
    value=0.81,
    lower=0.765,
    upper=0.849,
    level=0.95,
    target=0.9,
    is_ceiling=False,
    k=267,
    n=330,
    on=date(2026, 10, 12),
    record="R-2026-011",
)
DRILL = CriterionFigure(
    criterion="Time until access is cut",
    kind="duration",
    verdict="exceeded",
    basis="exercised",
    why="one of four drills took longer",
    value=74.0,
    target=60.0,
    unit="minutes",
    n=4,
    on=date(2026, 9, 2),
    record="R-2026-009",
)
NOT_MEASURED = CriterionFigure(
    criterion="False positives on traffic",
    kind="detector",
    verdict="not-measured",
    basis="",
    why="no result names it",
    target=0.01,
)
INSUFFICIENT = CriterionFigure(
    criterion="Uplift in a staged task",
    kind="rate",
    verdict="insufficient",
    basis="tested",
    why="12 attempts are too few for a bound of 5%",
    value=0.0,
    lower=0.0,
    upper=0.265,
    level=0.95,
    target=0.05,
    k=0,
    n=12,
    on=date(2026, 11, 20),
    record="R-2026-014",
)
CENSUS = CriterionFigure(
    criterion="Staff trained",
    kind="census",
    verdict="met",
    basis="counted",
    value=0.987,
    target=0.95,
    is_ceiling=False,
    k=228,
    n=231,
    on=date(2026, 5, 11),
    record="R-2026-003",
)
