"""The contracts of imports refuse what a room must not do: each case adds one import to the real graph."""

import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.contract import Contract

ROOT = Path(__file__).resolve().parents[2]
TYPES: dict[str, type[Contract]] = {
    "forbidden": ForbiddenContract,
    "layers": LayersContract,
    "protected": ProtectedContract,
}
PURE = "Rooms are pure outside their folders for I/O"
CASES = [
    ("Inside sweep", "reassay.sweep.audit_events", "reassay.sweep.repository.merges"),
    ("Inside sweep", "reassay.sweep.follow_up_records", "reassay.sweep.run_context"),
    ("Folders for I/O are used where a run begins", "reassay.sweep.decisions", "reassay.sweep.repository.merges"),
    ("Folders for I/O are used where a run begins", "reassay.gate.decide", "reassay.evidence.files.result_file"),
    ("Inside hosted", "reassay.hosted.rules.events", "reassay.hosted.database.database"),
    ("Inside imports", "reassay.imports.columns", "reassay.imports.files.list_text"),
    *((PURE, "reassay.gate.decide", name) for name in ("asyncio", "http", "sqlite3", "ssl", "sys", "time")),
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Every import of the product, with external packages."""
    return grimp.build_graph("reassay", "reassay_sandbox", include_external_packages=True, cache_dir=None)


def contract(name: str) -> Contract:
    """A contract of `.importlinter`."""
    configuration = read_configuration(str(ROOT / ".importlinter"))
    options = next(options for options in configuration["contracts_options"] if options["name"] == name)
    return TYPES[options["type"]](name, configuration["session_options"], options)


@pytest.mark.parametrize(("name", "importer", "imported"), CASES)
def test_an_import_that_must_not_be_is_refused(
    graph: grimp.ImportGraph, name: str, importer: str, imported: str
) -> None:
    mutated = deepcopy(graph)
    if "." not in imported and imported not in mutated.modules:
        mutated.add_module(imported, is_squashed=True)
    assert {importer, imported} <= mutated.modules
    mutated.add_import(importer=importer, imported=imported)
    assert not contract(name).check(mutated, verbose=False).kept


@pytest.mark.parametrize("name", sorted({name for name, *_ in CASES}))
def test_as_it_is_every_contract_is_kept(graph: grimp.ImportGraph, name: str) -> None:
    assert contract(name).check(deepcopy(graph), verbose=False).kept


def test_a_request_over_http_without_a_client_of_ours_is_refused() -> None:
    ruff = [str(Path(sys.executable).with_name("ruff")), "check", "--stdin-filename", "bot/reassay/gate/decide.py", "-"]
    text = "import urllib.request\n"
    result = subprocess.run(ruff, input=text, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "TID251" in result.stdout
