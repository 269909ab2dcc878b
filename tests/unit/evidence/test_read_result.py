"""Which reader takes a file, and what none may take."""

import gzip
import json
import os
from pathlib import Path

import pytest

from reassay.evidence.files import result_file as module
from reassay.evidence.files.result_file import result_file
from reassay.evidence.read_result import read_result, reader_of
from reassay.evidence.readers import READERS
from reassay.evidence.readers.base import ResultOptions, UnreadableResultError
from reassay.register.measurement import Columns
from tests.unit.evidence.readers.files import FOLDER, read, result_of_bytes

TABLE = ResultOptions(columns=Columns(outcome="verdict", prompt="id"))
CARD = "---\nlicense: mit\nmodel-index:\n- name: a\n  results:\n  - metrics:\n    - {type: accuracy, value: 0.9}\n---\n# A model\n"
SARIF = {
    "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
    "version": "2.1.0",
    "runs": [{"tool": {"driver": {"name": "scanner"}}, "results": [{"ruleId": "jailbreak", "level": "error"}]}],
}
REFUSED = {
    "nothing": (b"", "the file is empty"),
    "space": (b" \n\t\n", "the file is empty"),
    "a mark alone": (b"\xef\xbb\xbf", "the file is empty"),
    "UTF-16": ('{"doc_id": 0}'.encode("utf-16"), "UTF-16"),
    "UTF-16 big": (b"\xfe\xff" + '{"doc_id": 0}'.encode("utf-16-be"), "UTF-16"),
    "UTF-16 without a mark": ('[{"id": 1, "verdict": "yes"}]'.encode("utf-16-le"), "UTF-16"),
    "UTF-32": ("id,verdict".encode("utf-32"), "UTF-32"),
    "SARIF": (json.dumps(SARIF).encode(), "SARIF"),
    "a model card": (CARD.encode(), "model-index"),
    "a model-index": (CARD.split("---")[1].encode(), "model-index"),
    "a model-index in JSON": (json.dumps({"model-index": [{"name": "a", "results": []}]}).encode(), "model-index"),
    "a rate": (b"0.03\n", "a single number"),
    "a percentage": (b" 3.5 % \n", "a single number"),
    "a rate in JSON": (b'{"asr": 0.03}', "a rate alone"),
    "an HTML page": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is of no tool that can be read"),
    "an image": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "is of no tool that can be read"),
    "prose": (b"It went well.\n", "is of no tool that can be read"),
    "other JSON": (b'{\n "name": "x",\n "values": [1, 2]\n}', "is of no tool that can be read"),
    "a number list": (b"[1, 2, 3]", "is of no tool that can be read"),
    "an empty archive": (b"PK\x05\x06" + bytes(18), "is an empty zip archive"),
    "an archive of something else": (b"PK\x03\x04" + bytes(60), "is a zip archive, and no log of Inspect"),
    "a packed log": (gzip.compress(b'{"status": "success"}'), "is packed with gzip"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_rate_evidence_is_refused_with_a_reason_and_a_way_out(what: str) -> None:
    content, why = REFUSED[what]
    with pytest.raises(UnreadableResultError, match=why) as caught:
        read(content, TABLE)
    assert caught.value.remedy.endswith(".")
    assert not str(caught.value).endswith(".")


def test_an_unknown_file_is_told_what_can_be_read() -> None:
    with pytest.raises(UnreadableResultError) as caught:
        read(b"It went well.\n")
    assert all(reader.title in caught.value.remedy for reader in READERS)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*/*.*")), ids=lambda file: file.name)
def test_a_file_is_of_at_most_one_tool(file: Path) -> None:
    takers = [reader.name for reader in READERS if reader.recognises(result_file(file))]
    # What the generic readers would take as well comes after the tools in READERS.
    assert len([name for name in takers if name not in {"csv", "json"}]) <= 1


def test_the_name_of_a_file_decides_nothing() -> None:
    content = (FOLDER / "inspect/plain-0.3.20.json").read_bytes()
    for name in ("report.csv", "x.eval", "../../etc/passwd", "", "hitlog.jsonl"):
        reader = reader_of(result_of_bytes(name, content))
        assert reader is not None
        assert reader.name == "inspect"


def test_readers_have_a_name_of_their_own() -> None:
    assert len({reader.name for reader in READERS}) == len(READERS)


def test_a_file_on_disk_reads_as_its_bytes() -> None:
    path = FOLDER / "inspect/plain-0.3.20.json"
    assert read_result(result_file(path), ResultOptions()) == read(path.read_bytes())
    assert result_file(path).name == str(path)
    assert result_file(path, name="results/plain.json").name == "results/plain.json"


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, why in (
        (tmp_path, "a folder"),
        (pipe, "no regular file"),
        (tmp_path / "none", "No such file"),
        (Path("/dev/zero"), "no regular"),
    ):
        with pytest.raises(UnreadableResultError, match=why) as caught:
            result_file(path)
        assert caught.value.remedy


def test_a_file_beyond_the_bound_is_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.json"
    with huge.open("wb") as stream:
        stream.truncate(module.MOST_BYTES + 1)
    with pytest.raises(UnreadableResultError, match=r"it has 8\.0 GiB, and at most 8 GiB are read"):
        result_file(huge)


def test_a_file_that_vanished_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_bytes((FOLDER / "inspect/plain-0.3.20.json").read_bytes())
    file = result_file(path)
    path.unlink()
    with pytest.raises(UnreadableResultError, match="cannot be read any more"):
        read_result(file, ResultOptions())
