"""A repository on the sandbox whose workflows register evaluation runs, and what they upload."""

import json
from collections.abc import Callable

from reassay.evidence.run_documents import FILE_NAME
from reassay.ledger.entry import Entry
from reassay.ledger.history import History
from reassay.ledger.run_history import runs_of
from reassay.ledger.runs import RunEnded, RunRefused, RunRegistered
from reassay_sandbox.stored_files import SandboxFiles
from reassay_sandbox.workflows import SandboxWorkflows
from tests.lab import PERMISSIONS, REPOSITORY, Lab

REGISTER = b"""\
mode: remind
timezone: UTC
mitigations:
  - id: jailbreak-filter
    title: Input filter blocks known jailbreak families
    owner: safety-lead
    assessor: red-team-lead
    every: 6 months
    last_assessed: 2026-11-01
    target:
      statement: A person without expertise cannot get harmful answers
      criteria:
        - {kind: rate, name: harmful answers, at_most: 0.02, undesired: attack_success, provenance: workflow-run,
           measured: {adverse: [I], not_adverse: [C]}}
  - {id: staff-training, title: Staff finish misuse training, owner: safety-lead, every: 1 year, last_assessed: 2026-11-01}
"""
READING = {
    "metric": "match", "tool": "inspect", "digest": "sha256:" + "d" * 64, "attempted": 3, "planned": 3,
    "totals": [["C", 3]], "prompts": [[f"{number:016x}", [], [["C", 1]], 0, 0] for number in range(3)],
}  # fmt: skip


def lab_with_runs(make_lab: Callable[..., Lab]) -> Lab:
    """A lab whose token may read workflow runs."""
    lab = make_lab({"framework/mitigations.yml": REGISTER})
    token = lab.box.token("reassay[bot]", REPOSITORY, permissions=PERMISSIONS | {"actions": "read"})
    return Lab(lab.box, type(lab.settings)(token=token, api_url=lab.box.api_url, server_url=lab.box.url, write_pause=0))


def workflows(lab: Lab) -> SandboxWorkflows:
    return SandboxWorkflows(lab.repo)


def identity(number: int, attempt: int = 1, **fields: object) -> dict[str, object]:
    own = {"workflow_run": number, "attempt": attempt, "name": "evaluate", "mitigation": "jailbreak-filter"}
    return {**own, "criterion": "harmful answers", **fields}


def register_run(lab: Lab, number: int, attempt: int = 1, *, fork: bool = False, **fields: object) -> int:
    document = {"schema": "reassay/run/v1", "identity": identity(number, attempt, **fields)}
    files = {FILE_NAME: json.dumps(document).encode()}
    return SandboxFiles(lab.repo).upload_artifact(number, f"reassay-run-{attempt}-evaluate", files, fork=fork)


def hand_over(lab: Lab, number: int, attempt: int = 1, how: str = "result", **fields: object) -> int:
    files = [{"digest": "sha256:" + "d" * 64, "readings": [READING]}] if how == "result" else []
    document = {
        "schema": "reassay/run-result/v1", "identity": identity(number, attempt, **fields), "how": how,
        "why": None if how == "result" else "no file matches 'logs/*.eval'", "files": files,
    }  # fmt: skip
    return SandboxFiles(lab.repo).upload_artifact(
        number, f"reassay-result-{attempt}-evaluate", {FILE_NAME: json.dumps(document).encode()}
    )


def entries(lab: Lab) -> tuple[Entry, ...]:
    content = lab.fine().content
    assert content is not None
    return content.ledger.entries


def bodies(lab: Lab) -> list[RunRegistered | RunEnded | RunRefused]:
    return [entry.body for entry in entries(lab) if isinstance(entry.body, RunRegistered | RunEnded | RunRefused)]


def states(lab: Lab) -> list[tuple[str, str]]:
    return [(run.state, run.provenance) for run in runs_of(History.of(entries(lab)))]


def again_nothing(lab: Lab) -> None:
    with lab.box.readonly():
        lab.fine()
