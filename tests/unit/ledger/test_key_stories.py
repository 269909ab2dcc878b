"""Keys come in, are replaced, lost and stolen: what a reader is told, by which key the reader trusts."""

from pathlib import Path

import pytest

from reassay.common.errors import ReassayError, UsageError
from reassay.git.git import Git
from reassay.ledger.entry import Record
from reassay.ledger.history import History
from reassay.ledger.keys import KeyAdded, KeyRevoked
from reassay.ledger.store.branch import read_state
from reassay.ledger.store.keyring import Keyring
from reassay.ledger.store.verification import Verification
from tests.unit.ledger.worlds import Ledger, codes, key, pushed, records, ring, verified

Step = tuple[Keyring | None, int]
"""With which keys, how many records, one append each."""

OLD, NEW, THIEF = key("old").id, key("new").id, key("thief").id
ROTATE = ring("new", previous=key("old"))
STORIES: dict[str, list[Step]] = {
    "unsigned": [(None, 3)],
    "signed from the start": [(ring("old"), 3)],
    "migrated": [(None, 2), (ring("old"), 2)],
    "rotated": [(ring("old"), 2), (ROTATE, 2)],
    "lost and recovered": [(ring("old"), 2), (ring("new", lost=OLD), 2)],
    # The thief wrote entry 4; the owner noticed after entry 5.
    "stolen, rotated": [(ring("old"), 4), (ring("new", previous=key("old"), revoked=((OLD, 4),)), 2)],
    "stolen, replaced by the thief, recovered": [
        (ring("old"), 2),
        (ring("thief", previous=key("old")), 2),
        (ring("new", lost=THIEF, revoked=((OLD, 4), (THIEF, 4))), 2),
    ],
    "somebody else made a key": [(ring("old"), 2), (ring("thief", lost=OLD), 2)],
}


def told(name: str) -> Ledger:
    ledger, rest = Ledger(), records(8)
    for keyring, count in STORIES[name]:
        for _ in range(count):
            ledger.append([rest.pop(0)], keyring)
    return ledger


def standings(found: Verification) -> list[tuple[int, int, str]]:
    return [(span.first, span.last, span.standing) for span in found.trust.spans]


@pytest.mark.parametrize(
    ("story", "trusted", "expected", "errors"),
    [
        ("unsigned", (), [(1, 3, "unsigned")], set()),
        ("unsigned", (OLD,), [(1, 3, "unsigned")], {"unsigned"}),
        ("signed from the start", (), [(1, 4, "self-attested")], set()),
        ("signed from the start", (OLD,), [(1, 4, "trusted")], set()),
        ("signed from the start", (NEW,), [(1, 4, "untrusted")], {"key-absent"}),
        ("migrated", (), [(1, 2, "unsigned"), (3, 5, "self-attested")], set()),
        ("migrated", (OLD,), [(1, 2, "unsigned"), (3, 5, "trusted")], set()),
        ("rotated", (), [(1, 4, "self-attested"), (5, 6, "self-attested")], set()),
        ("rotated", (OLD,), [(1, 4, "trusted"), (5, 6, "trusted")], set()),
        ("rotated", (NEW,), [(1, 4, "untrusted"), (5, 6, "trusted")], set()),
        ("lost and recovered", (), [(1, 3, "self-attested"), (4, 6, "self-attested")], {"trust-starts-anew"}),
        ("lost and recovered", (OLD,), [(1, 3, "trusted"), (4, 6, "untrusted")], {"trust-starts-anew"}),
        ("lost and recovered", (OLD, NEW), [(1, 3, "trusted"), (4, 6, "trusted")], set()),
        ("lost and recovered", (NEW,), [(1, 3, "untrusted"), (4, 6, "trusted")], set()),
        ("stolen, rotated", (), [(1, 3, "self-attested"), (4, 6, "unknown"), (7, 9, "unknown")], {"trust-starts-anew"}),
        ("stolen, rotated", (OLD,), [(1, 3, "trusted"), (4, 6, "unknown"), (7, 9, "unknown")], {"trust-starts-anew"}),
        ("stolen, rotated", (OLD, NEW), [(1, 3, "trusted"), (4, 6, "unknown"), (7, 9, "trusted")], set()),
        (
            "stolen, replaced by the thief, recovered",
            (OLD, NEW),
            [(1, 3, "trusted"), (4, 4, "unknown"), (5, 6, "unknown"), (7, 11, "trusted")],
            {"trust-starts-anew"},
        ),
        ("somebody else made a key", (OLD,), [(1, 3, "trusted"), (4, 6, "untrusted")], {"trust-starts-anew"}),
    ],
)
def test_what_is_known_of_each_entry(
    story: str, trusted: tuple[str, ...], expected: list[tuple[int, int, str]], errors: set[str], tmp_path: Path
) -> None:
    found = verified(tmp_path, told(story), trusted=trusted)
    assert standings(found) == expected
    assert codes(found) == errors
    assert found.result == ("unconfirmed" if errors else "fine")


def test_what_a_stolen_key_wrote_is_never_called_covered(tmp_path: Path) -> None:
    found = verified(tmp_path, told("stolen, rotated"), trusted=(NEW,))
    assert [(span.standing, span.covered_by) for span in found.trust.spans] == [
        ("untrusted", 7), ("unknown", None), ("trusted", None),
    ]  # fmt: skip
    assert "entries 4 to 6 are unknown" in {each.what for each in found.findings}


def test_the_first_signed_entry_covers_what_was_before_it(tmp_path: Path) -> None:
    first = verified(tmp_path, told("migrated")).trust.spans[0]
    assert (first.standing, first.covered_by) == ("unsigned", 3)


def test_a_recovery_says_so_and_names_the_key_to_ask_about(tmp_path: Path) -> None:
    found = verified(tmp_path, told("lost and recovered"))
    (said,) = (each for each in found.findings if each.code == "trust-starts-anew")
    assert said.what.startswith("recovered: the chain of trust restarts at entry 4")
    assert NEW in said.remedy


@pytest.mark.parametrize(
    ("before", "keyring", "words"),
    [
        ("signed from the start", None, "no key is configured"),
        ("signed from the start", ring("new"), "is configured"),
        ("signed from the start", ring("new", previous=key("thief")), "is configured"),
        ("signed from the start", ring("new", lost=THIEF), "is configured"),
        ("rotated", ring("old"), "was replaced by key"),
        ("rotated", ring("new", revoked=((NEW, 1),)), "is in use"),
        ("rotated", ring("new", revoked=((THIEF, 1),)), "has no key"),
    ],
)
def test_a_run_without_the_right_key_writes_nothing_and_says_which_is_missing(
    before: str, keyring: Keyring | None, words: str
) -> None:
    ledger = told(before)
    files = dict(ledger.files)
    with pytest.raises(UsageError, match=words) as caught:
        ledger.append(records(8)[-1:], keyring)
    assert "REASSAY_LEDGER_" in str(caught.value)
    assert ledger.files == files


def test_keys_are_put_in_force_once(tmp_path: Path) -> None:
    ledger = told("stolen, rotated")
    keyring = ring("new", previous=key("old"), lost=OLD, revoked=((OLD, 4),))
    before = len(ledger.state.entries)
    ledger.append(records(8)[-1:], keyring)
    assert len(ledger.state.entries) == before + 1
    git = Git.new(tmp_path)
    assert read_state(git, pushed(git, ledger)).book == ledger.state.book


def test_a_key_is_revoked_further_back_and_never_less() -> None:
    ledger = told("stolen, rotated")
    ledger.append([], ring("new", revoked=((OLD, 2),)))
    assert ledger.state.book.keys[OLD].revoked_from == 2
    assert ledger.append([], ring("new", revoked=((OLD, 3),))) == {}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (KeyAdded(public_key=key("old").public_key, how="rotation"), "second time"),
        (KeyAdded(public_key=key("thief").public_key, how="first"), "has one"),
        (KeyAdded(public_key=key("thief").public_key, how="recovery"), "must be signed by key"),
        (KeyRevoked(key=OLD, revoked_from=1), "the key that signed it"),
        (KeyRevoked(key=THIEF, revoked_from=1), "does not have"),
    ],
)
def test_entries_about_keys_that_cannot_be(body: KeyAdded | KeyRevoked, words: str) -> None:
    with pytest.raises(ReassayError, match=words):
        told("signed from the start").append([Record(body=body)], ring("old"))


def test_the_history_does_not_mind_entries_about_keys() -> None:
    plain, rotated = told("unsigned"), Ledger()
    for record in records(8)[:3]:
        rotated.append([record], ring("old"))
    assert (
        History.of(rotated.state.entries).reassessments.keys() == History.of(plain.state.entries).reassessments.keys()
    )


@pytest.mark.parametrize(
    ("story", "keyring", "is_believed"),
    [
        ("unsigned", ring("old"), True),
        ("signed from the start", Keyring(), True),
        ("signed from the start", ring("old"), True),
        ("signed from the start", ROTATE, True),
        ("signed from the start", ring("new", lost=OLD), True),
        ("signed from the start", ring("new"), False),
        ("somebody else made a key", ring("old"), False),
    ],
)
def test_a_run_that_has_a_key_does_not_go_by_a_ledger_that_somebody_took_over(
    story: str, keyring: Keyring, is_believed: bool
) -> None:
    book = told(story).state.book
    if is_believed:
        keyring.refuse_foreign(book)
        return
    with pytest.raises(ReassayError, match="another key is configured"):
        keyring.refuse_foreign(book)
