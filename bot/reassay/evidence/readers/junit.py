"""JUnit XML, as pytest, jest, promptfoo, CTest and Surefire write it: a failure is not an error, and neither is a skipped test.

There is no official schema. Where writers differ, the worse case is read, or it is a problem: a test that was run again is left
out by some writers, doubled by others and added by others.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from reassay.evidence.readers.base import (
    EvidenceReader,
    ResultFile,
    ResultOptions,
    UnreadableResultError,
    digest_of,
    prompt_digest,
)
from reassay.evidence.readers.junit_document import JunitCase, JunitSuite, read_elements
from reassay.evidence.readers.names import name_of
from reassay.evidence.readers.problem_list import ProblemList
from reassay.evidence.readers.run_start import start_without_zone
from reassay.evidence.readers.slice_pool import SlicePool
from reassay.evidence.readers.tally import Slices, Tally
from reassay.evidence.reading import OutcomeDirection, Reading

NAME: Final = "junit"
METRIC: Final = "test"
MOST_TESTS: Final = 300_000
"""Tests of one file."""
_MOST_SUITES: Final = 1_000
_MOST_MODELS: Final = 20
_RERUN_NOTE: Final = "JUnit XML does not show tests that were run again where only their last result was written"
_ROOT: Final = re.compile(r"<(?:\w+:)?(?:testsuites|testsuite)[\s/>]")
_DIRECTION: Final = OutcomeDirection(undesired="failure", adverse=("failed",), not_adverse=("passed",))
_PROMPTFOO_SUITE: Final = re.compile(r"\[(.*)\] ")


@dataclass
class _Counts:
    """What is gathered while the document streams by."""

    options: ResultOptions
    tally: Tally = field(default_factory=Tally)
    problems: ProblemList = field(default_factory=ProblemList)
    tests: int = 0
    skipped: int = 0
    names: set[str] = field(default_factory=set)
    """Digests of the names of all tests."""
    suites: set[str] = field(default_factory=set)
    """Names of the outermost suites with tests, up to a bound."""
    models: set[str] = field(default_factory=set)
    started: str | None = None
    root: str = ""
    has_expected_failures: bool = False
    pool: SlicePool = field(default_factory=SlicePool)


def recognises(file: ResultFile) -> bool:
    """Whether it is XML with `testsuites` or `testsuite`; also with a document type, which is refused when it is read."""
    head = _decoded(file.head).lstrip("\ufeff \t\r\n")
    return head.startswith("<") and _ROOT.search(head) is not None


def read(file: ResultFile, options: ResultOptions) -> tuple[Reading, ...]:
    """One reading a file, because a run is often spread over many suites; each suite is a slice."""
    counts = _Counts(options)
    with file.open() as stream:
        for element in read_elements(stream):
            if isinstance(element, JunitCase):
                _take_case(element, counts)
            else:
                _take_suite(element, counts)
    if not counts.tests:
        raise UnreadableResultError(
            "the report has no test: nothing was run, or nothing was collected",
            "Attach the report of a run that has tests.",
        )
    return (_reading(counts, digest_of(file)),)


READER = EvidenceReader(name=NAME, title="JUnit XML", recognises=recognises, read=read)


def _decoded(head: bytes) -> str:
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "latin-1"
    return head.removeprefix(b"\xef\xbb\xbf").decode(encoding, "replace")


def _take_case(case: JunitCase, counts: _Counts) -> None:
    counts.tests += 1
    if counts.tests > MOST_TESTS:
        raise UnreadableResultError(
            f"the report has more than {MOST_TESTS:,} tests", "Attach one report for each suite."
        )
    digest = prompt_digest(*case.suites, case.classname, case.name)
    if digest in counts.names:
        counts.problems.add(
            "a test is in the report more than once: it was run again, or two reports were joined, and it is open which result "
            "counts"
        )
    counts.names.add(digest)
    if case.is_retried:
        counts.problems.add("a test failed and was run again until it passed, or the runs were used up")
    seed = name_of(case.properties.get(counts.options.cluster_by)) if counts.options.cluster_by else None
    _count(case, prompt_digest(seed) if seed else digest, counts.pool.of(_slices(case, counts.options)), counts)
    if len(counts.suites) < _MOST_SUITES:
        counts.suites.add(case.suites[0] if case.suites else "")


def _count(case: JunitCase, prompt: str, slices: Slices, counts: _Counts) -> None:
    outcome = case.outcome
    counts.has_expected_failures |= case.is_expected_failure
    if outcome == "skipped":
        counts.skipped += 1
    elif outcome == "errored":
        counts.tally.add_errored(prompt, slices)
    elif outcome == "unknown":
        counts.problems.add(
            "a test has a status that is not known here, and counts as not assessed", name_of(case.status) or ""
        )
        counts.tally.add(prompt, slices, None)
    else:
        counts.tally.add(prompt, slices, outcome)


def _slices(case: JunitCase, options: ResultOptions) -> dict[str, str | None]:
    suite = {"suite": name_of(" / ".join(name for name in case.suites if name))}
    return suite | {key: name_of(case.properties.get(key)) for key in options.slice_by if key in case.properties}


def _take_suite(suite: JunitSuite, counts: _Counts) -> None:
    counts.root = suite.name
    counts.started = min(filter(None, (counts.started, suite.stated.get("timestamp"))), default=None)
    if (model := name_of(suite.properties.get("model"))) and len(counts.models) < _MOST_MODELS:
        counts.models.add(model)
    if suite.faults:
        counts.problems.add("a suite failed as a whole, outside its tests")
    place = name_of(suite.name) or "a suite without a name"
    tests = _whole(suite.stated.get("tests"))
    # Some writers count what is right in a suite, nested suites as one, and others everything below it.
    if tests is not None and tests not in {suite.tests, suite.children}:
        counts.problems.add(
            f"a suite says that it has {tests:,} tests, and the report has {suite.tests:,} of them", place
        )
    failures, errors = (_whole(suite.stated.get(key)) for key in ("failures", "errors"))
    broken = (failures or 0) + (errors or 0)
    if failures is not None and broken - suite.faults not in {suite.broken, suite.broken_children}:
        counts.problems.add(
            f"a suite says that {broken:,} of its tests failed or broke off, and the report has {suite.broken:,} of them",
            place,
        )


def _whole(value: str | None) -> int | None:
    return int(value) if value is not None and value.isascii() and value.isdecimal() and len(value) < 10 else None  # noqa: PLR2004 -- digits that an int certainly takes


def _reading(counts: _Counts, digest: str) -> Reading:
    providers = {
        match[1] for name in counts.suites if counts.root == "promptfoo" and (match := _PROMPTFOO_SUITE.match(name))
    }
    if len(providers) > 1:
        counts.problems.add(
            "the report holds several providers of promptfoo; attach its JSON output, which tells them apart"
        )
    if not counts.tally.attempted():
        counts.problems.add(f"all {counts.skipped:,} tests were skipped")
    started, zone_note = start_without_zone(counts.started)
    notes = [_RERUN_NOTE, *zone_note]
    if counts.root == "promptfoo":
        notes.append(
            "promptfoo's JUnit report shows neither repeats of a test nor errors of graders; its JSON output shows both"
        )
    if counts.skipped:
        notes.append(f"{counts.skipped:,} tests were skipped, and count as planned and not attempted")
    if counts.has_expected_failures:
        notes.append("tests that were expected to fail, and did, count as failed")
    reading = Reading(
        metric=METRIC,
        tool=NAME,
        task=name_of(next(iter(counts.suites)) if len(counts.suites) == 1 else counts.root),
        models_asked=tuple(sorted(counts.models | {model for name in providers if (model := name_of(name))})),
        performed_at=started,
        digest=digest,
        planned=counts.tests,
        attempted=counts.tally.attempted(),
        totals=counts.tally.totals(),
        unscored=counts.tally.unscored,
        errored=counts.tally.errored,
        directions=(_DIRECTION,),
        problems=(*counts.problems.sentences(), *counts.tally.problems.sentences()),
        notes=tuple(notes),
    )
    # The prompts are made here and not read from the file: validating them again would copy hundreds of thousands.
    return reading.model_copy(update={"prompts": counts.tally.prompts()})
