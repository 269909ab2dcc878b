"""The Action really run: by `act` on this machine, from the workflow that `reassay init` writes, against the sandbox."""

import fcntl
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reassay.cli import main as reassay
from reassay_sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
"""With the Python of the tests first: the Action's `python3` is a recent one, whatever the machine has."""
ACT = shutil.which("act", path=PATH)
REPOSITORY = "example-lab/framework"
USES = "reassay/reassay@v0.1.0"
RELEASED = ("action.yml", ".github/action", "bot", "templates", "requirements")
"""What the Action needs of this repository, and nothing else: a file that is missing here would be missed."""


@dataclass(frozen=True)
class Workshop:
    """What the runs of a whole test session share: the Action as released, and the runner's caches."""

    action: Path
    cache: Path

    @staticmethod
    def make(folder: Path) -> "Workshop":
        """Made once, whatever number of workers asks; the requirements are installed into it by the first of them."""
        folder.mkdir(parents=True, exist_ok=True)
        shop = Workshop(folder / "action", folder / "cache")
        with _alone(folder / "lock"):
            if not (folder / "made").exists():
                for name in RELEASED:
                    _copy(ROOT / name, shop.action / name)
                install(shop.action, shop.tool_cache, folder).check_returncode()
                (folder / "made").touch()
        return shop

    @property
    def tool_cache(self) -> Path:
        """Where act puts RUNNER_TOOL_CACHE."""
        return self.cache / "tool_cache"


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def install(action: Path, tool_cache: Path, workspace: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The Action's install step as a runner starts it, in a workspace."""
    output = workspace / "output"
    output.touch()
    return subprocess.run(
        ["bash", str(action / ".github/action/install.sh")],
        cwd=workspace,
        env=os.environ
        | {"GITHUB_ACTION_PATH": str(action), "RUNNER_TOOL_CACHE": str(tool_cache), "GITHUB_OUTPUT": str(output)}
        | {"PATH": PATH}
        | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True)
class Run:
    """One run of the workflow."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str
    errors: tuple[str, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Those outputs that are not zero."""
        return {name: int(value) for name, value in self.outputs.items() if name != "summary-json" and value != "0"}


@dataclass(frozen=True)
class Workflow:
    """A framework repository's workflow, and the GitHub it runs on."""

    shop: Workshop
    box: Sandbox
    folder: Path
    token: str
    events: list[tuple[str, Any]]

    @staticmethod
    def make(shop: Workshop, box: Sandbox, folder: Path, register: bytes, **permissions: str) -> "Workflow":
        """The workflow as `reassay init` writes it; the Action has no clock but the real one, so the sandbox gets it."""
        box.clock.move_to(datetime.now(UTC))
        for login in ("safety-lead", "red-team-lead", "auditor"):
            box.add_user(login)
        box.add_bot("github-actions")
        people = {"safety-lead": "write", "red-team-lead": "write", "auditor": "read"}
        box.add_repo(
            REPOSITORY,
            private=True,
            files={"framework/mitigations.yml": b"mode: remind\n" + register},
            collaborators=people,
        )
        granted = {"contents": "write", "issues": "write", "metadata": "read"} | permissions
        token = box.token("github-actions[bot]", REPOSITORY, permissions=granted)
        events: list[tuple[str, Any]] = []
        box.on_event(lambda name, payload: events.append((name, payload)))
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main"], cwd=folder, check=True)
        options = ["--quiet", "--owner", "safety-lead"]
        assert reassay(["init", *options, str(folder)], io.StringIO(), io.StringIO()) == 0
        for command in (["add", "."], _commit("the workflow")):
            subprocess.run(["git", *command], cwd=folder, check=True)
        origin = f"https://github.com/{REPOSITORY}.git"
        subprocess.run(["git", "remote", "add", "origin", origin], cwd=folder, check=True)
        return Workflow(shop, box, folder, token, events)

    @property
    def repo(self) -> Any:  # noqa: ANN401 - the sandbox's own type
        """The repository as people hold it; whatever they do, they do now."""
        self.box.clock.move_to(datetime.now(UTC))
        return self.box.repo(REPOSITORY)

    def file(self, **inputs: str) -> str:
        """The workflow as init wrote it, told where GitHub is, with further inputs of the Action."""
        written = (self.folder / ".github/workflows/reassay.yml").read_text(encoding="utf-8")
        assert f"uses: {USES}\n        with:\n" in written
        where = {"api-url": self.box.api_url, "server-url": self.box.url} | inputs
        lines = "".join(f"          {name.replace('_', '-')}: {json.dumps(value)}\n" for name, value in where.items())
        return written.replace("        with:\n", f"        with:\n{lines}")

    def run(
        self,
        event: str,
        payload: Mapping[str, Any],
        actor: str = "safety-lead",
        secrets: Mapping[str, str] | None = None,
        **inputs: str,
    ) -> Run:
        """The workflow for one event. Secrets are not masked: what the Action says itself must be fit to be read."""
        secret = {"GITHUB_TOKEN": self.token, **(secrets or {})}
        for name, content in {"workflow.yml": self.file(**inputs), "event.json": json.dumps(payload)}.items():
            (self.folder / ".git" / name).write_text(content, encoding="utf-8")
        done = subprocess.run(
            [str(ACT), event, *self._options(actor), *(f"--secret={name}" for name in secret)],
            cwd=self.folder,
            env=os.environ | secret | {"PATH": PATH},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return _read(done.returncode, done.stdout + done.stderr)

    def _options(self, actor: str) -> list[str]:
        options = {
            "workflows": ".git/workflow.yml",
            "eventpath": ".git/event.json",
            "actor": actor,
            "platform": "ubuntu-latest=-self-hosted",
            "local-repository": f"{USES}={self.shop.action}",
            "action-cache-path": str(self.shop.cache),
            "env": "REASSAY_WRITE_PAUSE=0",
        }
        switches = ["--no-cache-server", "--json", "--strict", "--insecure-secrets"]
        return [*switches, *(f"--{name}={value}" for name, value in options.items())]

    def last_event(self, name: str) -> Mapping[str, Any]:
        """The payload of the newest event of that name."""
        payload: Mapping[str, Any] = next(payload for each, payload in reversed(self.events) if each == name)
        return payload


def _commit(message: str) -> list[str]:
    who = ["-c", "user.name=maintainer", "-c", "user.email=maintainer@example.com"]
    return [*who, "commit", "--quiet", f"--message={message}"]


def _read(code: int, log: str) -> Run:
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    # Steps inside of the Action have longer ids; what the workflow sees is the Action's own.
    seen = [line for line in lines if len(line.get("stepID", ())) == 1]
    # What a mode does not give is empty, as an output that was never set.
    outputs = {line["name"]: line["arg"] for line in seen if line.get("command") == "set-output" and line["arg"]}
    summary = next((line["content"] for line in seen if line.get("command") == "summary"), "")
    errors = tuple(dict.fromkeys(line["arg"] for line in lines if line.get("command") == "error"))
    return Run(code, log, outputs, summary, errors)
