"""The test cases and suites of a JUnit XML document, streamed. Text, output and other attributes are never kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from reassay.evidence.readers.base import UnreadableResultError

_CHUNK = 65_536
_LONGEST_TOKEN = 8_388_608
_MOST_LEVELS = 64
_MOST_PROPERTIES = 64
_LONGEST_VALUE = 300
_REMEDY = "Attach the file as the test runner wrote it"
_RETRIES = {"flakyFailure", "flakyError", "rerunFailure", "rerunError"}
_VERDICTS = {"failure": "failed", "error": "errored", "skipped": "skipped"}
_STATUS = {
    "fail": "failed",
    "failed": "failed",
    "failure": "failed",
    "error": "errored",
    "errored": "errored",
    "skipped": "skipped",
    "notrun": "skipped",
    "disabled": "skipped",
    "suppressed": "skipped",
}
_PASSED_STATUS = {"", "run", "completed", "pass", "passed", "success", "successful", "ok"}


@dataclass
class JunitSuite:
    """A `testsuite` or `testsuites` element: what it states of itself, and what was counted in it and in those below."""

    name: str
    is_list: bool
    """Whether it is `testsuites`, which holds suites and is none itself."""
    stated: dict[str, str]
    """The attributes `tests`, `failures`, `errors` and `timestamp`, where it has them."""
    properties: dict[str, str] = field(default_factory=dict)
    tests: int = 0
    """Cases in it and below."""
    children: int = 0
    """Cases and suites right in it."""
    broken: int = 0
    """Cases in it and below with a failure or an error."""
    broken_children: int = 0
    """Number of direct test cases that failed or broke off."""
    faults: int = 0
    """Failures and errors of the suite itself, outside any case."""


@dataclass
class JunitCase:
    """A `testcase` element."""

    name: str
    classname: str
    suites: tuple[str, ...]
    """Names of the suites around it, the outermost first."""
    status: str
    """What its attribute `status` or `result` says; most writers have neither."""
    verdicts: set[str] = field(default_factory=set)
    """failed, errored, skipped: which such elements it has."""
    is_expected_failure: bool = False
    """Whether pytest skipped it because it failed as expected."""
    is_retried: bool = False
    """Whether it failed, and was run again."""
    properties: dict[str, str] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """passed, failed, errored, skipped, or unknown; of several the worst."""
        if self.is_expected_failure:
            return "failed"
        stated = _STATUS.get(self.status.lower())
        for verdict in ("failed", "errored", "skipped"):
            if verdict in self.verdicts or verdict == stated:
                return verdict
        return "passed" if self.status.lower() in _PASSED_STATUS else "unknown"


class _Parser:
    """Handlers of expat: finished elements wait in `done` until the chunk is parsed."""

    def __init__(self) -> None:
        self.done: list[JunitSuite | JunitCase] = []
        self.is_complete = False
        self._open: list[JunitSuite | JunitCase | None] = []
        self._suites: list[JunitSuite] = []
        self._expat = expat.ParserCreate()
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.StartDoctypeDeclHandler = _refuse_doctype
        self._bytes = 0

    def feed(self, chunk: bytes) -> None:
        self._bytes += len(chunk)
        try:
            self._expat.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise UnreadableResultError(f"the XML cannot be read at line {error.lineno}: {reason}", _REMEDY) from error
        except (LookupError, ValueError) as error:
            if isinstance(error, UnreadableResultError):
                raise
            raise UnreadableResultError("the encoding that the XML declares is unknown", _REMEDY) from error
        if chunk and self._bytes - self._expat.CurrentByteIndex > _LONGEST_TOKEN:
            raise UnreadableResultError("a single tag of the XML is longer than 8 MB", _REMEDY)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= _MOST_LEVELS:
            raise UnreadableResultError(f"the XML has more than {_MOST_LEVELS} levels", _REMEDY)
        tag = tag.rpartition(":")[2]
        if not self._open and tag not in {"testsuites", "testsuite"}:
            raise UnreadableResultError("the XML is not a JUnit report: it does not start with testsuites", _REMEDY)
        inner = self._open[-1] if self._open else None
        element: JunitSuite | JunitCase | None = None
        if tag in {"testsuites", "testsuite"}:
            element = JunitSuite(_clip(attributes.get("name", "")), tag == "testsuites", _stated(attributes))
            if self._suites:
                self._suites[-1].children += 1
            self._suites.append(element)
        elif tag == "testcase":
            element = self._case(attributes)
        elif tag == "properties":
            element = inner
        elif tag == "property" and inner is not None:
            _keep_property(inner, attributes)
        elif isinstance(inner, JunitCase):
            _keep_verdict(inner, tag, attributes)
        elif isinstance(inner, JunitSuite) and tag in {"failure", "error"}:
            inner.faults += 1
        self._open.append(element)

    def _case(self, attributes: dict[str, str]) -> JunitCase:
        result = attributes.get("result", "")
        status = attributes.get("status", "") if result.lower() in _PASSED_STATUS else result
        names = tuple(suite.name for suite in self._suites if not suite.is_list)
        return JunitCase(attributes.get("name", ""), attributes.get("classname", ""), names, _clip(status))

    def _end(self, tag: str) -> None:
        element = self._open.pop()
        if isinstance(element, JunitSuite) and tag.rpartition(":")[2] != "properties":
            self._suites.pop()
            self.done.append(element)
        if isinstance(element, JunitCase) and tag.rpartition(":")[2] == "testcase":
            is_broken = bool({"failed", "errored"} & element.verdicts)
            for suite in self._suites:
                suite.tests += 1
                suite.broken += is_broken
            self._suites[-1].children += 1
            self._suites[-1].broken_children += is_broken
            self.done.append(element)


def read_elements(stream: BinaryIO) -> Iterator[JunitSuite | JunitCase]:
    """Cases and suites in the order in which they end; the last is the root."""
    parser = _Parser()
    while chunk := stream.read(_CHUNK):
        parser.feed(chunk)
        yield from parser.done
        parser.done.clear()
    parser.feed(b"")
    yield from parser.done


def _refuse_doctype(*_: object) -> None:
    raise UnreadableResultError(
        "the XML has a document type (DOCTYPE), by which files of others could be read or memory filled",
        "Attach the file as the test runner wrote it, without a document type",
    )


def _stated(attributes: dict[str, str]) -> dict[str, str]:
    return {key: _clip(attributes[key]) for key in ("tests", "failures", "errors", "timestamp") if key in attributes}


def _keep_verdict(case: JunitCase, tag: str, attributes: dict[str, str]) -> None:
    if tag in _VERDICTS:
        case.verdicts.add(_VERDICTS[tag])
        case.is_expected_failure |= tag == "skipped" and attributes.get("type") == "pytest.xfail"
    case.is_retried |= tag in _RETRIES


def _keep_property(element: JunitSuite | JunitCase, attributes: dict[str, str]) -> None:
    name, value = attributes.get("name", ""), attributes.get("value", "")
    if len(element.properties) < _MOST_PROPERTIES and len(name) <= _LONGEST_VALUE:
        element.properties.setdefault(name, _clip(value))


def _clip(text: str) -> str:
    return text[:_LONGEST_VALUE]
