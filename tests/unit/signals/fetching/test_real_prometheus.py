"""Against a real Prometheus server, where one is installed: what it gives for restarts, gaps, series that come, and errors."""

import json
import math
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reassay.register.register import Register
from reassay.register.signal_sources import PrometheusSource
from reassay.signals.fetching.fetch_settings import read_fetch_settings
from reassay.signals.fetching.lazy_reader import LazyHttpReader
from reassay.signals.source_readings import SourceContext, SourceReading, SourceUnreadError
from reassay.signals.sources.prometheus import READER
from tests.unit.signals.sources.source_lab import NOW, no_advisories, no_file, no_issues

PROMETHEUS, PROMTOOL = shutil.which("prometheus"), shutil.which("promtool")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not (PROMETHEUS and PROMTOOL), reason="no Prometheus server is installed"),
]
FIRST = int(datetime(2026, 11, 27, tzinfo=UTC).timestamp())
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def openmetrics() -> str:
    """Four days and some minutes of counters with a value every minute.

    `steady_total` rises by one an hour. `restarts_total` as well, and begins again on the second day at noon. `gap_total` has no values
    for three hours of the third day. `pods_total` has a second series from the third day on. `nan_total` is NaN for a while on the last.
    """
    times = range(FIRST - 10 * MINUTE, FIRST + 4 * DAY + 10 * MINUTE, MINUTE)
    noon, gap, nan = FIRST + DAY + DAY // 2, FIRST + 2 * DAY + 6 * HOUR, FIRST + 3 * DAY + 6 * HOUR
    hours = [(at, (at - FIRST) // HOUR) for at in times]
    series: dict[str, list[tuple[int, float]]] = {
        'steady_total{job="a"}': [(at, 100 + hour) for at, hour in hours],
        'restarts_total{job="a"}': [(at, 100 + hour if at < noon else hour - 36) for at, hour in hours],
        'gap_total{job="a"}': [(at, 100 + hour) for at, hour in hours if not gap <= at < gap + 3 * HOUR],
        'pods_total{pod="a"}': [(at, 100 + hour) for at, hour in hours],
        'pods_total{pod="b"}': [(at, hour) for at, hour in hours if at >= FIRST + 2 * DAY],
        'nan_total{job="a"}': [(at, math.nan if nan <= at < nan + HOUR else 100 + hour) for at, hour in hours],
    }
    lines = []
    for name, samples in series.items():
        family = f"# TYPE {name.partition('_total')[0]} counter"
        lines += [family] if family not in lines else []
        lines += [f"{name} {value} {at}" for at, value in samples]
    return "\n".join([*lines, "# EOF", ""])


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server that holds the samples."""
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "samples.txt").write_text(openmetrics())
    (folder / "prometheus.yml").write_text("global: {}\n")
    create = [
        str(PROMTOOL),
        "tsdb",
        "create-blocks-from",
        "openmetrics",
        str(folder / "samples.txt"),
        str(folder / "data"),
    ]
    subprocess.run(create, check=True, capture_output=True, timeout=120)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    yield from serve(folder, number)


def serve(folder: Path, port: int) -> Iterator[int]:
    command = [
        str(PROMETHEUS),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        "--storage.tsdb.retention.time=100y",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        try:
            wait_until_ready(port)
            yield port
        finally:
            running.terminate()


def wait_until_ready(port: int) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server is not ready")


def read(port: int, query: str, of: str = "counter") -> SourceReading:
    fields = {"id": "a", "kind": "prometheus", "url": f"http://127.0.0.1:{port}", "query": query, "of": of}
    http = LazyHttpReader(
        read_fetch_settings({"REASSAY_SOURCE_HOSTS": f"http://127.0.0.1:{port}"}, "app"), "example-lab/framework"
    )
    context = SourceContext(NOW, Register(), http, no_file, no_issues, no_advisories)
    try:
        return READER.read(PrometheusSource.model_validate_json(json.dumps(fields)), context)
    finally:
        http.close()


def counts(reading: SourceReading) -> dict[int, float]:
    """Counts by day of November."""
    return {count.day.day: round(count.count, 6) for count in reading.counts}


def test_a_counter_is_counted_by_day(port: int) -> None:
    reading = read(port, "steady_total")
    assert counts(reading) == {27: 24, 28: 24, 29: 24, 30: 24}
    assert reading.problems == ()
    assert reading.position == {"day": date(2026, 11, 30).isoformat()}


def test_a_restart_loses_nothing_that_was_counted_after_it(port: int) -> None:
    # 124 at midnight and 135 before noon; then zero at noon, and 12 at midnight.
    assert counts(read(port, "restarts_total")) == {27: 24, 28: 11 + 12, 29: 24, 30: 24}


def test_a_gap_and_a_series_that_comes_leave_days_unknown(port: int) -> None:
    gap = read(port, "gap_total")
    assert counts(gap) == {27: 24, 28: 24, 30: 24}
    assert [problem[:10] for problem in gap.problems] == ["2026-11-29"]
    pods = read(port, "pods_total")
    assert counts(pods) == {29: 48, 30: 48}
    nan = read(port, "nan_total")
    assert counts(nan) == {27: 24, 28: 24, 29: 24}
    assert "is not a number" in nan.problems[0]


def test_series_that_come_and_go_are_added_up_by_the_server(port: int) -> None:
    summed = counts(read(port, "sum(increase(pods_total[1d]))", of="per-day"))
    assert summed[28] == pytest.approx(24, abs=0.1)
    assert summed[30] == pytest.approx(48, abs=0.1)


def test_a_metric_that_does_not_exist_is_a_problem_and_no_zero(port: int) -> None:
    for query, of in (("no_such_total", "counter"), ("sum(increase(no_such_total[1d]))", "per-day")):
        reading = read(port, query, of)
        assert reading.counts == ()
        assert reading.problems[0].startswith("The query matches no series")


def test_a_query_that_is_none_is_refused_with_what_to_check(port: int) -> None:
    with pytest.raises(SourceUnreadError, match=r"answered 400 \(Bad Request\)\. Check what the source asks for\."):
        read(port, "sum(")
