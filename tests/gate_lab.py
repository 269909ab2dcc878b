"""A framework repository with the gate on, and pull requests on it: HTTP, git and a signed ledger, nothing replaced."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reassay.ledger.entry import Body
from reassay.ledger.store.configured_keys import LedgerKeys
from reassay.sweep.report import Report
from reassay_sandbox.state import CheckRun
from tests.lab import Lab

KEY = base64.b64encode(bytes(range(32))).decode()
CHECK = "reassay/main"
CONFIGURATION = b"""\
mode: enforce
timezone: Europe/Berlin
roles:
  board: {users: [release-manager]}
gate:
  loosening:
    - {role: red-team-lead, kind: review, excludes: [author]}
    - {role: board, excludes: [author]}
  policy:
    - {role: board, excludes: [author]}
  override: board
"""
MITIGATIONS = b"""\
threat_models:
  - {id: misuse, title: Misuse, minimum_layers: {external: 2}}
mitigations:
  - id: filter
    title: Input filter
    owner: safety-lead
    assessor: red-team-lead
    layer: system
    threat_models: [misuse]
    deployments: [public-api]
    last_assessed: 2026-11-01
    every: 1 year
    reassess:
      triggers: [{kind: deployment-change, must_complete: before_change}]
  - id: monitor
    title: Usage monitoring
    owner: safety-lead
    assessor: red-team-lead
    layer: monitoring
    threat_models: [misuse]
    deployments: [public-api, staff-app]
    last_assessed: 2026-11-01
    reassess: {triggers: [{kind: deployment-change, must_complete: none}]}
    every: 1 year
  - id: training
    title: Refusal training
    owner: safety-lead
    assessor: red-team-lead
    layer: model
    threat_models: [misuse]
    deployments: [public-api]
    last_assessed: 2026-11-01
    reassess: {triggers: [{kind: deployment-change, must_complete: none}]}
    every: 1 year
"""
PUBLIC_API = b"""\
id: public-api
title: Public API
audience: external
access: [api]
modalities_in: [text]
"""
STAFF_APP = b"""\
id: staff-app
title: Staff assistant
audience: internal
"""
FILES: Mapping[str, bytes] = {
    ".github/reassay.yml": CONFIGURATION,
    "framework/mitigations.yml": MITIGATIONS,
    "framework/deployments/public-api.yml": PUBLIC_API,
    "framework/deployments/staff-app.yml": STAFF_APP,
    "README.md": b"A framework.\n",
}
API = "framework/deployments/public-api.yml"
APP = "framework/deployments/staff-app.yml"
MITIGATION_FILE = "framework/mitigations.yml"
AUDIO = PUBLIC_API.replace(b"[text]", b"[text, audio]")


@dataclass
class GateLab:
    """What a test does with pull requests."""

    lab: Lab
    numbers: list[int] = field(default_factory=list)

    @staticmethod
    def of(lab: Lab) -> "GateLab":
        return GateLab(replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY))))

    def propose(
        self, files: Mapping[str, bytes | None], *, by: str = "auditor", branch: str = "change", **more: str
    ) -> int:
        """A branch with a commit, and a pull request from it."""
        self.lab.repo.commit(dict(files), message="a change", author=by, branch=branch)
        return self.lab.repo.open_pull_as(by, branch)

    def push(self, files: Mapping[str, bytes | None], *, by: str = "auditor", branch: str = "change") -> str:
        """One more commit."""
        self.lab.later(minutes=3)
        return self.lab.repo.commit(dict(files), message="another change", author=by, branch=branch)

    def judge(self, number: int) -> CheckRun:
        """A run for one pull request, then one that writes nothing; its check on the head."""
        self.lab.later(minutes=1)
        self.lab.fine(pull=number)
        with self.lab.box.readonly():
            self.lab.fine(pull=number)
        return self.check(number)

    def sweep(self) -> Report:
        """Of the whole repository; a second one writes nothing."""
        self.lab.later(minutes=1)
        report = self.lab.fine()
        with self.lab.box.readonly():
            self.lab.fine()
        return report

    def check(self, number: int, name: str = CHECK) -> CheckRun:
        """The latest of ours on the head."""
        found = [each for each in self.lab.repo.checks(self.head(number)) if each.name == name]
        return found[-1]

    def head(self, number: int) -> str:
        return self.lab.repo.pull_head(number)

    def say(self, who: str, number: int, text: str, *, runs: bool = True) -> str:
        """A comment, a run, and what was answered."""
        self.lab.later(minutes=2)
        self.lab.say(who, number, text)
        if not runs:
            return ""
        self.judge(number)
        return self.last(number)

    def last(self, number: int) -> str:
        """The last comment that is not the one sticky comment."""
        bodies = [
            each.body for each in self.lab.repo.thread(number).comments if "reassay:comment gate-" not in each.body
        ]
        return str(bodies[-1]).replace("\u2060", "")

    def sticky(self, number: int) -> list[str]:
        return [each.body for each in self.lab.repo.thread(number).comments if "reassay:comment gate-" in each.body]

    def bodies(self) -> list[Body]:
        report = self.lab.fine()
        assert report.content is not None
        return [entry.body for entry in report.content.ledger.entries]

    def kinds(self) -> list[str]:
        return [body.kind for body in self.bodies()]

    def decide(self, issue: int, word: str = "effective") -> str:
        """Owner and assessor answer what an issue asks, and it is concluded."""
        table = [line.split("|") for line in self.lab.repo.issue(issue).body.splitlines() if line.startswith("| ")]
        for who in ("safety-lead", "red-team-lead"):
            mine = [cells[1].strip() for cells in table if cells[3].strip() == who]
            self.lab.later(minutes=2)
            self.lab.say(who, issue, "\n".join(f"/reassay answer {row} yes because it was looked at" for row in mine))
        self.lab.later(minutes=2)
        self.lab.fine()
        self.lab.later(minutes=2)
        self.lab.say("red-team-lead", issue, f"/reassay conclude {word} because the tests say so")
        self.sweep()
        return str(self.lab.repo.issue(issue).comments[-1].body)

    def judge_on(self, number: int, name: str) -> CheckRun:
        """As `judge`, for another base."""
        self.lab.later(minutes=1)
        self.lab.fine(pull=number)
        return self.check(number, name)

    def push_commit(self, who: str, commit: str, branch: str = "main") -> None:
        """An ordinary push of a commit that is there: the branch moves forward to it."""
        box = self.lab.repo
        with box.dispatcher.lock:
            repo = box._repo()
            repo.git.set_branch(branch, commit, repo.git.head(branch))
            box.dispatcher.actions.pushed(repo, box._user(who), branch, commit)
        box.dispatcher.deliver()

    def merge_by_hand(
        self, who: str, parents: tuple[str, ...], content_of: str, branch: str = "main", *, also: str = ""
    ) -> str:
        """A pushed merge of any parents, in any order, with the content of one commit, and what `also` changes."""
        git = self.lab.repo._repo().git
        tree = git.run("rev-parse", f"{content_of}^{{tree}}").decode().strip()
        if also:
            tree = git.run("merge-tree", "--write-tree", content_of, also).decode().split()[0]
        commit = git.commit_tree(tree, list(parents), "merge", who, self.lab.box.clock.now())
        self.push_commit(who, commit, branch)
        return commit
