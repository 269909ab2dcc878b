"""Documents of an evaluation run: the file in the artifact that registers it, and the file in the one with its result.

A workflow writes them (`mode: run-start`, `mode: run-end`) and a sweep reads them, as untrusted content: only the listed keys,
within bounds, and counts alone. The result files themselves stay on the runner.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from reassay.common.canonical import canonical
from reassay.evidence.evidence_input import readings_object
from reassay.evidence.reading import Reading
from reassay.ledger.answers import Arm
from reassay.register.base import Id, Line, Strict

REGISTRATION, RESULT = "reassay-run", "reassay-result"
"""How the names of the artifacts begin; the number of the attempt and the name of the evaluation follow."""
FILE_NAME: Final = "reassay.json"
"""The only file in such an artifact."""
LARGEST_DOCUMENT: Final = 60_000_000
"""Bytes of the file, once expanded."""
LARGEST_READINGS: Final = 10_000_000
"""Bytes of the readings of one file, as the ledger keeps them."""
MOST_FILES: Final = 100
_NAME = re.compile(r"(reassay-run|reassay-result)-([1-9][0-9]{0,4})-([a-z0-9][a-z0-9-]{0,59})")
EvaluationName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]


class RunIdentity(Strict):
    """Which run of a workflow it is, and what it measures."""

    workflow_run: Annotated[int, Field(ge=1)]
    """Number of the workflow run."""
    attempt: Annotated[int, Field(ge=1)]
    """Number of its attempt: somebody may have started it again."""
    name: EvaluationName
    """Name of the evaluation; a workflow run can have several."""
    mitigation: Id
    criterion: Line | None = None
    """Name of the criterion that it is for; None for every criterion that its files fit."""
    arm: Arm = "measured"
    tool: Line | None = None
    planned: Annotated[int, Field(ge=1)] | None = None
    """Prompts that it sets out to ask."""
    seed: Line | None = None
    """Seed by which they are drawn."""
    trained_on: Literal["yes", "no", "unknown"] = "unknown"
    """Whether the mitigation, or the model, was trained on these prompts."""
    languages: tuple[Line, ...] = ()
    deployments: tuple[Id, ...] = ()
    version: Annotated[int, Field(ge=1)] | None = None
    """Version of the mitigation in the register that it read when it began; None if it read none."""

    @property
    def run(self) -> str:
        """Id of the run in the ledger."""
        return f"{self.workflow_run}-{self.attempt}-{self.name}"


class RegistrationDocument(Strict):
    """A run that begins."""

    schema_: Annotated[Literal["reassay/run/v1"], Field(alias="schema")] = "reassay/run/v1"
    identity: RunIdentity


class ResultFileReadings(Strict):
    """One result file that the runner read."""

    digest: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
    """SHA-256 of the raw file."""
    readings: Annotated[tuple[Reading, ...], Field(min_length=1)]


class ResultDocument(Strict):
    """A run that ended: with the readings of its files, or without any."""

    schema_: Annotated[Literal["reassay/run-result/v1"], Field(alias="schema")] = "reassay/run-result/v1"
    identity: RunIdentity
    how: Literal["result", "failed", "cancelled"]
    why: Line | None = None
    """What the job and its files left to say, as a sentence without its full stop."""
    files: Annotated[tuple[ResultFileReadings, ...], Field(max_length=MOST_FILES)] = ()


def registration_data(document: RegistrationDocument) -> Mapping[str, object]:
    """A registration as plain JSON."""
    return {"schema": "reassay/run/v1", "identity": document.identity.model_dump(mode="json")}


def result_data(document: ResultDocument) -> Mapping[str, object]:
    """A result as plain JSON."""
    return {
        "schema": "reassay/run-result/v1",
        "identity": document.identity.model_dump(mode="json"),
        "how": document.how,
        "why": document.why,
        "files": [file.model_dump(mode="json") for file in document.files],
    }


class RefusedDocumentError(ValueError):
    """An artifact that is neither a registration nor a result. The message says why, without a full stop."""


def artifact_name(prefix: str, identity: RunIdentity) -> str:
    """Name of the artifact of a run; another attempt and another evaluation have another one."""
    return f"{prefix}-{identity.attempt}-{identity.name}"


def read_document(name: str, archive: bytes) -> RegistrationDocument | ResultDocument:
    """The document in an artifact. Raises RefusedDocumentError."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise RefusedDocumentError("its name has no number of an attempt and no name of an evaluation")
    data = _only_file(archive)
    kind = RegistrationDocument if match[1] == REGISTRATION else ResultDocument
    try:
        document = kind.model_validate_json(data)
    except (ValidationError, RecursionError) as error:
        raise RefusedDocumentError(f"its {FILE_NAME} is not what this version of the Action writes") from error
    identity = document.identity
    if (str(identity.attempt), identity.name) != (match[2], match[3]):
        raise RefusedDocumentError("its name and its content are of different runs")
    if isinstance(document, ResultDocument) and bool(document.files) != (document.how == "result"):
        raise RefusedDocumentError("it says that there is a result and has none, or the other way round")
    for file in document.files if isinstance(document, ResultDocument) else ():
        size = len(canonical(readings_object(file.readings)))
        if size > LARGEST_READINGS:
            raise RefusedDocumentError(f"the counts of a file take {size:,} bytes, more than {LARGEST_READINGS:,}")
    return document


def _only_file(archive: bytes) -> bytes:
    """The content of the only file, within bounds whatever the archive says of its size."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            members = opened.infolist()
            if [member.filename for member in members] != [FILE_NAME]:
                raise RefusedDocumentError(f"it does not hold {FILE_NAME} alone")
            if members[0].compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise RefusedDocumentError(f"its {FILE_NAME} is packed in a way that GitHub does not use")
            with opened.open(members[0]) as file:
                data = file.read(LARGEST_DOCUMENT + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, RefusedDocumentError):
            raise
        # zipfile has an error of its own for each way in which an archive can be broken.
        raise RefusedDocumentError("it is not a whole zip archive") from error
    if len(data) > LARGEST_DOCUMENT:
        raise RefusedDocumentError(f"its {FILE_NAME} is larger than {LARGEST_DOCUMENT:,} bytes")
    return data
