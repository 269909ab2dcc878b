"""Files for containers and systemd name options, variables and files that there are."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from reassay.cli import build_parser

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
UNIT = (DEPLOY / "reassay.service").read_text(encoding="utf-8")
HOW_TO = "\n".join(
    (ROOT / f"docs/how-to/{page}.md").read_text(encoding="utf-8")
    for page in ("install-the-app", "host-the-app", "run-on-several-machines", "rotate-keys")
)
SOURCES = "\n".join(
    file.read_text(encoding="utf-8")
    for folder in ("reassay/cli", "reassay/hosted", "reassay/ledger", "reassay/signals")
    for file in (ROOT / "bot" / folder).rglob("*.py")
)


def test_what_the_container_copies_is_there() -> None:
    copied = [
        source
        for line in CONTAINER.splitlines()
        if line.startswith("COPY ") and "--from=" not in line
        for source in line.split()[1:-1]
    ]
    assert copied
    assert not [each for each in copied if not (ROOT / each).exists()]


@pytest.mark.parametrize("name", ["server", "worker"])
def test_commands_of_the_compose_file_are_understood(name: str) -> None:
    service = COMPOSE["services"][name]
    words = [re.sub(r"\$\{.*\}", "https://reassay.example.com", str(each)) for each in service["command"]]
    assert build_parser().parse_args(words).command == words[0]


def test_commands_of_container_and_unit_are_understood() -> None:
    (unit,) = re.findall(r"^ExecStart=\S+/reassay (.*)$", UNIT, re.MULTILINE)
    (container,) = re.findall(r"^CMD (\[.*\])$", CONTAINER, re.MULTILINE)
    assert build_parser().parse_args(unit.split()).command == "serve"
    assert build_parser().parse_args(yaml.safe_load(container)).command == "serve"


def variables(text: str) -> set[str]:
    return set(re.findall(r"REASSAY_[A-Z_]+", text))


@pytest.mark.parametrize(
    "text", [CONTAINER, UNIT, str(COMPOSE), HOW_TO], ids=["container", "unit", "compose", "how-to"]
)
def test_variables_are_ones_that_are_read(text: str) -> None:
    options = {"DATA_DIR", "DATABASE_URL", "PUBLIC_URL", "HOST", "PORT", "CONCURRENCY", "OPERATORS", "HEARTBEAT_URL"}
    known = variables(SOURCES) | {f"REASSAY_{each}" for each in options}
    assert not {each.removesuffix("_FILE") for each in variables(text)} - known


def test_secrets_that_the_compose_file_mounts_are_declared() -> None:
    named = {each for service in COMPOSE["services"].values() for each in service.get("secrets", ())}
    assert named == set(COMPOSE["secrets"])


def test_the_how_to_names_every_secret_of_the_compose_file() -> None:
    assert not [name for name in COMPOSE["secrets"] if f"`{name}`" not in HOW_TO and f"`{name}.pem`" not in HOW_TO]


def test_options_of_the_how_to_are_those_of_the_commands() -> None:
    told = set(re.findall(r"`--([a-z-]+)", HOW_TO))
    parsers = build_parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr] # argparse's own
    known = {
        option.removeprefix("--")
        for name in ("serve", "worker")
        for action in parsers[name]._actions  # type: ignore[index] # a mapping of parsers
        for option in action.option_strings
    }
    assert told <= known
    assert known - {"help", "h", "quiet", "q", "-h", "-q"} <= told


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
def test_systemd_understands_the_unit() -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", str(DEPLOY / "reassay.service")], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if "not executable" not in line]
    assert said == []
