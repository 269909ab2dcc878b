"""No run is hidden: whatever entries follow, a registered run stays, a result counts, and giving up or failing takes none away."""

import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.evidence.run_documents import (
    FILE_NAME,
    RefusedDocumentError,
    RegistrationDocument,
    ResultDocument,
    read_document,
)
from reassay.ledger.history import History
from reassay.ledger.run_history import results_of, results_since, runs_of, unsettled_runs
from reassay.ledger.runs import RunEnded, RunRegistered
from tests.examples import examples
from tests.make import Story, mitigation, register
from tests.unit.ledger.test_run_history import ended, registered

RUNS = tuple(f"{number}-{attempt}-own" for number in (1, 2) for attempt in (1, 2))
ENTRIES = st.lists(
    st.one_of(
        st.sampled_from(RUNS).map(registered),
        st.builds(ended, st.sampled_from(RUNS), st.sampled_from(["result", "failed", "cancelled", "abandoned"])),
    ),
    max_size=12,
)


@settings(max_examples=examples(200), deadline=None)
@given(ENTRIES)
def test_every_run_and_every_result_that_was_recorded_is_there(bodies: list[RunRegistered | RunEnded]) -> None:
    story = Story(register(mitigation()))
    for body in bodies:
        story.add(body)
    history = History.of(story.entries)
    runs = {run.run: run for run in runs_of(history)}
    assert runs.keys() == {body.run for body in bodies}
    with_result = [body for body in bodies if isinstance(body, RunEnded) and body.results]
    assert {name for name, run in runs.items() if run.state == "result"} == {body.run for body in with_result}
    assert [result.run for result in results_of(history, "filter")] == [body.run for body in with_result]
    # Before any decision the episode is everything.
    assert results_since(history, "filter", "*") == results_of(history, "filter")
    # Whoever gives up a run does not end the waiting for it.
    ends = {body.run for body in bodies if isinstance(body, RunEnded) and body.how != "abandoned"}
    opened = {body.run for body in bodies if isinstance(body, RunRegistered)}
    assert {run.run for run in unsettled_runs(history)} == opened - ends


@settings(max_examples=examples(300), deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(["reassay-run-1-own", "reassay-result-1-own", "reassay-run-", "x"]),
    st.booleans(),
)
def test_any_bytes_in_an_artifact_are_a_document_or_a_reason(data: bytes, name: str, packed: bool) -> None:
    if packed:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(FILE_NAME, data)
        data = buffer.getvalue()
    assert isinstance(outcome(name, data), RegistrationDocument | ResultDocument | str)


def outcome(name: str, data: bytes) -> object:
    """The document, or the reason why it is none: half a sentence."""
    try:
        return read_document(name, data)
    except RefusedDocumentError as error:
        return str(error) if str(error) and not str(error).endswith(".") else error
