"""The scaffold of a framework repository: the files that `reassay init` writes. Existing files are never changed."""

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
FORM_FOLDER = ".github/ISSUE_TEMPLATE"
FORMS = {"incident.yml": "reassay-incident.yml", "safeguard-vulnerability.yml": "reassay-safeguard-vulnerability.yml"}
"""Issue forms by the name of their template."""
SCHEMA_FOLDER = ".github/reassay-schema"
_LONGEST_LOGIN = 39
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_ADDRESS = re.compile(r"[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._-]+/[a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class ScaffoldOptions:
    """Owner of the first mitigations, and the default branch."""

    owner: str
    """A login, without `@`."""
    branch: str
    address: str = ""
    """Host and path of the repository, as `github.com/lab/framework`; empty if it has no remote."""

    @staticmethod
    def checked(root: Path, owner: str, branch: str, address: str = "") -> "ScaffoldOptions":
        """Raises UsageError for an invalid folder, login or branch."""
        if not root.is_dir():
            raise UsageError("there is no such folder.", where=str(root), remedy="Name a checkout of your repository.")
        bare = owner.removeprefix("@")
        if not re.fullmatch(NAME_PATTERN, bare) or len(bare) > _LONGEST_LOGIN:
            raise UsageError(
                f"{owner!r} is not a valid GitHub login.", where="--owner", remedy="Write e.g. safety-lead."
            )
        if not _BRANCH.fullmatch(branch):
            raise UsageError(f"{branch!r} is not a valid branch name.", where="--branch", remedy="Write e.g. main.")
        return ScaffoldOptions(bare, branch, address if _ADDRESS.fullmatch(address) else "")


@dataclass(frozen=True, slots=True)
class ScaffoldFile:
    """A file to write, or the reason why it is not written."""

    path: str
    text: str
    skipped_because: str = ""
    is_register: bool = False


@dataclass(frozen=True, slots=True)
class ScaffoldResult:
    """The files that were written, and the paths that were not, with reasons."""

    written: tuple[ScaffoldFile, ...]
    skipped: tuple[tuple[str, str], ...]

    @property
    def wrote_register(self) -> bool:
        """Whether examples were written."""
        return any(file.is_register for file in self.written)

    @property
    def wrote_forms(self) -> bool:
        """Whether issue forms were written."""
        return any(file.path.startswith(FORM_FOLDER) for file in self.written)

    def lines(self) -> Iterator[str]:
        """One line for each file."""
        for file in self.written:
            yield f"wrote  {file.path}"
        for path, why in self.skipped:
            yield f"kept   {path} ({why})"


def plan_files(register: Register, options: ScaffoldOptions, today: date, *, full: bool) -> Sequence[ScaffoldFile]:
    """The files of the scaffold for a repository with this register, in order of importance."""
    folder = register.configuration.register_folder.rstrip("/")
    values = {
        "owner": options.owner,
        "branch": options.branch,
        "folder": f"{folder}/",
        "up": "../" * (folder.count("/") + 2),
        "today": today.isoformat(),
        "in_a_year": add_months(today, MONTHS_PER_YEAR).isoformat(),
    }
    elsewhere = _settings_elsewhere(register)
    # The configuration written here declares the role. If another one exists, the owner is an account.
    values["owner_role"] = values["owner"] if register.configuration_origin else "safety-team"
    because = "" if _is_empty(register) else "the repository has a register already"
    workflow = ScaffoldFile(WORKFLOW, _filled("workflow.yml", values))
    if not full:
        text = _filled("starter.yml", values)
        if register.configuration_origin is not None:
            # Settings may be written in one place only, and the repository has one.
            text = re.sub(r"(?m)^timezone:.*\n", "", text)
        return (ScaffoldFile(f"{folder}/mitigations.yml", text, because, is_register=True), workflow, *_forms(options))
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
        ScaffoldFile(CONFIGURATION_PATH, _filled("full/configuration.yml", values), elsewhere),
        *(
            ScaffoldFile(path, _filled(f"full/{name}", values), because, is_register=True)
            for path, name in examples.items()
        ),
        workflow,
        *_forms(options),
        *(ScaffoldFile(f"{SCHEMA_FOLDER}/{name}.json", _schema(name)) for name in SCHEMAS),
    )


def _forms(options: ScaffoldOptions) -> Iterator[ScaffoldFile]:
    """The issue forms, and the link for private reports where the address of the repository is known."""
    for template, name in FORMS.items():
        yield ScaffoldFile(f"{FORM_FOLDER}/{name}", _filled(f"forms/{template}", {}))
    if options.address:
        values = {"report_url": f"https://{options.address}/security/advisories/new"}
        yield ScaffoldFile(f"{FORM_FOLDER}/config.yml", _filled("forms/config.yml", values))


def write_files(root: Path, files: Sequence[ScaffoldFile]) -> ScaffoldResult:
    """Writes each file that does not exist. Raises UsageError if one cannot be written."""
    written, skipped = [], []
    for file in files:
        why = file.skipped_because or _write(root, file)
        if why:
            skipped.append((file.path, why))
        else:
            written.append(file)
    return ScaffoldResult(tuple(written), tuple(skipped))


def _write(root: Path, file: ScaffoldFile) -> str:
    """Reason why the file was not written, or an empty text."""
    target = root / file.path
    try:
        if not target.parent.resolve().is_relative_to(root.resolve()):
            return "its folder is a link to a place outside of the repository"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(file.text)
    except FileExistsError:
        return "it exists already"
    except OSError as error:
        raise UsageError(
            f"the file cannot be written ({error.strerror}).",
            where=str(target),
            remedy="Check the folder's permissions.",
        ) from error
    return ""


def _is_empty(register: Register) -> bool:
    errors = [finding for finding in register.errors if finding.code != NO_REGISTER]
    return not any(register.objects(kind) for kind in KINDS) and not errors


def _settings_elsewhere(register: Register) -> str:
    origin = register.configuration_origin
    if origin is None or origin.path == CONFIGURATION_PATH:
        return ""
    return f"the settings are in {origin.path}; to use this file, move them here"


def _filled(name: str, values: Mapping[str, str]) -> str:
    text = (templates_folder() / "init" / name).read_text(encoding="utf-8")
    for word, value in values.items():
        text = text.replace("{{" + word + "}}", value)
    return text


def _schema(name: str) -> str:
    return json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"
