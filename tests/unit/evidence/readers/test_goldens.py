"""Every real file below tests/fixtures/results, as the counts that are read of it."""

import json
from pathlib import Path

import pytest

from reassay.evidence.files.result_file import result_file
from reassay.evidence.read_result import read_result
from reassay.evidence.readers.base import ResultOptions, UnreadableResultError
from reassay.evidence.reading import Reading
from reassay.register.measurement import Columns
from tests.golden import same_as_json
from tests.results import totals_of
from tests.unit.evidence.readers.files import FOLDER

FILES = [file for file in sorted(FOLDER.glob("*/*")) if file.suffix != ".md"]
TABLES = ResultOptions(columns=Columns(outcome="verdict", prompt="id"))


def summary(reading: Reading) -> dict[str, object]:
    """The reading with the number of its prompts in place of them; what is absent is left out."""
    values = reading.model_dump(mode="json", exclude={"prompts", "digest", "metric"})
    return {**{name: value for name, value in values.items() if value}, "prompts": len(reading.prompts)}


def document(file: Path) -> dict[str, object]:
    try:
        readings = read_result(result_file(file, name=file.name), TABLES)
    except UnreadableResultError as error:
        return {"refused": str(error), "remedy": error.remedy}
    names = [reading.metric + (f" of {reading.task}" if reading.task else "") for reading in readings]
    return {
        name if names.count(name) == 1 else f"{name} by {', '.join(reading.models_asked)}": summary(reading)
        for name, reading in zip(names, readings, strict=True)
    }


@pytest.mark.parametrize("tool", sorted({file.parent.name for file in FILES}))
def test_counts_of_real_files(tool: str) -> None:
    documents = {file.name: document(file) for file in FILES if file.parent.name == tool}
    same_as_json(Path(__file__).parents[3] / "goldens" / "readings" / f"{tool}.json", json.dumps(documents))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_counts_add_up(file: Path) -> None:
    try:
        readings = read_result(result_file(file), TABLES)
    except UnreadableResultError:
        return
    for reading in readings:
        assert reading.attempted == sum(number for _, number in reading.totals) + reading.unscored + reading.errored
        if reading.prompts:
            assert totals_of(reading.prompts) == reading.totals
            assert sum(prompt.unscored for prompt in reading.prompts) == reading.unscored
            assert sum(prompt.errored for prompt in reading.prompts) == reading.errored
            assert list(reading.prompts) == sorted(reading.prompts, key=lambda prompt: prompt[:2])
        assert Reading.model_validate_json(reading.model_dump_json()) == reading
