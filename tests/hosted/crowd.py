"""What many people do to some framework repositories, and what it must come to: a script, and a view without accidents."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from reassay_sandbox import Sandbox
from tests.gate_lab import API, AUDIO, FILES
from tests.lab import PEOPLE

MITIGATIONS = b"""\
mitigations:
  - {id: hiring, title: Staff are screened, owner: safety-lead, assessor: red-team-lead, every: 1 year}
  - {id: drills, title: Drills are held, owner: safety-lead, assessor: red-team-lead, every: 6 months}
  - {id: access, title: Access is reviewed, owner: safety-lead, assessor: red-team-lead, every: 3 months}
"""
LATER = b"""\
  - {id: bounty, title: Findings are paid for, owner: safety-lead, assessor: red-team-lead, every: 1 year}
"""
REMIND = b"mode: remind\ntimezone: %s\npublish: true\n"
_ACCIDENTS = (
    (re.compile(r"http://127\.0\.0\.1:\d+"), "HOST"),
    (re.compile(r"reply-\d+-"), "reply-N-"),
    (re.compile(r"R-\d{4}-\d{3,}"), "R"),
    (re.compile(r"\b\d+:[0-9a-f]{12,64}\b"), "ANCHOR"),
    (re.compile(r"\b[0-9a-f]{7,64}\b"), "HEX"),
    (re.compile(r"#\d+|issues/\d+|pull/\d+|issuecomment-\d+"), "#"),
    (re.compile(r"entr(y|ies) \d+|Recorded \d+"), "ENTRY"),
    (re.compile(r"\d\d:\d\d( UTC| [A-Z][a-z]+)?"), "TIME"),
)


@dataclass(frozen=True)
class Crowd:
    """Some repositories: those with even numbers remind, the others gate."""

    box: Sandbox
    count: int
    timezone: str

    @property
    def names(self) -> list[str]:
        return [f"lab-{number}/framework" for number in range(self.count)]

    def gather(self) -> None:
        for login in PEOPLE:
            self.box.add_user(login)
        for number, name in enumerate(self.names):
            self.box.add_repo(name, files=self._files(number), collaborators=dict.fromkeys(PEOPLE, "write"))

    def _files(self, number: int) -> dict[str, bytes]:
        zone = self.timezone.encode()
        if number % 2:
            return {path: data.replace(b"Europe/Berlin", zone) for path, data in FILES.items()}
        return {".github/reassay.yml": REMIND % zone, "framework/mitigations.yml": MITIGATIONS}

    def deeds(self, seed: int) -> Iterator[Callable[[], object]]:
        """What people do, one after the other; the issues of the first sweep have to be there."""
        rng = random.Random(seed)
        for number, name in enumerate(self.names):
            yield from self._gated(name) if number % 2 else self._reminded(name, rng)

    def _reminded(self, name: str, rng: random.Random) -> Iterator[Callable[[], object]]:
        repo = self.box.repo(name)
        issues = {each.title.split("Re-assess ")[1][:5]: each.number for each in repo.issues()}
        concluded = "/reassay conclude effective because the drill of this week went well"
        yield lambda: repo.comment_as("red-team-lead", issues["Staff"], "I look at it this week.")
        # On an issue that nobody decides: a refusal is decided again after a crash, and its words are of that moment.
        yield lambda: repo.comment_as("auditor", issues["Acces"], "/reassay conclude effective because I say so")
        yield lambda: repo.comment_as("red-team-lead", issues["Staff"], concluded)
        yield lambda: repo.comment_as("red-team-lead", issues["Drill"], "/reassay conclud effective")
        yield lambda: repo.edit_as("auditor", issues["Drill"], title="Nothing to see here")
        yield lambda: repo.commit({"framework/mitigations.yml": MITIGATIONS + LATER}, "Bounties", "safety-lead")
        yield lambda: repo.comment_as(
            "red-team-lead", issues["Drill"], "/reassay conclude inconclusive because no time"
        )
        yield lambda: repo.unlabel_as("auditor", issues["Acces"], "reassay")
        yield lambda: repo.close_as("auditor", issues["Acces"])
        for word in rng.sample(["help", "explain", "plan"], 2):
            yield partial(repo.comment_as, "safety-lead", issues["Acces"], f"/reassay {word}")
        yield lambda: repo.commit({"README.md": b"Nothing of the register."}, "Words", "safety-lead")

    def _gated(self, name: str) -> Iterator[Callable[[], object]]:
        repo = self.box.repo(name)
        pull = []
        yield lambda: repo.commit({API: AUDIO}, "Audio", "auditor", "audio")
        yield lambda: pull.append(repo.open_pull_as("auditor", "audio"))
        yield lambda: repo.comment_as("auditor", pull[0], "Please have a look.")
        yield lambda: repo.comment_as("red-team-lead", pull[0], "/reassay hold because the report is not there")
        yield lambda: repo.commit({"README.md": b"Words."}, "Words", "auditor", "audio")
        yield lambda: repo.comment_as("red-team-lead", pull[0], "/reassay unhold")
        yield lambda: repo.review_as("release-manager", pull[0])
        yield lambda: repo.commit({"notes.md": b"Others."}, "Notes", "safety-lead")

    def view(self) -> dict[str, object]:
        """All that people see, without what depends on the order in which things were done."""
        return {name: self._of(name) for name in self.names}

    def _of(self, name: str) -> object:
        repo = self.box.repo(name)
        threads = [*repo.issues(), *repo.pulls()]
        shown = sorted(
            (
                plain(each.title),
                each.state,
                str(each.state_reason),
                sorted(each.labels),
                sorted(each.assignees),
                plain(each.body),
                sorted(plain(one.body) for one in each.comments),
                sorted((one.author, str(sorted(str(r.content) for r in one.reactions))) for one in each.comments),
            )
            for each in threads
        )
        heads = [repo.pull_head(each.number) for each in repo.pulls()]
        checks = []
        for head in heads:
            latest = {each.name: each for each in repo.checks(head)}
            checks += [(each.name, each.conclusion, plain(each.title)) for each in latest.values()]
        return {"threads": shown, "checks": checks}


def plain(text: str) -> str:
    for pattern, word in _ACCIDENTS:
        text = pattern.sub(word, text)
    return text
