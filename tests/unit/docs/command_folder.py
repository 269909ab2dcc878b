"""A framework repository in which the commands of the pages make sense: register, signed ledger, sheets, results, a remote."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from reassay.ledger.store.ed25519 import public_pem
from tests.make import Story, register
from tests.unit.audit.world import Year, commit_register, git_at, write_ledger
from tests.unit.docs.page_commands import ROOT
from tests.unit.ledger.worlds import ring

NOW = datetime(2027, 1, 15, 9, tzinfo=UTC)
"""The clock of every command: after the dates that pages give to `--to` and `--at`, so that no test depends on the day."""
CONFIGURATION = """\
mode: record
timezone: Europe/Berlin
roles:
  internal-audit: {users: [auditor]}
  board: {users: [release-manager]}
gate:
  policy: [{role: board}]
"""
REGISTER = """\
models:
  - {id: titan, title: Titan, version: "5"}
deployments:
  - {id: public-api, title: Public API, audience: external, model: titan}
threat_models:
  - {id: bio, title: Uplift in biology, description: A novice makes a pathogen.}
mitigations:
  - id: jailbreak-filter
    title: Input filter blocks known jailbreak families
    owner: safety-lead
    assessor: red-team-lead
    deployments: [public-api]
    threat_models: [bio]
    reassess:
      every: 6 months
      triggers:
        - {kind: incident-rate, accepted: 2 per year, stated_by: safety-lead, since: 2026-01-01}
    target:
      statement: At most 2 of 100 attacks get through.
      criteria:
        - kind: rate
          name: attack success rate
          undesired: attack_success
          at_most: 0.02
          measured:
            tool: json
            adverse: [passed]
            not_adverse: [blocked]
            columns: {outcome: verdict, prompt: attack, model: model, performed_at: at}
  - {id: staff-training, title: Staff finish misuse training, owner: safety-lead, every: 1 year, last_assessed: 2026-06-01}
incidents:
  - {id: a, title: A leak, severity: low, first_seen_at: 2026-03-01T10:00Z, mitigations_failed: [jailbreak-filter]}
"""
FILES = {
    "controls.csv": ROOT / "examples/spreadsheet/controls.csv",
    "past.csv": ROOT / "examples/spreadsheet/past.csv",
    "incidents.csv": ROOT / "tests/fixtures/signals/incidents.csv",
}
"""Files that pages take for given, beside those that `prepare` writes. A page of yours may add one."""


def prepare(folder: Path) -> Path:
    """`folder/framework` on the branch `proposal`, one commit ahead of `main`, with `../origin.git` as its remote."""
    work = folder / "framework"
    (work / ".github").mkdir(parents=True)
    git_at(work, "2026-01-01", "init", "-q", "-b", "main")
    (work / ".github" / "reassay.yml").write_text(CONFIGURATION, encoding="utf-8")
    _write_files(work)
    commit = commit_register(work, "2026-01-02", REGISTER)
    write_ledger(work, _year(), [commit], ring("docs"))
    git_at(work, "2026-01-03", "clone", "-q", "--bare", ".", "../origin.git")
    git_at(work, "2026-01-03", "remote", "add", "origin", "../origin.git")
    git_at(work, "2027-01-10", "switch", "-q", "-c", "proposal")
    commit_register(work, "2027-01-10", REGISTER.replace("every: 6 months", "every: 9 months"))
    return folder


def copy(prepared: Path, to: Path) -> Path:
    """A copy that commands may change; returns the folder that they run in."""
    shutil.copytree(prepared, to, symlinks=True)
    (to / "framework" / "examples").symlink_to(ROOT / "examples")
    return to / "framework"


def _write_files(work: Path) -> None:
    for name, source in FILES.items():
        shutil.copyfile(source, work / name)
    attempts = [
        {"attack": f"attack {number}", "verdict": "blocked", "model": "titan", "at": "2026-12-01T10:00:00Z"}
        for number in range(114)
    ]
    (work / "results.json").write_text(json.dumps(attempts), encoding="utf-8")
    (work / "report.pdf").write_bytes(b"%PDF-1.7 a confidential report")
    signer = ring("docs").signer
    assert signer is not None
    (work / "ledger-key.pub").write_text(public_pem(signer.public_key), encoding="utf-8")
    (work / ".gitignore").write_text("/examples\n", encoding="utf-8")


def _year() -> Year:
    """One decision in time, and one re-assessment that is open."""
    events = Year(Story(register()))
    events.open("2026-01-05", "jailbreak-filter", "2026-01-20")
    events.decide("2026-01-12", "jailbreak-filter", "2026-07-12", cells=("public-api",))
    events.open("2026-07-01", "jailbreak-filter", "2026-07-12")
    return events
