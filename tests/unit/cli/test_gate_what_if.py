"""`reassay gate --what-if` and `--assume-signed`: what they say, and that they count no sign-off that could not be given."""

import io
import json
import subprocess
from pathlib import Path

import pytest

from reassay.cli import main
from tests.gate_lab import APP, CONFIGURATION, FILES, STAFF_APP

TEAM = b"app_id: 7\n" + CONFIGURATION.replace(
    b"board: {users: [release-manager]}", b"board: {teams: [organisation/board]}"
)
LOOSER = STAFF_APP + b"modalities_in: [text, audio]\n"
ASSUMED = "answered yes to every open question of theirs, and signed off every row that they may"


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=maintainer", "-c", "user.email=maintainer@example.com"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def committed(folder: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "--message=change")


@pytest.fixture
def where(tmp_path: Path) -> tuple[str, ...]:
    """A range with two rows: the red team reviews, then the board approves."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    committed(tmp_path, dict(FILES))
    git(tmp_path, "checkout", "--quiet", "-b", "change")
    committed(tmp_path, {APP: LOOSER})
    return ("gate", str(tmp_path), "--base", "main", "--head", "change")


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(arguments, out, err), out.getvalue(), err.getvalue()


def answer(text: str) -> list[str]:
    """What it says about what if, on one line each."""
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("What if"))
    return [line.strip() for line in lines[start:]]


def test_of_one_person_it_says_what_is_missing_even_then(where: tuple[str, ...]) -> None:
    code, text, _ = run(*where, "--what-if", "red-team-lead")
    assert code == 1
    assert text.startswith("Blocked: 2 rows need an answer or a sign-off"), "the verdict as it is comes first"
    assert answer(text) == [
        f"What if @red-team-lead {ASSUMED}?",
        "They would sign off row 1.",
        "It would still be blocked. Missing even then:",
        "Row 2, `deployment staff-app`: approve: 1 sign-off from board is missing.",
        "Nothing was recorded, and nobody was asked.",
    ]


def test_of_two_people_it_says_that_nothing_is_missing(where: tuple[str, ...]) -> None:
    code, text, _ = run(*where, "--what-if", "release-manager", "--what-if", "@red-team-lead")
    assert code == 1, "it is still blocked as it is"
    assert answer(text)[-3:] == [
        "They would sign off rows 1 and 2.",
        "Then it would be ready to merge.",
        "Nothing was recorded, and nobody was asked.",
    ]
    assert "ready to merge" not in text.splitlines()[0].lower()


@pytest.mark.parametrize("login", ["stranger", "release-manager"])
def test_of_people_who_may_sign_nothing_now_it_says_who_can(where: tuple[str, ...], login: str) -> None:
    text = run(*where, "--what-if", login)[1]
    assert answer(text)[1] == "They can sign off nothing that is missing. @red-team-lead or @release-manager can."


def test_json_has_the_same(where: tuple[str, ...]) -> None:
    plain = json.loads(run(*where, "--format", "json")[1])
    document = json.loads(run(*where, "--what-if", "red-team-lead", "--format", "json")[1])
    assert document.pop("what_if") == {
        "people": ["red-team-lead"],
        "assumes": f"each {ASSUMED}",
        "recorded": False,
        "conclusion": "failure",
        "answered": [],
        "signed": [1],
        "in_one_role": [],
        "missing": ["Row 2, `deployment staff-app`: approve: 1 sign-off from board is missing."],
    }
    assert document == plain, "the verdict itself is the one as it is"


def test_an_assumed_sign_off_counts_for_a_role_that_its_person_has(where: tuple[str, ...]) -> None:
    both = ("--assume-signed", "board:release-manager", "--assume-signed", "red-team-lead:red-team-lead")
    code, text, _ = run(*where, *both)
    assert (code, text.splitlines()[0]) == (0, "Ready to merge")
    assert "Assumed: @release-manager as board and @red-team-lead as red-team-lead signed off rows 1 and 2." in text
    assert text.rstrip().endswith("Nothing was recorded, and nobody was asked.")
    assert "ledger entry 0." in text, "assumed entries are not entries of the ledger"
    document = json.loads(run(*where, *both, "--format", "json")[1])
    assert [(row["signed_by"], row["assumed"]) for row in document["required"]] == [
        ("red-team-lead", True),
        ("release-manager", True),
    ]


def test_an_assumed_sign_off_comes_in_the_order_of_the_steps(where: tuple[str, ...]) -> None:
    code, text, _ = run(*where, "--assume-signed", "board:release-manager")
    assert code == 1
    assert "@release-manager as board can sign off nothing here now." in text


def test_members_of_a_team_that_is_not_read_are_taken_at_the_callers_word(where: tuple[str, ...]) -> None:
    folder = Path(where[1])
    git(folder, "checkout", "--quiet", "main")
    committed(folder, {".github/reassay.yml": TEAM})
    git(folder, "rebase", "--quiet", "main", "change")
    board = ("--assume-signed", "board:somebody")
    assert run(*where, "--assume-signed", "red-team-lead:red-team-lead", *board)[0] == 0
    assert run(*where, "--assume-signed", "red-team-lead:somebody", *board)[0] == 2


def test_one_person_counts_once_in_one_role(where: tuple[str, ...]) -> None:
    folder = Path(where[1])
    git(folder, "checkout", "--quiet", "main")
    committed(folder, {".github/reassay.yml": CONFIGURATION.replace(b"[release-manager]", b"[red-team-lead]")})
    git(folder, "rebase", "--quiet", "main", "change")
    both = ("--assume-signed", "board:red-team-lead", "--assume-signed", "red-team-lead:red-team-lead")
    assert run(*where, *both)[0] == 1
    assert answer(run(*where, "--what-if", "red-team-lead")[1])[1:4] == [
        "They would sign off row 1.",
        "@red-team-lead would have to sign in a second role, which does not count.",
        "It would still be blocked. Missing even then:",
    ]


@pytest.mark.parametrize(("login", "may"), [("lead", True), ("lead#7", True), ("lead#8", False), ("renamed#7", True)])
def test_another_account_with_a_pinned_login_is_another_person(tmp_path: Path, login: str, may: bool) -> None:
    """The register names an account by its id: whoever has the login now cannot sign for it, here as on GitHub."""
    register = (
        "mode: enforce\ntimezone: Europe/Berlin\nroles: {board: {users: ['lead#7']}}\nmitigations:\n"
        "  - {id: filter, title: F, owner: someone, every: %s, approval: [{role: board}]}\n"
    )
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    committed(tmp_path, {"framework/m.yml": (register % "6 months").encode()})
    git(tmp_path, "checkout", "--quiet", "-b", "change")
    committed(tmp_path, {"framework/m.yml": (register % "9 months").encode()})
    arguments = ("gate", str(tmp_path), "--base", "main", "--head", "change")
    _, text, _ = run(*arguments, "--what-if", login)
    assert ("Then it would be ready to merge." in answer(text)) == may
    assert run(*arguments, "--assume-signed", f"board:{login}")[0] == (0 if may else 2)
