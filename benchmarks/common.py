"""The product's command line, registers of a size, processor time of child processes, and rows of the table."""

import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent
PRODUCT = (sys.executable, "-m", "reassay")
"""The product is called by its command line alone."""
ROUNDS = 3
TODAY = datetime.now(UTC).date()
CONFIGURATION = """\
mode: enforce
publish: true
timezone: Europe/Berlin
roles:
  safety: {users: [safety-lead]}
  red-team: {users: [red-team-lead]}
"""
DEPLOYMENT = (
    "id: public-{n}\ntitle: Public {n}\naudience: external\nmodalities_in: [text, image]\nlanguages: [en, de]\n"
)
THREAT = "id: misuse-{n}\ntitle: Misuse {n}\nactor: anybody\noutcome: Some harm.\nminimum_layers: {{external: 2}}\n"
MITIGATION = """\
id: mitigation-{n}
title: Mitigation {n} stops what it should stop
description: >-
  A classifier reads every request with its conversation before the model does, and blocks attempts to get around the
  model's refusals. It is retrained whenever a new family of jailbreaks becomes known.
version: 3
owner: safety-lead
assessor: red-team-lead
layer: {layer}
lifecycle_stage: deploy
taxonomy:
  - {{scheme: MIT-v2, code: "2.2.2", label: Testing & Evaluation}}
standards:
  - {{catalogue: NIST-800-53, control: SI-4}}
threat_models: [misuse-{threat}]
deployments: [public-0, public-1]
last_assessed: {last}
target:
  statement: >-
    A technical non-expert with 1000 GBP and two weeks cannot find one prompt that gets the classifier to pass requests
    of the covered kind reliably, in any language we offer.
  actor: A technical non-expert
  resources: 1000 GBP, two weeks, public jailbreak collections
  criteria:
    - {{kind: rate, name: attack success, at_most: 0.05, undesired: attack_success}}
    - {{kind: duration, name: time to block a newly reported jailbreak, at_most: 5 days}}
assumptions:
  - Requests reach the model only through the gateway that runs the classifier.
  - The attempts we test with are at least as varied as those seen in monitoring.
invalidation_conditions:
  - text: A jailbreak family becomes public that passes in more than one attempt of ten.
reassess:
  every: {months} months
  triggers:
    - {{kind: incident-severity, at_least: high}}
    - {{kind: deployment-change}}
    - {{kind: new-information, triage_within: P14D}}
"""
"""A mitigation as the examples write them, 1.4 KB."""
LAYERS = ("model", "system", "access", "monitoring", "security")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: what was measured, the figure, what it is compared with, and the goal."""

    what: str
    figure: str
    peer: str
    goal: str


def register(count: int) -> dict[str, str]:
    """Files of a register of `count` mitigations of 0.7 KB, all for the same two deployments; nothing is due for two months."""
    files = {".github/reassay.yml": CONFIGURATION, "README.md": "A framework.\n"}
    files |= {f"framework/deployments/public-{n}.yml": DEPLOYMENT.format(n=n) for n in range(2)}
    files |= {f"framework/threat-models/misuse-{n}.yml": THREAT.format(n=n) for n in range(10)}
    for n in range(count):
        last, months = TODAY - timedelta(days=n % 60), (6, 9, 12, 24)[n % 4]
        files[f"framework/mitigations/mitigation-{n}.yml"] = MITIGATION.format(
            n=n, layer=LAYERS[n % len(LAYERS)], threat=n % 10, last=last, months=months
        )
    return files


def loosened(files: Mapping[str, str]) -> dict[str, str]:
    """Three mitigations of `register`, due later than before."""
    names = [name for name in files if "/mitigations/" in name][:3]
    return {name: files[name].replace(" months\n", " years\n", 1) for name in names}


def repository(folder: Path, count: int) -> Path:
    """A clone of such a register with a branch `change` that loosens three mitigations."""
    made, files = folder / f"register-{count}", register(count)
    made.mkdir(parents=True)
    git(made, "init", "--quiet", "--initial-branch=main")
    _commit(made, files)
    git(made, "checkout", "--quiet", "-b", "change")
    _commit(made, loosened(files))
    git(made, "checkout", "--quiet", "main")
    git(made, "gc", "--quiet")
    return made


def _commit(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "--quiet", "-m", "Files")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def processor_seconds(
    command: Sequence[str], *, fine: Sequence[int] = (0,), more: Mapping[str, str] | None = None
) -> float:
    """User and system time of a child process and of its children. Raises RuntimeError for another exit code."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=ROOT, env={**environment, **(more or {})}, capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in fine:
        raise RuntimeError(f"{command}: exit {done.returncode}\n{done.stderr}{done.stdout[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def quickest(commands: Mapping[str, Sequence[str]], rounds: int = ROUNDS) -> dict[str, float]:
    """Processor seconds of each command, the least of several rounds that take turns. Exit 1 is a verdict, and fine."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(processor_seconds(command, fine=(0, 1)))
    return {name: min(each) for name, each in times.items()}


def ratio(mine: float, other: float) -> str:
    """`1.53 x`, with the seconds it comes from."""
    return f"{mine / other:.2f} x ({mine:.2f} s / {other:.2f} s)"
