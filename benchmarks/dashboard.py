"""The dashboard: the static report beside `status` of the same register, and how long the App takes to answer with its pages."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.common import PRODUCT, ROOT, ROUNDS, Row, quickest, ratio, repository

ANSWERS = """\
import json, sys, time
from pathlib import Path
from reassay.dashboard.site import Site
from reassay.dashboard.values import Dashboard
from reassay.hosted.dashboards import packed, unpacked

stored = packed(Dashboard.model_validate_json(Path(sys.argv[1]).read_bytes()))
Site(Dashboard.model_validate_json(Path(sys.argv[2]).read_bytes())).file("cells.html")  # templates are compiled once
times = {}
for path in sys.argv[3:]:
    start = time.process_time()
    dashboard = unpacked(stored)  # as after a restart; later the process has it in memory
    read = time.process_time()
    Site(dashboard).file(path)
    times[path] = (time.process_time() - start, time.process_time() - read)
print(json.dumps(times))
"""
PAGES = ("index.html", "cells.html", "timeline.html", "coverage.html", "calendar.ics")


def rows(folder: Path, sizes: Sequence[int]) -> list[Row]:
    """One of the report for each size but the largest, and two of the App's answers at the second."""
    table, reports = [], []
    for count in sizes[:2]:
        place, site = str(repository(folder, count)), folder / f"site-{count}"
        times = quickest({"report": [*PRODUCT, "report", str(site), place], "status": [*PRODUCT, "status", place]})
        what = f"static report with 13 months ahead, {count:,} mitigations"
        goal = "<= 3 x" if count == sizes[1] else "-"
        table.append(Row(what, ratio(times["report"], times["status"]), "status, same register", goal))
        reports.append(site / "dashboard.json")
    small, large = reports
    answers = _answers(large, small)
    first = max((own[0], path) for path, own in answers.items())
    later = max((own[1], path) for path, own in answers.items())
    what = f"the App's slowest page, {sizes[1]:,} mitigations"
    return [
        *table,
        Row(f"{what}, first answer", f"{first[0]:.2f} s ({first[1]})", "-", "<= 1 s"),
        Row(f"{what}, later ones", f"{later[0]:.2f} s ({later[1]})", "-", "<= 1 s"),
    ]


def _answers(large: Path, small: Path) -> Mapping[str, tuple[float, float]]:
    """Processor seconds of each page from the stored document, and from the one in memory: the least of several rounds."""
    rounds = []
    for _ in range(ROUNDS):
        done = subprocess.run(
            [sys.executable, "-c", ANSWERS, str(large), str(small), *PAGES],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        rounds.append(json.loads(done.stdout))
    return {path: (min(own[path][0] for own in rounds), min(own[path][1] for own in rounds)) for path in PAGES}
