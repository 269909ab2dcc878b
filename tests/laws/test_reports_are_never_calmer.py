"""A report of a tool never reads calmer than its rows: every outcome is counted once, what was not judged is never passed, and a
report with rows missing says so.
"""

import io
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.evidence.readers import garak, junit, promptfoo
from reassay.evidence.readers.base import HEAD, EvidenceReader, ResultFile, ResultOptions
from reassay.evidence.reading import Reading
from tests.examples import examples
from tests.results import totals_of

Row = dict[str, Any]


def reading(reader: EvidenceReader, raw: bytes) -> Reading:
    file = ResultFile("generated", len(raw), raw[:HEAD], lambda: io.BytesIO(raw))
    assert reader.recognises(file)
    (said,) = reader.read(file, ResultOptions())
    assert totals_of(said.prompts) == said.totals or not said.prompts
    return said


GENERATION = st.sampled_from(["hit", "passed", "none", "silent"])
"""silent: the target gave no answer, and the detector passed it."""
RUN = st.lists(st.lists(GENERATION, min_size=1, max_size=3), min_size=1, max_size=8)
SCHEMA = st.sampled_from(["0.12.0", "0.13.3", "0.17.1"])


def garak_report(run: Sequence[Sequence[str]], version: str, kept: Sequence[bool] | None = None) -> bytes:
    """A report of a run in the schema of a version; of its judged attempts only some may be left."""
    is_text = version == "0.12.0"
    rows: list[Row] = [
        {"entry_type": "start_run setup", "plugins.model_name": "stand-in"},
        {"entry_type": "init", "garak_version": version, "start_time": "2026-11-30T03:05:16"},
    ]
    for seq, generations in enumerate(run):
        texts = [None if kind == "silent" else f"answer {kind}" for kind in generations]
        outputs: list[Any] = list(texts) if is_text else [None if text is None else {"text": text} for text in texts]
        scores = [{"hit": 1.0, "none": None}.get(kind, 0.0) for kind in generations]
        attempt: Row = {"entry_type": "attempt", "seq": seq, "probe_classname": "p.P", "outputs": outputs, "notes": {}}
        attempt["prompt"] = f"prompt {seq}" if is_text else {"turns": [{"content": {"text": f"prompt {seq}"}}]}
        rows.append(attempt | {"status": 1, "detector_results": {}})
        if kept is None or kept[seq]:
            rows.append(attempt | {"status": 2, "detector_results": {"d.D": scores}})
    numbers = Counter(kind for generations in run for kind in generations)
    passed = numbers["passed"] + numbers["silent"]
    row: Row = {"entry_type": "eval", "probe": "p.P", "detector": "d.D", "passed": passed}
    total, nones = passed + numbers["hit"], {"nones": numbers["none"]}
    row |= {
        "0.12.0": {"total": total},
        "0.13.3": {"total": total, **nones},
        "0.17.1": {
            "fails": numbers["hit"],
            "total_evaluated": total,
            "total_processed": total + numbers["none"],
            **nones,
        },
    }[version]
    return b"".join(json.dumps(line).encode() + b"\n" for line in [*rows, row, {"entry_type": "completion"}])


@settings(max_examples=examples(60), deadline=None)
@given(run=RUN, version=SCHEMA)
def test_every_generation_of_garak_is_counted_once_in_every_schema(run: list[list[str]], version: str) -> None:
    numbers = Counter(kind for generations in run for kind in generations)
    said = reading(garak.READER, garak_report(run, version))
    assert dict(said.totals).get("fails", 0) == numbers["hit"]
    assert dict(said.totals).get("passed", 0) == numbers["passed"]
    assert said.unscored == numbers["none"] + numbers["silent"]
    assert said.attempted == sum(numbers.values())
    if not numbers["hit"] + numbers["passed"]:
        assert said.problems


@settings(max_examples=examples(60), deadline=None)
@given(run=RUN, version=SCHEMA, data=st.data())
def test_a_report_of_garak_with_attempts_missing_says_so(
    run: list[list[str]], version: str, data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(run), max_size=len(run)).filter(lambda flags: not all(flags)))
    whole, cut = (reading(garak.READER, garak_report(run, version, flags)) for flags in (None, kept))
    assert cut.problems
    assert dict(cut.totals).get("fails", 0) == dict(whole.totals).get("fails", 0)


VERDICT = st.sampled_from(["passed", "failed", "error", "grader", "incomplete", "nothing asserted", "silent"])
STATED = {"failed": "failures", "error": "errors", "grader": "failures"}


def promptfoo_row(place: int, verdict: str) -> Row:
    passed = STATED.get(verdict, "successes") == "successes"
    flags = {"grader": {"graderError": True}, "incomplete": {"gradingIncomplete": True}}.get(verdict, {})
    components = [] if verdict in {"nothing asserted", "error"} else [{"pass": passed, "metadata": flags}]
    return {
        "provider": {"id": "bot"},
        "vars": {"q": f"{place}"},
        "success": passed,
        "failureReason": 0 if passed else 2 if verdict == "error" else 1,
        "gradingResult": {"pass": passed, "componentResults": components},
        "response": {"output": "" if verdict == "silent" else "an answer"},
    }


def promptfoo_output(verdicts: Sequence[str], kept: Sequence[bool]) -> bytes:
    rows = [promptfoo_row(place, verdict) for place, verdict in enumerate(verdicts) if kept[place]]
    stats = {"successes": 0, "failures": 0, "errors": 0} | Counter(
        STATED.get(verdict, "successes") for verdict in verdicts
    )
    return json.dumps({"results": {"version": 3, "results": rows, "stats": stats}}).encode()


@settings(max_examples=examples(100), deadline=None)
@given(verdicts=st.lists(VERDICT, min_size=1, max_size=10))
def test_every_row_of_promptfoo_is_counted_once_and_only_a_judged_one_is_passed(verdicts: list[str]) -> None:
    numbers = Counter(verdicts)
    said = reading(promptfoo.READER, promptfoo_output(verdicts, [True] * len(verdicts)))
    assert dict(said.totals) == {word: numbers[word] for word in ("failed", "passed") if numbers[word]}
    assert said.errored == numbers["error"]
    assert said.attempted == len(verdicts)
    assert bool(said.problems) == (not said.totals)


@settings(max_examples=examples(60), deadline=None)
@given(verdicts=st.lists(VERDICT, min_size=2, max_size=10), data=st.data())
def test_an_output_of_promptfoo_with_rows_missing_says_so(verdicts: list[str], data: st.DataObject) -> None:
    size = len(verdicts)
    kept = data.draw(st.lists(st.booleans(), min_size=size, max_size=size).filter(lambda flags: 0 < sum(flags) < size))
    assert reading(promptfoo.READER, promptfoo_output(verdicts, kept)).problems


OUTCOME = st.sampled_from(["", "<failure/>", "<error/>", "<skipped/>", '<skipped type="pytest.xfail"/>'])


def junit_xml(outcomes: Sequence[str], kept: Sequence[bool], names: Sequence[int]) -> bytes:
    cases = [
        f'<testcase classname="c" name="{name}">{outcome}</testcase>'
        for name, outcome, is_kept in zip(names, outcomes, kept, strict=True)
        if is_kept
    ]
    return f'<testsuite name="s" tests="{len(outcomes)}">{"".join(cases)}</testsuite>'.encode()


@settings(max_examples=examples(100), deadline=None)
@given(outcomes=st.lists(OUTCOME, min_size=1, max_size=10), data=st.data())
def test_every_test_of_junit_is_counted_once_and_a_missing_or_doubled_one_is_said(
    outcomes: list[str], data: st.DataObject
) -> None:
    size = len(outcomes)
    kept = data.draw(st.lists(st.booleans(), min_size=size, max_size=size).filter(any))
    names = data.draw(st.lists(st.integers(0, size), min_size=size, max_size=size))
    said = reading(junit.READER, junit_xml(outcomes, kept, names))
    numbers = Counter(outcome for outcome, is_kept in zip(outcomes, kept, strict=True) if is_kept)
    failed = numbers["<failure/>"] + numbers['<skipped type="pytest.xfail"/>']
    assert dict(said.totals) == {word: n for word, n in (("failed", failed), ("passed", numbers[""])) if n}
    assert (said.errored, said.planned) == (numbers["<error/>"], sum(kept))
    left = [name for name, is_kept in zip(names, kept, strict=True) if is_kept]
    if not all(kept) or len(set(left)) < len(left) or not said.attempted:
        assert said.problems
    else:
        assert said.problems == ()
