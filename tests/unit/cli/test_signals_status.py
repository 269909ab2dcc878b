"""`reassay signals status`: a configuration that cannot be read is never taken for one without sources."""

import io
import json
from pathlib import Path

import pytest

from reassay.cli import main

MITIGATION = "- {id: filter, title: x, owner: safety-lead, every: 1 year, last_assessed: 2026-06-01}\n"
BROKEN = {
    "a mistyped key": "signals:\n  sources:\n    - {id: a, kind: issues, lable: incident}\n",
    "one id twice": "signals:\n  sources:\n" + "    - {id: a, kind: issues, label: incident}\n" * 2,
    "no YAML": "signals: [\n",
}


def status(root: Path, configuration: str, *options: str) -> tuple[int, str]:
    (root / ".github").mkdir()
    (root / "framework").mkdir()
    (root / ".github" / "reassay.yml").write_text(configuration)
    (root / "framework" / "mitigations.yml").write_text(MITIGATION)
    out = io.StringIO()
    code = main(["signals", "status", str(root), *options], out, io.StringIO())
    return code, out.getvalue()


@pytest.mark.parametrize("configuration", BROKEN.values(), ids=BROKEN)
def test_a_configuration_that_cannot_be_read_is_said_and_fails(tmp_path: Path, configuration: str) -> None:
    code, text = status(tmp_path, configuration)
    assert code == 1
    assert "names no source" not in text
    assert "cannot be read" in text
    assert "`reassay check`" in text


def test_so_does_the_document(tmp_path: Path) -> None:
    code, text = status(tmp_path, BROKEN["a mistyped key"], "--format", "json")
    assert (code, json.loads(text)["sources"]) == (1, [])


def test_a_configuration_without_sources_says_so_and_is_fine(tmp_path: Path) -> None:
    code, text = status(tmp_path, "mode: remind\n")
    assert (code, text) == (
        0,
        "The configuration names no source of signals; they are declared under `signals`.\n",
    )


def test_a_source_that_was_never_read_says_what_reads_it(tmp_path: Path) -> None:
    code, text = status(tmp_path, "signals:\n  sources:\n    - {id: a, kind: issues, label: incident}\n")
    assert code == 1
    assert "a (issues): the source a was never read\n" in text
    assert "`reassay signals read --repo OWNER/NAME`" in text
