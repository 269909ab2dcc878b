"""One state, both ways in: the Action and the App say the same, word for word."""

import asyncio
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reassay.cli.action import run_action
from reassay.hosted.rules.subject import JobSubject
from reassay.ledger.store.configured_keys import LedgerKeys
from reassay_sandbox.state import CheckRun
from tests.gate_lab import API, APP, AUDIO, CHECK, FILES, KEY, MITIGATION_FILE, MITIGATIONS
from tests.hosted.crowd import plain
from tests.hosted.hosted_lab import PEM, HostedLab

pytestmark = pytest.mark.long

BY_ACTION, BY_APP = "example-lab/gated", "other-lab/gated"


class BothWays:
    """Two repositories with the same content and history; one is the Action's, the other one the App's."""

    def __init__(self, hosted: HostedLab, tmp_path: Path) -> None:
        self.hosted, self.tmp_path = hosted, tmp_path
        # The Action has no clock but the real one.
        hosted.box.clock.move_to(datetime.now(UTC))
        for name in (BY_ACTION, BY_APP):
            hosted.add(name, dict(FILES))
            hosted.box.install(hosted.app_id, name)
        hosted.tick()

    def action(self, event: str, payload: dict[str, object]) -> None:
        file = self.tmp_path / "event.json"
        file.write_text(json.dumps(payload), encoding="utf-8")
        environment = {
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(file),
            "GITHUB_REPOSITORY": BY_ACTION,
            "GITHUB_ACTIONS": "true",
            "REASSAY_APP_ID": str(self.hosted.app_id),
            "REASSAY_APP_KEY": PEM,
            "REASSAY_LEDGER_KEY": KEY,
            "REASSAY_API_URL": self.hosted.box.api_url,
            "REASSAY_SERVER_URL": self.hosted.box.url,
            "REASSAY_WRITE_PAUSE": "0",
        }
        out, err = io.StringIO(), io.StringIO()
        assert run_action(environment, out, err) == 0, out.getvalue() + err.getvalue()

    def app(self, subject: JobSubject) -> None:
        self.hosted.jobs.queue.defer([subject])
        asyncio.run(self.hosted.jobs.worker.run_waiting())

    def sweep(self) -> None:
        self.action("schedule", {})
        self.app(JobSubject(self.hosted.id_of(BY_APP)))

    def judge(self, number: int) -> tuple[CheckRun, CheckRun]:
        self.hosted.box.clock.move_to(max(datetime.now(UTC), self.hosted.box.clock.now() + timedelta(seconds=1)))
        self.action("pull_request_target", {"pull_request": {"number": number}})
        self.app(JobSubject(self.hosted.id_of(BY_APP), "pull", number))
        mine, other = (self.last(name, number) for name in (BY_ACTION, BY_APP))
        return mine, other

    def last(self, name: str, number: int) -> CheckRun:
        repo = self.hosted.box.repo(name)
        return [each for each in repo.checks(repo.pull_head(number)) if each.name == CHECK][-1]

    def propose(self, files: dict[str, bytes | None]) -> int:
        numbers = set()
        for name in (BY_ACTION, BY_APP):
            repo = self.hosted.box.repo(name)
            repo.commit(files, "a change", "auditor", "change")
            numbers.add(repo.open_pull_as("auditor", "change"))
        (number,) = numbers
        return number

    def say(self, who: str, number: int, text: str) -> None:
        self.hosted.box.clock.advance(timedelta(seconds=2))
        for name in (BY_ACTION, BY_APP):
            self.hosted.box.repo(name).comment_as(who, number, text)


@pytest.fixture
def both(hosted: HostedLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BothWays:
    from reassay.hosted.settings import HostingSettings

    plain_settings = hosted.settings
    keyed = HostingSettings(
        plain_settings.data,
        api_url=plain_settings.api_url,
        server_url=plain_settings.server_url,
        write_pause=0.0,
        keys=LedgerKeys(key=KEY),
    )
    monkeypatch.setattr(HostedLab, "settings", property(lambda _self: keyed))
    with hosted.process() as hosted.jobs:
        return BothWays(hosted, tmp_path)


def same(mine: CheckRun, other: CheckRun) -> None:
    assert mine.conclusion == other.conclusion
    assert plain(mine.title) == plain(other.title)
    assert plain(mine.summary.replace(BY_ACTION, "REPO")) == plain(other.summary.replace(BY_APP, "REPO"))
    assert [each["message"] for each in mine.annotations] == [each["message"] for each in other.annotations]


LOOSER = MITIGATIONS.replace(b"every: 1 year", b"every: 2 years")
CHANGES: dict[str, dict[str, bytes | None]] = {
    "nothing of the register": {"README.md": b"Words."},
    "audio on the public API": {API: AUDIO},
    "an interval that is longer, and a file that cannot be read": {MITIGATION_FILE: LOOSER, APP: b"id: [\n"},
    "its own rules": {".github/reassay.yml": FILES[".github/reassay.yml"].replace(b"mode: enforce", b"mode: advise")},
}


@pytest.mark.parametrize("name", CHANGES)
def test_action_and_app_give_the_same_verdict(both: BothWays, name: str) -> None:
    both.sweep()
    number = both.propose(CHANGES[name])
    first = both.judge(number)
    same(*first)
    both.say("red-team-lead", number, "/reassay signoff all")
    both.say("release-manager", number, "/reassay signoff all")
    both.judge(number)
    same(*both.judge(number))
