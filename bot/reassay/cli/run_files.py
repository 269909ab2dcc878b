"""The result files of a run on the runner's disk, and what is to be said of the run from them and from how its job ended."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from reassay.evidence.readers.base import ResultOptions
    from reassay.evidence.run_documents import ResultDocument, ResultFileReadings, RunIdentity
    from reassay.register.measurement import Measurement

_CHUNK = 1 << 20
_LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class RunPlan:
    """A run, and what its criterion declares about its files."""

    identity: "RunIdentity"
    measured: "Measurement | None"


def ended(plan: RunPlan, status: str, patterns: tuple[str, ...], workspace: Path) -> "ResultDocument":
    """What is to be said of a run that is over. A file that can be read counts, also after its job failed."""
    from reassay.evidence.run_documents import MOST_FILES, ResultDocument

    paths = sorted({path for pattern in patterns for path in _matching(workspace, pattern)})
    missing = [pattern for pattern in patterns if not _matching(workspace, pattern)]
    reasons = [] if status == "success" else [f"its job ended as {status}"]
    reasons += [f"no file matches '{pattern}'" for pattern in missing]
    reasons += [] if patterns else ["no result file was named"]
    if len(paths) > MOST_FILES:
        reasons.append(f"{len(paths)} files match, more than {MOST_FILES}")
        paths = []
    files, unread = _read(paths, workspace, plan) if paths else ([], [])
    reasons += unread
    how: Literal["result", "failed", "cancelled"] = "cancelled" if status == "cancelled" else "failed"
    why = _line("; ".join(reasons))
    if not files:
        return ResultDocument(identity=plan.identity, how=how, why=why)
    blocked = tuple(_blocked(file, unread + [f"no file matches '{pattern}'" for pattern in missing]) for file in files)
    return ResultDocument(identity=plan.identity, how="result", why=why, files=blocked)


def _read(paths: list[Path], workspace: Path, plan: RunPlan) -> "tuple[list[ResultFileReadings], list[str]]":
    from reassay.common.canonical import canonical
    from reassay.evidence.files.result_file import result_file
    from reassay.evidence.read_result import read_result
    from reassay.evidence.readers.base import UnreadableResultError
    from reassay.evidence.run_documents import LARGEST_READINGS, ResultFileReadings

    files: list[ResultFileReadings] = []
    unread: list[str] = []
    for path in paths:
        name = _shown(path, workspace)
        try:
            readings = read_result(result_file(path, name=name), _options(plan))
        except (UnreadableResultError, OSError) as error:
            unread.append(f"'{name}' could not be read: {error}")
            continue
        file = ResultFileReadings(digest=_digest(path), readings=tuple(readings))
        size = len(canonical(file.model_dump(mode="json")["readings"]))
        if size > LARGEST_READINGS:
            unread.append(f"'{name}' has so many prompts that its counts take {size:,} bytes; split it by task")
            continue
        files.append(file)
    return files, unread


def _blocked(file: "ResultFileReadings", problems: list[str]) -> "ResultFileReadings":
    """The readings with the problem that the run's other files are missing: what they would have said is not known."""
    if not problems:
        return file
    text = _line(f"other files of this run are missing: {'; '.join(problems)}") or ""
    readings = tuple(reading.model_copy(update={"problems": (*reading.problems, text)}) for reading in file.readings)
    return file.model_copy(update={"readings": readings})


def _options(plan: RunPlan) -> "ResultOptions":
    from reassay.evidence.readers.base import ResultOptions

    measured = plan.measured
    if measured is None:
        return ResultOptions()
    return ResultOptions(measured.columns, (measured.slice_by,) if measured.slice_by else (), measured.cluster_by)


def _matching(workspace: Path, pattern: str) -> list[Path]:
    """Files that a pattern names, relative to the workspace or absolute."""
    path = Path(pattern)
    base, rest = (Path(path.anchor), path.relative_to(path.anchor)) if path.is_absolute() else (workspace, path)
    if not rest.parts:
        return []
    try:
        return [own for own in base.glob(str(rest)) if own.is_file()]
    except (ValueError, OSError, NotImplementedError):
        return []


def _shown(path: Path, workspace: Path) -> str:
    name = path.relative_to(workspace) if path.is_relative_to(workspace) else path
    return str(name).encode("ascii", "replace").decode()[-100:]


def _line(text: str) -> str | None:
    """A text on one line, as documents take it; None for an empty one."""
    clean = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return (clean if len(clean) <= _LONGEST_LINE else f"{clean[: _LONGEST_LINE - 1]}…") or None


def _digest(path: Path) -> str:
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha.update(chunk)
    return f"sha256:{sha.hexdigest()}"
