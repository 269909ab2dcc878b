"""JUnit XML as pytest, jest, node and promptfoo write it."""

import io

import pytest

from reassay.evidence.readers.base import HEAD, ResultFile, ResultOptions, UnreadableResultError
from reassay.evidence.readers.junit import READER
from reassay.evidence.reading import Reading
from tests.unit.evidence.readers.result_lab import file_of, fixture, reading, readings


def of(name: str) -> Reading:
    return reading(READER, fixture("junit", name))


def suite(cases: str, attributes: str = "") -> bytes:
    return f'<testsuites name="all"><testsuite name="guard" {attributes}>{cases}</testsuite></testsuites>'.encode()


def case(name: str, inner: str = "", attributes: str = "") -> str:
    return f'<testcase classname="a" name="{name}" {attributes}>{inner}</testcase>'


def test_a_failure_is_no_error_and_neither_is_a_skipped_test() -> None:
    found = of("pytest_guard.xml")
    assert found.totals == (("failed", 2), ("passed", 3))
    assert (found.planned, found.attempted, found.errored) == (7, 6, 1)
    (direction,) = found.directions
    assert (direction.undesired, direction.adverse, direction.not_adverse) == ("failure", ("failed",), ("passed",))


def test_a_test_that_failed_as_expected_has_failed() -> None:
    assert any("expected to fail" in note for note in of("pytest_guard.xml").notes)
    found = reading(READER, suite(case("one", '<skipped type="pytest.xfail"/>')))
    assert found.totals == (("failed", 1),)


def test_both_families_of_pytest_read_the_same() -> None:
    old, new = of("pytest_xunit1.xml"), of("pytest_guard.xml")
    assert (old.totals, old.prompts, old.problems) == (new.totals, new.prompts, ())


def test_tests_that_were_run_again_are_a_problem() -> None:
    """Each failed run of a test that finally passed is added as one more passed test."""
    found = of("pytest_reruns.xml")
    assert found.totals == (("passed", 3),)
    assert "a test is in the report more than once" in found.problems[0]


def test_a_test_that_fails_and_cannot_clean_up_is_in_the_report_twice() -> None:
    assert "a test is in the report more than once" in of("pytest_teardown.xml").problems[0]


def test_two_joined_reports_of_the_same_tests_are_a_problem() -> None:
    one = suite(case("one")).removeprefix(b'<testsuites name="all">').removesuffix(b"</testsuites>")
    found = reading(READER, b"<testsuites>" + one + one + b"</testsuites>")
    assert "two reports were joined" in found.problems[0]


@pytest.mark.parametrize("tag", ["flakyFailure", "flakyError", "rerunFailure", "rerunError"])
def test_retries_that_surefire_writes_into_the_test_are_a_problem(tag: str) -> None:
    found = reading(READER, suite(case("one", f"<{tag}/>")))
    assert "run again" in found.problems[0]


def test_that_reruns_may_be_lost_is_said() -> None:
    assert "run again" in of("jest.xml").notes[0]


def test_nested_suites_are_counted_once() -> None:
    found = of("node_nested.xml")
    assert (found.planned, found.attempted, found.problems) == (6, 5, ())
    assert {dict(prompt.slices).get("suite") for prompt in found.prompts} == {None, "guard", "guard / in German"}


@pytest.mark.parametrize(
    "attributes",
    ['tests="3"', 'tests="1"', 'failures="1"', 'failures="1" errors="0"', 'failures="0" errors="0" tests="1"'],
)
def test_counts_that_a_suite_states_and_does_not_have_are_a_problem(attributes: str) -> None:
    found = reading(READER, suite(case("one") + case("two"), attributes))
    assert found.problems


def test_counts_that_a_suite_states_and_has_are_none() -> None:
    cases = case("one", "<failure/>") + case("two", "<error/>") + case("three")
    found = reading(READER, suite(cases, 'tests="3" failures="1" errors="1"'))
    assert found.problems == ()


def test_the_worst_of_several_verdicts_counts() -> None:
    found = reading(READER, suite(case("one", "<skipped/><error/><failure/>") + case("two", "<skipped/><error/>")))
    assert (found.totals, found.errored, found.planned) == ((("failed", 1),), 1, 2)


def test_a_suite_that_failed_as_a_whole_is_a_problem() -> None:
    found = reading(READER, suite(case("one") + '<error message="no database"/>'))
    assert found.problems == ("a suite failed as a whole, outside its tests",)


@pytest.mark.parametrize(
    ("attributes", "totals", "problems"),
    [
        ('status="run" result="completed"', (("passed", 1),), 0),
        ('status="notrun"', (), 1),
        ('status="run" result="suppressed"', (), 1),
        ('status="failed"', (("failed", 1),), 0),
        ('status="pending"', (), 1),
    ],
)
def test_a_status_that_is_not_understood_is_not_passed(
    attributes: str, totals: tuple[tuple[str, int], ...], problems: int
) -> None:
    found = reading(READER, suite(case("one", attributes=attributes)))
    assert found.totals == totals
    assert len(found.problems) == problems


def test_ctest_says_in_a_status_what_was_not_run() -> None:
    said = of("ctest.xml")
    assert (said.planned, said.attempted, said.problems) == (6, 3, ())
    assert said.totals == (("failed", 1), ("passed", 2))


def test_a_run_of_skipped_tests_is_no_pass() -> None:
    found = reading(READER, suite(case("one", "<skipped/>") + case("two", "<skipped/>")))
    assert (found.planned, found.attempted) == (2, 0)
    assert found.problems == ("all 2 tests were skipped",)


def test_a_run_without_tests_is_refused() -> None:
    with pytest.raises(UnreadableResultError, match="no test"):
        readings(READER, fixture("junit", "pytest_no_test.xml"))


def test_several_providers_of_promptfoo_are_never_mixed() -> None:
    assert any("several providers" in problem for problem in of("promptfoo_two_providers.xml").problems)
    assert of("promptfoo_red_team.xml").problems == ()


def test_properties_that_a_criterion_names_are_slices_and_seeds() -> None:
    options = ResultOptions(slice_by=("language",), cluster_by="seed")
    found = reading(READER, fixture("junit", "pytest_guard.xml"), options)
    slices = [dict(prompt.slices).get("language") for prompt in found.prompts]
    assert sorted(slices, key=str) == [None, None, None, None, "de", "en"]
    seeded = {prompt.prompt for prompt in found.prompts if dict(prompt.slices).get("language")}
    assert len(seeded) == 1
    assert found.models_asked == ("stand-in-bot",)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE testsuites [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<testsuites name="&b;"><testsuite name="x"/></testsuites>'
)
FOREIGN = '<!DOCTYPE testsuites SYSTEM "file:///etc/passwd"><testsuites/>'


@pytest.mark.parametrize("text", [BOMB, FOREIGN, "<!DOCTYPE testsuites><testsuites/>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(text: str, encoding: str) -> None:
    with pytest.raises(UnreadableResultError, match="document type"):
        readings(READER, text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_read_the_same(encoding: str) -> None:
    found = reading(READER, suite(case("größe") + case("two", "<failure/>")).decode().encode(encoding))
    assert found.totals == (("failed", 1), ("passed", 1))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (suite(case("one"))[:-30], "cannot be read at line 1"),
        (suite("<testcase name='\xff'/>").replace("\xff".encode(), b"\xff"), "cannot be read at line 1"),
        (b'<?xml version="1.0" encoding="no-such"?><testsuites/>', "encoding"),
        (b"<html><testsuites/></html>", "not a JUnit report"),
        (b"<testsuites>" + b"<testsuite>" * 100, "levels"),
    ],
)
def test_what_is_broken_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(UnreadableResultError, match=why):
        readings(READER, raw)


def test_every_cut_of_a_report_is_refused() -> None:
    raw = fixture("junit", "pytest_guard.xml")
    for end in range(1, len(raw) - 1):
        file = file_of(raw[:end])
        if READER.recognises(file):
            with pytest.raises(UnreadableResultError):
                READER.read(file, ResultOptions())


class Endless(io.RawIOBase):
    """A stream of the same bytes, as often as it is asked for."""

    def __init__(self, start: bytes, more: bytes) -> None:
        self._next = start
        self._more = more
        self.read_bytes = 0

    def read(self, _size: int = -1, /) -> bytes:
        part, self._next = self._next, self._more
        self.read_bytes += len(part)
        return part


@pytest.mark.slow
def test_a_tag_without_end_is_refused_in_bounded_memory() -> None:
    stream = Endless(b'<testsuites name="', b"x" * 65_536)
    file = ResultFile("endless", 1 << 40, b'<testsuites name="', lambda: stream)  # type: ignore[arg-type,return-value]
    with pytest.raises(UnreadableResultError, match="longer than 8 MB"):
        READER.read(file, ResultOptions())
    assert stream.read_bytes < 10 << 20


def test_text_of_any_size_is_passed_over() -> None:
    output = "<system-out>" + "benign placeholder " * 500_000 + "</system-out>"
    raw = suite(case("one", output))
    assert len(raw) > 100 * HEAD
    assert reading(READER, raw).totals == (("passed", 1),)


def test_a_result_that_is_not_understood_is_not_passed() -> None:
    said = reading(
        READER, b'<testsuite><testcase name="a" status="run" result="aborted"/><testcase name="b"/></testsuite>'
    )
    assert (dict(said.totals), said.unscored) == ({"passed": 1}, 1)
    assert any("aborted" in problem for problem in said.problems)
