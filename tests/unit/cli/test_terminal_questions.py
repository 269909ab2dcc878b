"""Questions of `init` and `new` on a real pseudo-terminal: what is proposed, asked again and written."""

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

from reassay.register.files import WorkingTree, read_register

PATIENCE_SECONDS = 60


def dialogue(root: Path, arguments: list[str], answers: list[tuple[str, str]], **environment: str) -> tuple[int, str]:
    """Exit code and everything that the terminal showed. Each answer is typed once its question has been asked."""
    command = [sys.executable, "-m", "reassay", *arguments]
    variables = {**os.environ, "HOME": str(root / "home"), "XDG_CONFIG_HOME": str(root / "home"), **environment}
    main, terminal = pty.openpty()
    process = subprocess.Popen(command, cwd=root, env=variables, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    shown, waiting = "", list(answers)
    while select.select([main], [], [], PATIENCE_SECONDS)[0]:
        try:
            received = os.read(main, 4096)
        except OSError:  # Linux says so at the end of a terminal
            break
        if not received:
            break
        shown += received.decode()
        while waiting and shown.rpartition("\n")[2].endswith(": ") and waiting[0][0] in shown.rpartition("\n")[2]:
            os.write(main, f"{waiting.pop(0)[1]}\n".encode())
            shown += "\n"
    os.close(main)
    assert waiting == [], shown
    return process.wait(PATIENCE_SECONDS), shown


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for words in (["init", "-b", "16.0"], ["config", "user.email", "1+safety-lead@users.noreply.github.com"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


@pytest.mark.slow
def test_init_asks_proposes_and_asks_again(repository: Path) -> None:
    answers = [
        ("GitHub login of the owner [safety-lead]", "todo"),
        ("GitHub login of the owner [safety-lead]", ""),
        ("GitHub login of the assessor", "red-team-lead"),
        ("Time zone of due dates [Europe/Paris]", "Berlin"),
        ("Time zone of due dates [Europe/Paris]", ""),
        ("Default branch [16.0]", ""),
    ]
    code, shown = dialogue(repository, ["init"], answers, TZ="Europe/Paris")
    assert code == 0, shown
    assert "'todo' is a placeholder. Write the login of an account." in shown
    assert "'Berlin' is not a time zone. Write e.g. Europe/Berlin." in shown
    text = (repository / "framework" / "mitigations.yml").read_text(encoding="utf-8")
    assert "timezone: Europe/Paris" in text
    assert "assessor: red-team-lead" in text
    assert 'branches: ["16.0"]' in (repository / ".github/workflows/reassay.yml").read_text(encoding="utf-8")


@pytest.mark.slow
def test_what_options_give_is_not_asked(repository: Path) -> None:
    options = ["--owner", "safety-lead", "--assessor", "a", "--timezone", "UTC", "--branch", "main"]
    code, shown = dialogue(repository, ["init", *options], [])
    assert (code, "[" in shown.partition("wrote")[0]) == (0, False)


@pytest.mark.slow
def test_yes_asks_nothing_on_a_terminal_either(repository: Path) -> None:
    code, shown = dialogue(repository, ["init", "--yes"], [], TZ="Europe/Paris")
    assert (code, "Owner safety-lead, assessor none: self-assessed, time zone Europe/Paris, branch 16.0." in shown) == (
        0,
        True,
    )


@pytest.mark.slow
def test_the_end_of_the_input_writes_nothing(repository: Path) -> None:
    code, shown = dialogue(repository, ["init"], [("GitHub login of the owner", "\x04")])
    assert code == 2, shown
    assert "there was no answer" in shown
    assert not (repository / "framework").exists()


@pytest.mark.slow
def test_new_asks_for_what_is_required_and_what_is_worth_a_question(repository: Path) -> None:
    (repository / "framework").mkdir()
    file = repository / "framework" / "mitigations.yml"
    file.write_text("mitigations:\n  - {id: a, title: A, owner: safety-lead, every: 1 year}\n", encoding="utf-8")
    answers = [
        ("Title", "Classifier on outputs"),
        ("Id, never used before [classifier-on-outputs]", "output-filter"),
        ("owner (", ""),
        ("assessor (", "red-team-lead"),
        ("every (", "6 months"),
        ("last_assessed (", ""),
        ("deployments (", ""),
        ("threat_models (", ""),
    ]
    code, shown = dialogue(repository, ["new", "mitigation"], answers)
    assert code == 0, shown
    entry = read_register(WorkingTree(repository)).mitigations["output-filter"]
    assert entry.written == {
        "id": "output-filter",
        "title": "Classifier on outputs",
        "owner": "safety-lead",
        "assessor": "red-team-lead",
        "every": "6 months",
    }
    code, shown = dialogue(repository, ["new", "mitigation", "b", "--title", "B", "--owner", "safety-lead"], [])
    assert code == 0, shown


@pytest.mark.slow
def test_new_asks_again_for_the_answer_that_check_would_refuse_and_loses_no_other(repository: Path) -> None:
    (repository / "framework").mkdir()
    register = "mitigations: [{id: taken, title: T, owner: safety-lead, every: 1 year}]\n"
    (repository / "framework/a.yml").write_text(register, encoding="utf-8")
    answers = [
        ("Title", "Filter"),
        ("Id, never used before [filter]", "foo bar"),
        ("Id, never used before [filter]", "taken"),
        ("Id, never used before [filter]", ""),
        ("owner", "Not a login"),
        ("owner", "safety-lead"),
        ("assessor", ""),
        ("every", "every so often"),
        ("every", "6 months"),
        ("last_assessed", "31.02.2026"),
        ("last_assessed", ""),
        ("deployments", "nowhere"),
        ("deployments", ""),
        ("threat_models", ""),
    ]
    code, shown = dialogue(repository, ["new", "mitigation"], answers)
    assert code == 0, shown
    assert "'id' cannot be 'foo bar': ids are lower-case letters and digits, joined by hyphens." in shown
    assert "there is a mitigation 'taken' already." in shown
    assert "'every so often' is not a duration." in shown
    new = read_register(WorkingTree(repository)).mitigations["filter"].value
    assert (new.owner, new.deployments) == ("safety-lead", ())
