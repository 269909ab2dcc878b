"""A ledger with every verdict on criteria, attached readings and a register with evidence items, and its exports."""

import io
from datetime import timedelta

from reassay.cli import main
from reassay.common.canonical import canonical, digest
from reassay.git.git import Git
from reassay.ledger.answers import Attached, AttachedResult, EvidenceFigures
from reassay.ledger.criterion_result import CriterionResult, CriterionVerdictWord
from reassay.ledger.entry import Decided, Opened, Record
from reassay.ledger.follow_ups import FollowUp
from tests.unit.ledger.worlds import WHO, Ledger, records, ring

VERDICTS: tuple[CriterionVerdictWord, ...] = ("met", "missed", "exceeded", "insufficient", "refused", "not-measured")
RAW = "sha256:" + "7" * 64
READINGS = canonical([
    {
        "metric": "verdict", "tool": "inspect", "tool_version": "0.3.285", "task": "jailbreaks", "task_version": "2",
        "models_answered": ["titan-2"], "performed_at": "2026-11-30T10:00:00Z", "digest": RAW, "planned": 412,
        "attempted": 412, "totals": [["complied", 3], ["refused", 400]], "unscored": 9, "errored": 0, "problems": [],
    }
])  # fmt: skip
REGISTER = b"""\
mode: remind
mitigations:
  - id: m0000
    title: Filter
    owner: safety-lead
    assessor: red-team-lead
    every: 1 year
    reassess: {triggers: [{kind: evidence-stale, older_than: 9 months}]}
evidence_items:
  - {id: report, title: T, mitigations: [m0000], method: test, performed_by: lab, performed_at: 2026-11-01, owner: auditor, valid_until: 2027-03-31, finding: F}
  - {id: talk, title: T, mitigations: [m0000], method: inquiry, performed_by: lab, performed_at: 2026-10-01, finding: F}
"""


def full_ledger(git: Git, register: bytes = REGISTER) -> Ledger:
    """Openings, evidence and a decision of each kind; the register of the decisions is a commit of the checkout."""
    ledger = Ledger(register_commit=_register(git, register))
    ledger.objects = {**ledger.objects, digest(READINGS): READINGS}
    made = records(40)
    ledger.append([each for each in made if isinstance(each.body, Opened)], ring("old"))
    first = {each.body.subject: (each, each.body) for each in reversed(made) if isinstance(each.body, Decided)}
    decided = [first[name] for name in sorted(first)][:4]
    words = ("degraded", "ineffective", "inconclusive", "effective")
    for number, (each, body) in enumerate(decided):
        ledger.append([_attached(body.reassessment, number)], ring("old"))
        results = tuple(CriterionResult(name=f"rate {word}", verdict=word, basis="tested") for word in VERDICTS)
        late = FollowUp(due=body.decided_on + timedelta(days=40), text=body.because or body.snapshot)
        more = {"criteria": results if number < 2 else (), "follow_ups": (late,), "decision": words[number]}
        ledger.append([each.model_copy(update={"body": body.model_copy(update=more)})], ring("old"))
    return ledger


def _register(git: Git, register: bytes) -> str:
    """The commit of the register."""
    blob = git.run("hash-object", "-w", "--stdin", data=register).decode().strip()
    folder = git.run("mktree", data=f"100644 blob {blob}\tmitigations.yml\n".encode()).decode().strip()
    tree = git.run("mktree", data=f"040000 tree {folder}\tframework\n".encode()).decode().strip()
    return git.run(*WHO, "commit-tree", tree, "-m", "register").decode().strip()


def _attached(reassessment: str, number: int) -> Record:
    body = Attached(
        reassessment=reassessment, evidence="census", provenance="file", criterion="rate met", role="red-team-lead",
        figures=EvidenceFigures(counted=117, total=120), digest="file:sha256:" + "8" * 64, independent=True,
    )  # fmt: skip
    if number == 0:
        result = AttachedResult(readings=digest(READINGS), trained_on="no")
        body = body.model_copy(update={"evidence": "result", "result": result, "figures": EvidenceFigures()})
    return Record(body=body, actor=2)


def export(git: Git, form: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(["ledger", "export", str(git.folder), "--format", form], out, err), out.getvalue(), err.getvalue()
