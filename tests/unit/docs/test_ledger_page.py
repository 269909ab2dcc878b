"""docs/reference/ledger.md is enough to write a verifier: one that was written from it agrees with the program, and finds what it finds."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from docs.generate_ledger import KINDS, LEFT_OUT
from reassay.common.canonical import digest
from reassay.ledger.entry import Entry, LedgerIdentity, Observation
from reassay.ledger.keys import key_id
from reassay.ledger.risks import Contained
from reassay.ledger.store.chain import Chain, read_chain
from tests.examples import examples
from tests.unit.docs import ledger_verifier
from tests.unit.docs.ledger_verifier import (
    COMMENT,
    FIELDS,
    LEDGER,
    PREDICATE,
    REFERENCE,
    BrokenError,
    Result,
    canonical,
    sha256,
    verify,
)
from tests.unit.ledger.worlds import Ledger, key, material, records, ring, signed

Files = dict[str, bytes]
FIXTURES = Path(__file__).parents[2] / "fixtures" / "ledgers"
PAGE = (REFERENCE / "ledger.md").read_text(encoding="utf-8")


def fixture(name: str, where: Path) -> Files:
    subprocess.run(
        ["git", "clone", "-q", "-b", "reassay-ledger", FIXTURES / f"{name}.bundle", where],
        check=True,
        capture_output=True,
    )
    paths = (path for path in where.rglob("*") if path.is_file() and ".git" not in path.relative_to(where).parts)
    return {path.relative_to(where).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Files]:
    """Recorded ledgers of an earlier version, and those of today with every way in which a key comes and goes."""
    place = tmp_path_factory.mktemp("ledgers")
    rotated, recovered, late = signed(), signed(), Ledger()
    rotated.append(records(6)[4:], ring("new", previous=key("old"), revoked=((key("old").id, 3),)))
    recovered.append(records(6)[4:], ring("new", lost=key("old").id))
    for record in records(4):
        late.append([record])
    late.append(records(6)[4:], ring("old"))
    long = Ledger(objects=material(60)[1])
    long.append(records(60), ring("old"))
    own = {
        "rotated": rotated,
        "recovered": recovered,
        "signed later": late,
        "never signed": unsigned(),
        "with parts": long,
    }
    return {name: fixture(name, place / name) for name in ("signed", "unsigned")} | {
        name: ledger.files for name, ledger in own.items()
    }


def unsigned() -> Ledger:
    ledger = Ledger()
    for record in records(5):
        ledger.append([record])
    return ledger


LEDGERS = ("signed", "unsigned", "rotated", "recovered", "signed later", "never signed", "with parts")
every_ledger = pytest.mark.parametrize("name", LEDGERS)


def test_it_imports_nothing_of_the_program() -> None:
    tree = ast.parse(Path(ledger_verifier.__file__).read_text(encoding="utf-8"))
    modules = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    modules |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in modules} <= sys.stdlib_module_names | {"cryptography"}


@every_ledger
def test_a_whole_ledger_verifies_and_the_program_agrees(ledgers: dict[str, Files], name: str) -> None:
    result = verify(ledgers[name])
    assert result.redacted == []
    chain = program(ledgers[name])
    assert result.digests == [written.digest for written in chain.written]
    assert result.keys.current == chain.book.current
    assert {
        name: record.revoked_from for name, record in chain.book.keys.items() if record.revoked_from
    } == result.keys.revoked
    assert result.holds(result.anchor)
    assert not result.holds(f"{len(result.digests)}:{'0' * 64}")


def program(files: Files) -> Chain:
    objects = [path for path in files if path.startswith("objects/")]
    return read_chain({path: data for path, data in files.items() if path not in objects}, objects)


def errors(files: Files) -> bool:
    return any(finding.severity == "error" for finding in program(files).findings)


def test_which_entries_count_by_the_keys_that_a_reader_has(ledgers: dict[str, Files]) -> None:
    def counting(name: str, *keys: str) -> list[int]:
        return verify(ledgers[name]).counting(keys)

    # Entry 1 is the key's own, 2 to 5 are records; 6 brings in the new key, 7 revokes the old one from 3 on.
    old, new = key("old").id, key("new").id
    assert counting("rotated", new) == [7, 8, 9]
    assert counting("rotated", old) == [1, 2], "the old key was revoked before it brought in the new one"
    assert counting("recovered", old) == [1, 2, 3, 4, 5]
    assert counting("recovered", old, new) == list(range(1, 9))
    assert counting("never signed", old) == []
    first = sha256_of_pem(FIXTURES / "first-key.pub")
    assert counting("signed", first)[-1] == 137


def sha256_of_pem(path: Path) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    return sha256(load_pem_public_key(path.read_bytes()).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


@every_ledger
def test_a_text_that_was_removed_is_redacted_and_the_chain_stays_whole(ledgers: dict[str, Files], name: str) -> None:
    files = dict(ledgers[name])
    gone = next(path for path in files if path.startswith("objects/"))
    del files[gone]
    assert verify(files).redacted == [f"sha256:{gone.rsplit('/', 1)[1]}"]


def entry_path(seq: int) -> str:
    return f"entries/0000/{seq:07d}.json"


def swapped(files: Files) -> Files:
    return files | {entry_path(2): files[entry_path(3)], entry_path(3): files[entry_path(2)]}


def without(*paths: str) -> Callable[[Files], Files]:
    return lambda files: {path: data for path, data in files.items() if path not in paths}


def cut(files: Files) -> Files:
    last = max(path for path in files if path.startswith("entries/"))
    return without(last)(files)


def reworded(files: Files) -> Files:
    path = next(path for path in files if path.startswith("objects/"))
    return files | {path: b'"something else"'}


TAMPERING: dict[str, Callable[[Files], Files]] = {
    "an entry missing": without(entry_path(2)),
    "the first one missing": without(entry_path(1)),
    "two swapped": swapped,
    "the tail cut, the head left": cut,
    "no head": without("head.json"),
    "no index": without("index.json"),
    "an object reworded": reworded,
    "an object that no entry names": lambda files: files | {f"objects/a/b/c/abc{'0' * 61}": b'"x"'},
    "a file that does not belong": lambda files: files | {"README.md": b"hello"},
    "a line end": lambda files: files | {entry_path(2): files[entry_path(2)] + b"\n"},
    "an empty entry": lambda files: files | {entry_path(2): b"{}"},
}


@every_ledger
@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_found(ledgers: dict[str, Files], name: str, how: str) -> None:
    with pytest.raises(BrokenError):
        verify(TAMPERING[how](dict(ledgers[name])))


@pytest.mark.slow
@every_ledger
@settings(max_examples=examples(25), deadline=None)
@given(st.data())
def test_any_changed_byte_is_found(ledgers: dict[str, Files], name: str, data: st.DataObject) -> None:
    files = ledgers[name]
    path = data.draw(st.sampled_from(sorted(files)))
    place = data.draw(st.integers(0, len(files[path]) - 1))
    other = data.draw(st.integers(1, 255))
    changed = bytearray(files[path])
    changed[place] ^= other
    with pytest.raises(BrokenError):
        verify(files | {path: bytes(changed)})


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_it_agrees_with_the_program_about_any_mixture_of_two_ledgers(
    ledgers: dict[str, Files], data: st.DataObject
) -> None:
    """Files of one ledger in the place of another's, some left out: both say whole, or both say broken."""
    first, second = (ledgers[data.draw(st.sampled_from(LEDGERS))] for _ in range(2))
    taken = data.draw(st.sets(st.sampled_from(sorted(first.keys() & second.keys())), max_size=3))
    left = data.draw(
        st.sets(st.sampled_from(sorted(path for path in first if not path.startswith("objects/"))), max_size=1)
    )
    files = {path: second[path] if path in taken else own for path, own in first.items() if path not in left}
    assert is_broken(files) == errors(files)


def is_broken(files: Files) -> bool:
    try:
        verify(files)
    except BrokenError:
        return True
    return False


def test_a_shorter_ledger_that_is_whole_is_found_by_an_anchor_alone(ledgers: dict[str, Files]) -> None:
    shorter, longer = Ledger(), ledgers["never signed"]
    for record in records(3):
        shorter.append([record])
    result: Result = verify(shorter.files)
    assert not result.holds(verify(longer).anchor)


# The pages against the models.


def test_the_page_names_every_field_around_a_body() -> None:
    assert Entry.model_fields.keys() == PREDICATE
    assert LedgerIdentity.model_fields.keys() == LEDGER
    assert [name for name in (*PREDICATE, *COMMENT, *LEDGER) if f"`{name}`" not in PAGE] == []


@pytest.mark.parametrize("model", KINDS, ids=lambda model: str(model.model_fields["kind"].default))
def test_the_page_of_kinds_has_every_field(model: type[BaseModel]) -> None:
    kind = str(model.model_fields["kind"].default)
    assert {*FIELDS.keys[kind], "kind"} == model.model_fields.keys()
    assert f"| `{kind}`" in PAGE or f"`{kind}`" in PAGE


def test_what_is_left_out_is_what_the_page_says() -> None:
    late = {name: keys for name, keys in FIELDS.late.items() if keys}
    attached = {"result", "effort", "duration", "grounds", "capability", "kind_of_evaluation"}
    observed = {"names", "dropped", "configuration", "protection"}
    assert late == {
        "Trigger": {"due_at"}, "Protection": {"absent"}, "contained": {"snapshot"}, "observation": observed,
        "signed-off": {"asked_by"}, "attached": attached, "CriterionResult": {"inputs"},
        "FollowUp": {"by", "verified_by"},
    }  # fmt: skip
    assert {name: set(keys) for name, keys in LEFT_OUT.items() if keys} == {
        "Trigger": {"due_at"}, "Protection": {"absent"}, "Contained": {"snapshot"}, "Observation": observed,
        "SignedOff": {"asked_by"}, "Attached": attached, "CriterionResult": {"inputs"},
        "FollowUp": {"by", "verified_by"},
    }  # fmt: skip
    assert Observation.model_fields.keys() - Observation().model_dump().keys() == observed
    contained = Contained(
        reassessment="R-2026-001", subject="filter", cells=("*",), action="restrict", because="sha256:" + "a" * 64,
        role="board", ratify_by=date(2026, 12, 1),
    )  # fmt: skip
    assert Contained.model_fields.keys() - contained.model_dump().keys() == {"snapshot"}


def test_the_digest_of_a_key_is_as_the_page_says(ledgers: dict[str, Files]) -> None:
    added = [entry["body"] for entry in verify(ledgers["rotated"]).entries if entry["body"]["kind"] == "key-added"]
    assert [key_id(body["public_key"]) for body in added] == [key("old").id, key("new").id]


def test_the_canonical_form_of_the_page_is_that_of_the_program(ledgers: dict[str, Files]) -> None:
    files = ledgers["signed"]
    objects = [data for path, data in files.items() if path.startswith("objects/")]
    assert all(canonical(json.loads(data)) == data for data in objects if b"." not in data)
    assert all(digest(data) == sha256(data) for data in objects)


def test_what_was_signed_can_be_computed_from_the_ledger_alone(ledgers: dict[str, Files]) -> None:
    """Each signed answer and each approval step of the recorded ledger, by the words of signed-1/README.md."""
    files = ledgers["signed"]
    texts = {
        f"sha256:{path.rsplit('/', 1)[1]}": json.loads(data)
        for path, data in files.items()
        if path.startswith("objects/")
    }
    rows: dict[str, dict[str, str | None]] = {}
    evidence: dict[str, list[dict[str, Any]]] = {}
    frozen: dict[str, list[dict[str, Any]]] = {}
    checked = {"item": 0, "all": 0}
    for entry in verify(files).entries:
        body = entry["body"]
        name = body.get("reassessment")
        if body["kind"] == "opened":
            frozen[name] = texts[body["checklist"]]
            rows[name] = dict.fromkeys(item["id"] for item in frozen[name])
        elif body["kind"] == "attached":
            evidence.setdefault(name, []).append(
                {key: item for key, item in body.items() if key not in {"kind", "reassessment"}}
            )
        elif body["kind"] == "answered":
            question = next(item["text"] for item in frozen[name] if item["id"] == body["item"])
            document = {key: body[key] for key in ("reassessment", "item", "answer", "because", "content")} | {
                "question": question
            }
            rows[name][body["item"]] = f"signed/1:{sha256(canonical(document))}"
            if body["signed"] is not None:
                assert body["signed"] == rows[name][body["item"]]
                checked["item"] += 1
        elif body["kind"] == "signed-off":
            for item in body["items"]:
                own = sorted(evidence.get(name, []), key=canonical)
                whole = {
                    "reassessment": name,
                    "rows": [list(row) for row in rows[name].items()],
                    "evidence": own,
                    "content": body["content"],
                }
                wanted = f"signed/1:{sha256(canonical(whole))}" if item["item"] == "all" else rows[name][item["item"]]
                assert item["digest"] == wanted, entry["seq"]
                checked["all" if item["item"] == "all" else "item"] += 1
    assert checked["item"] > 10
    assert checked["all"] >= 1


def test_instants_are_written_as_the_page_says(ledgers: dict[str, Files]) -> None:
    for entry in verify(ledgers["signed"]).entries:
        assert datetime.fromisoformat(entry["recorded_at"]).isoformat().replace("+00:00", "Z") == entry["recorded_at"]
