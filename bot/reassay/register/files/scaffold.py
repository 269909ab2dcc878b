"""The scaffold of a framework repository: the files that `reassay init` writes. Existing files are never changed."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import yaml

from reassay import __version__
from reassay.common.calendar import MONTHS_PER_YEAR, add_months, zone
from reassay.common.environment import templates_folder
from reassay.common.errors import UsageError
from reassay.register.base import NAME_PATTERN
from reassay.register.files import CONFIGURATION_PATH
from reassay.register.files.reader import NO_REGISTER
from reassay.register.files.scalars import resolve
from reassay.register.placeholders import is_placeholder
from reassay.register.register import KINDS, Register
from reassay.register.schema import SCHEMAS, schema_of

WORKFLOW = ".github/workflows/reassay.yml"
FORM_FOLDER = ".github/ISSUE_TEMPLATE"
FORMS = {"incident.yml": "reassay-incident.yml", "safeguard-vulnerability.yml": "reassay-safeguard-vulnerability.yml"}
"""Issue forms by the name of their template."""
SCHEMA_FOLDER = ".github/reassay-schema"
EXAMPLES: Final = {
    "mitigations/example-jailbreak-filter.yml": "mitigation",
    "deployments/example-public-app.yml": "deployment",
    "threat-models/example-misuse-by-novices.yml": "threat-model",
    "models/example-model.yml": "model",
    "commitments/example-framework-review.yml": "commitment",
}
"""Kinds of the examples of `--full` by their path below the folder of the register."""
FACTS: Final = {
    "incident": "What went wrong, nearly went wrong, or could.",
    "information-item": "News that may bear on a mitigation.",
    "risk-acceptance": "Risks that are borne for a while, with who asked and who approved.",
    "evidence-item": "Evidence: how it was gathered, what it shows, and what it does not.",
    "delegation": "Who stands in for whom, and until when.",
}
"""Meaning by kind, for kinds that record what happened: an example among them would be a made-up fact."""
RELEASED_ACTION: Final = f"reassay/reassay@v{__version__}"
"""The Action of this version's release."""
_LONGEST_LOGIN = 39
_ACTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]+(/[A-Za-z0-9._/-]+)?@[A-Za-z0-9._/-]+")
_BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*")
_ADDRESS = re.compile(r"[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._-]+/[a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class ScaffoldOptions:
    """People, time zone and branch that a scaffold is written for."""

    owner: str
    """A login, without `@`, or a placeholder where no file names an owner."""
    branch: str
    """The default branch of the repository."""
    assessor: str | None = None
    """None: the owner alone, which is recorded as self-assessed."""
    timezone: str = "UTC"
    address: str = ""
    """Host and path of the repository, as `github.com/lab/framework`; empty if it has no remote."""
    action: str = RELEASED_ACTION
    """What the workflow runs, as `OWNER/NAME@TAG` or `OWNER/NAME@COMMIT`."""


def checked_login(name: str, where: str) -> str:
    """A login without `@`. Raises UsageError if it cannot be one, or stands for nobody."""
    bare = name.strip().removeprefix("@")
    if not re.fullmatch(NAME_PATTERN, bare) or len(bare) > _LONGEST_LOGIN:
        raise UsageError(f"{name!r} is not a valid GitHub login.", where=where, remedy="Write e.g. safety-lead.")
    if is_placeholder(bare):
        raise UsageError(f"{name!r} is a placeholder.", where=where, remedy="Write the login of an account.")
    return bare


def checked_branch(name: str) -> str:
    """A branch that a workflow can name. Raises UsageError."""
    if not _BRANCH.fullmatch(name):
        raise UsageError(f"{name!r} is not a valid branch name.", where="--branch", remedy="Write e.g. main.")
    return name


def checked_action(text: str) -> str:
    """A repository of an Action with a tag or commit. Raises UsageError."""
    if not _ACTION.fullmatch(text):
        remedy = f"Write OWNER/NAME@TAG or OWNER/NAME@COMMIT, e.g. {RELEASED_ACTION}."
        raise UsageError(f"{text!r} does not name an Action.", where="--action", remedy=remedy)
    return text


def checked_timezone(name: str) -> str:
    """An IANA time zone. Raises UsageError."""
    try:
        zone(name)
    except ValueError as error:
        raise UsageError(
            f"{name!r} is not a time zone.", where="--timezone", remedy="Write e.g. Europe/Berlin."
        ) from error
    return name


def checked_address(address: str) -> str:
    """The address of a repository; empty if it has another form."""
    return address if _ADDRESS.fullmatch(address) else ""


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
    def wrote_settings(self) -> bool:
        """Whether a time zone was written."""
        return any(file.path == CONFIGURATION_PATH or "\ntimezone: " in file.text for file in self.written)

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


def plan_files(
    register: Register,
    options: ScaffoldOptions,
    today: date,
    *,
    full: bool,
    instead: tuple[str, str] | None = None,
) -> Sequence[ScaffoldFile]:
    """The files of the scaffold for a repository with this register, in order of importance.

    `instead`: path below the register's folder and text of a file to begin with, instead of examples.
    """
    folder = register.configuration.register_folder.rstrip("/")
    values = _values(register, options, today, folder)
    because = "" if is_empty(register) else "the repository has a register already"
    settings = _settings(register, values, full=full)
    if instead is not None:
        path, text = instead
        first: Sequence[ScaffoldFile] = (ScaffoldFile(f"{folder}/{path}", text, because, is_register=True),)
    elif full:
        first = _full_examples(folder, values, because)
    else:
        text = _filled("starter.yml", values)
        if register.configuration_origin is not None:
            # Settings may be written in one place only, and the repository has one.
            text = re.sub(r"(?m)^timezone:.*\n", "", text)
        first = (ScaffoldFile(f"{folder}/mitigations.yml", text, because, is_register=True),)
    schemas = [ScaffoldFile(f"{SCHEMA_FOLDER}/{name}.json", _schema(name)) for name in SCHEMAS] if full else []
    workflow = ScaffoldFile(WORKFLOW, _filled("workflow.yml", values))
    has_settings = full or instead is not None
    return (*([settings] if has_settings else []), *first, workflow, *_forms(options), *schemas)


def _values(register: Register, options: ScaffoldOptions, today: date, folder: str) -> Mapping[str, str]:
    assessor = f"assessor: {options.assessor}" if options.assessor else "# assessor: another-login"
    return {
        "owner": options.owner,
        # The configuration written here declares the role. If another one exists, the owner is an account.
        "owner_role": options.owner if register.configuration_origin else "safety-team",
        "owner_line": f"owner: {options.owner:<23}",
        "assessor_line": f"{assessor:<30}",
        "branch": options.branch if _is_plain(options.branch) else json.dumps(options.branch),
        "timezone": options.timezone,
        "action": options.action,
        "folder": f"{folder}/",
        "up": "../" * (folder.count("/") + 2),
        "today": today.isoformat(),
        "in_a_year": add_months(today, MONTHS_PER_YEAR).isoformat(),
    }


def _is_plain(text: str) -> bool:
    """Whether every version of YAML reads a text without quotes as this text: `16.0`, `on` and `1e5` are something else."""
    try:
        return resolve(text) == text and yaml.safe_load(text) == text
    except (ValueError, yaml.YAMLError):
        return False


def _settings(register: Register, values: Mapping[str, str], *, full: bool) -> ScaffoldFile:
    name = "full/configuration.yml" if full else "configuration.yml"
    return ScaffoldFile(CONFIGURATION_PATH, _filled(name, values), _settings_elsewhere(register))


def _full_examples(folder: str, values: Mapping[str, str], because: str) -> Sequence[ScaffoldFile]:
    """One example of each kind; those of facts in a page beside them, which no register reads."""
    examples = [
        ScaffoldFile(f"{folder}/{path}", _filled(f"full/{kind}.yml", values), because, is_register=True)
        for path, kind in EXAMPLES.items()
    ]
    pages = [ScaffoldFile(f"{folder}/{kind}s/README.md", _page(kind, values)) for kind in FACTS]
    return (*examples, *pages)


def _page(kind: str, values: Mapping[str, str]) -> str:
    example = _filled(f"full/{kind}.yml", values)
    heading = f"{kind.replace('-', ' ').capitalize()}s"
    return _filled("full/facts.md", {"heading": heading, "meaning": FACTS[kind], "kind": kind, "example": example})


def starter_examples() -> Sequence[Mapping[str, object]]:
    """The example entries of the starter, as `write_files` writes them."""
    values = {"owner": "x", "owner_line": "owner: x ", "assessor_line": "", "timezone": "UTC"}
    document = yaml.safe_load(_filled("starter.yml", values))
    return [dict(entry) for entry in document["mitigations"]]


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


def is_empty(register: Register) -> bool:
    """Whether it has no object and no error, so that examples may be written."""
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
