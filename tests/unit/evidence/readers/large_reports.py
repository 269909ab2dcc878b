"""Large reports of garak, promptfoo and PyRIT, and large JUnit XML, each from a row of a real one."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.unit.evidence.readers.files import FOLDER

WORDS = "placeholder text " * 60


def garak(path: Path, size: int) -> int:
    """Two rows an attempt, of two generations each."""
    raw = (FOLDER / "garak/0.17.1_mixed.report.jsonl").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = [json.loads(line) for line in raw.splitlines()]
    attempt = next(row for row in rows if row["entry_type"] == "attempt" and row["status"] == 2)
    end = next(row for row in rows if row["entry_type"] == "eval")

    def text(place: int) -> dict[str, Any]:
        return {"text": f"{place} {WORDS}", "lang": "en"}

    def both(place: int) -> Iterator[dict[str, Any]]:
        turns = {"turns": [{"role": "user", "content": text(place)}]}
        shared = {
            "seq": place,
            "prompt": turns,
            "outputs": [text(place)] * 2,
            "conversations": [turns] * 2,
            "notes": {},
        }
        yield attempt | shared | {"status": 1, "detector_results": {}}
        yield attempt | shared | {"detector_results": {end["detector"]: [0.0, float(place % 100 == 0)]}}

    number = size // sum(len(json.dumps(row)) + 1 for row in both(10_000))
    hits = (number + 99) // 100
    counts = {"passed": 2 * number - hits, "fails": hits, "nones": 0}
    totals = {"total_evaluated": 2 * number, "total_processed": 2 * number}
    with path.open("w", encoding="utf-8") as stream:
        for row in (
            *rows[:2],
            *(row for place in range(number) for row in both(place)),
            end | counts | totals,
            rows[-1],
        ):
            stream.write(json.dumps(row) + "\n")
    return 2 * number


def promptfoo(path: Path, size: int) -> int:
    document: dict[str, Any] = json.loads((FOLDER / "promptfoo/0.123.1_red_team.json").read_text(encoding="utf-8"))
    results = document["results"]
    first = results.pop("results")[0]
    results["prompts"] = []

    def row(place: int) -> str:
        return json.dumps(first | {"testIdx": place, "vars": {"prompt": f"{place}"}, "response": {"output": WORDS}})

    number = size // len(row(10_000))
    results["stats"] = {"successes": number, "failures": 0, "errors": 0}
    with path.open("w", encoding="utf-8") as stream:
        stream.write(f'{{"results": {json.dumps(results)[:-1]}, "results": [')
        stream.writelines(("," if place else "") + row(place) for place in range(number))
        stream.write(f']}}, "config": {json.dumps(document["config"])}}}')
    return number


def pyrit(path: Path, size: int) -> int:
    first = json.loads((FOLDER / "pyrit/1.1.0_attack_results.json").read_text(encoding="utf-8"))[0]

    def row(place: int) -> str:
        return json.dumps(first | {"attack_result_id": f"{place}", "objective": f"{place} {WORDS}"})

    number = size // len(row(10_000))
    with path.open("w", encoding="utf-8") as stream:
        stream.write("[")
        stream.writelines(("," if place else "") + row(place) for place in range(number))
        stream.write("]")
    return number


def junit(path: Path, size: int) -> int:
    def row(place: int) -> str:
        return f'<testcase classname="a" name="test {place}"><system-out>{WORDS}</system-out></testcase>'

    number = size // len(row(10_000))
    with path.open("w", encoding="utf-8") as stream:
        stream.write(f'<testsuites><testsuite name="guard" tests="{number}">')
        stream.writelines(row(place) for place in range(number))
        stream.write("</testsuite></testsuites>")
    return number


REPORTS: dict[str, Callable[[Path, int], int]] = {
    "garak": garak,
    "promptfoo": promptfoo,
    "pyrit": pyrit,
    "junit": junit,
}
"""Writers of a file of so many bytes; they return the number of its attempts."""
