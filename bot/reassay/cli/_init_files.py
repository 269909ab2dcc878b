"""Which files `init` writes, with what in them, and where it leaves things alone."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reassay.common.calendar import MONTHS_PER_YEAR, add_months
from reassay.common.environment import templates_folder
from reassay.common.errors import UsageError
from reassay.register.base import NAME_PATTERN
from reassay.register.files import CONFIGURATION_PATH
from reassay.register.files.reader import NO_REGISTER
from reassay.register.register import KINDS, Register
from reassay.register.schema import SCHEMAS, schema_of

WORKFLOW = ".github/workflows/reassay.yml"
FORM = ".github/ISSUE_TEMPLATE/reassay-new-information.yml"
SCHEMA_FOLDER = ".github/reassay-schema"
_LONGEST_LOGIN = 39
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person said."""

    owner: str
    branch: str

    @staticmethod
    def checked(root: Path, owner: str, branch: str) -> "Answers":
        """Raises UsageError for what cannot be used."""
        if not root.is_dir():
            raise UsageError("there is no such folder.", where=str(root), remedy="Name a checkout of your repository.")
        bare = owner.removeprefix("@")
        if not re.fullmatch(NAME_PATTERN, bare) or len(bare) > _LONGEST_LOGIN:
            raise UsageError(f"{owner!r} is no GitHub login.", where="--owner", remedy="Write for example safety-lead.")
        if not _BRANCH.fullmatch(branch):
            raise UsageError(f"{branch!r} is no branch.", where="--branch", remedy="Write for example main.")
        return Answers(bare, branch)


@dataclass(frozen=True, slots=True)
class Planned:
    """One file to write, or why it is not written."""

    path: str
    text: str
    left_because: str = ""
    is_register: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What was written, and what was left and why."""

    written: tuple[Planned, ...]
    left: tuple[tuple[str, str], ...]

    @property
    def wrote_register(self) -> bool:
        """Whether there are new examples to change."""
        return any(each.is_register for each in self.written)

    def lines(self) -> Iterator[str]:
        """One a file."""
        for each in self.written:
            yield f"wrote  {each.path}"
        for path, why in self.left:
            yield f"left   {path} ({why})"


def plan_files(register: Register, answers: Answers, today: date, *, full: bool) -> Sequence[Planned]:
    """What belongs into a repository with this register, in order of importance."""
    folder = register.configuration.register_folder.rstrip("/")
    words = {
        "owner": answers.owner,
        "branch": answers.branch,
        "folder": f"{folder}/",
        "up": "../" * (folder.count("/") + 2),
        "today": today.isoformat(),
        "in_a_year": add_months(today, MONTHS_PER_YEAR).isoformat(),
    }
    elsewhere = _settings_elsewhere(register)
    # The role is declared by the configuration written here; without it the owner is an account.
    words["owner_role"] = words["owner"] if register.configuration_origin else "safety-team"
    because = "" if _is_empty(register) else "there is a register already"
    workflow = Planned(WORKFLOW, _filled("workflow.yml", words))
    if not full:
        text = _filled("starter.yml", words)
        if register.configuration_origin is not None:
            # Settings stand in one place only, and here they have one.
            text = re.sub(r"(?m)^timezone:.*\n", "", text)
        return (Planned(f"{folder}/mitigations.yml", text, because, is_register=True), workflow)
    examples = {
        f"{folder}/mitigations/jailbreak-filter.yml": "mitigation.yml",
        f"{folder}/deployments/public-app.yml": "deployment.yml",
        f"{folder}/threat-models/misuse-by-novices.yml": "threat-model.yml",
        f"{folder}/models/example-model.yml": "model.yml",
        f"{folder}/commitments/yearly-framework-review.yml": "commitment.yml",
        f"{folder}/incidents/example-near-miss.yml": "incident.yml",
        f"{folder}/information-items/example-paper.yml": "information-item.yml",
        f"{folder}/risk-acceptances/example-acceptance.yml": "risk-acceptance.yml",
        f"{folder}/evidence-items/example-red-team-report.yml": "evidence-item.yml",
        f"{folder}/delegations/example-stand-in.yml": "delegation.yml",
    }
    return (
        Planned(CONFIGURATION_PATH, _filled("full/configuration.yml", words), elsewhere),
        *(Planned(path, _filled(f"full/{name}", words), because, is_register=True) for path, name in examples.items()),
        workflow,
        Planned(FORM, _filled("full/issue-form.yml", words)),
        *(Planned(f"{SCHEMA_FOLDER}/{name}.json", _schema(name)) for name in SCHEMAS),
    )


def write_files(root: Path, planned: Sequence[Planned]) -> Done:
    """Writes each file that does not exist. Raises UsageError if one cannot be written."""
    written, left = [], []
    for each in planned:
        why = each.left_because or _write(root, each)
        if why:
            left.append((each.path, why))
        else:
            written.append(each)
    return Done(tuple(written), tuple(left))


def _write(root: Path, each: Planned) -> str:
    """Why it was left, or nothing."""
    target = root / each.path
    try:
        if not target.parent.resolve().is_relative_to(root.resolve()):
            return "its folder is a link that leads out of the repository"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(each.text)
    except FileExistsError:
        return "it exists"
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}.", where=str(target), remedy="Check the folder's rights."
        ) from error
    return ""


def _is_empty(register: Register) -> bool:
    wrong = [each for each in register.errors if each.code != NO_REGISTER]
    return not any(register.objects(kind) for kind in KINDS) and not wrong


def _settings_elsewhere(register: Register) -> str:
    origin = register.configuration_origin
    if origin is None or origin.path == CONFIGURATION_PATH:
        return ""
    return f"settings stand in {origin.path}; move them here to have it"


def _filled(name: str, words: Mapping[str, str]) -> str:
    text = (templates_folder() / "init" / name).read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace("{{" + word + "}}", value)
    return text


def _schema(name: str) -> str:
    return json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"
