"""Real processes of the App to which monitoring tools send, and what came of it."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from reassay.git.git import Git
from reassay.hosted.rules.events import subscribed
from reassay.ledger.signals import ReceivedSignal, SignalsReceived, SourceRead
from reassay.ledger.store.branch import read_state
from reassay_sandbox import Sandbox
from tests.hosted.farm import DEADLINE, Farm
from tests.hosted.hosted_lab import FIRST, PUBLIC, RIGHTS, SECOND
from tests.lab import PEOPLE
from tests.receiver import Receiver, receiving

FIXTURES = Path(__file__).parents[1] / "fixtures" / "webhooks"
BEARER, SIGNING, TOKEN = "bearer-of-alertmanager-1", "signing-secret-of-pagerduty", "token-of-statuspage-in-the-address"
SECRETS = {
    "ALERTS": {"repositories": [FIRST], "value": BEARER},
    "PAGERDUTY": {"repositories": [FIRST], "value": SIGNING},
    "STATUSPAGE": {"repositories": [FIRST], "value": TOKEN},
}
KEY = "the-key-that-signs-messages"
REGISTER = """\
mode: remind
timezone: Europe/Berlin
notifications: {webhooks: [{id: on-call, format: json, secret: ON_CALL, url: "http://127.0.0.1:PORT/page"}]}
signals:
  sources:
    - {id: alerts, kind: alertmanager, secret: ALERTS, heartbeat: Watchdog, mitigations: [jailbreak-filter]}
    - {id: pager, kind: pagerduty, secret: PAGERDUTY, mitigations: [jailbreak-filter]}
    - {id: status, kind: statuspage, secret: STATUSPAGE, mitigations: [jailbreak-filter]}
mitigations:
  - id: jailbreak-filter
    title: Input filter blocks known jailbreak families
    owner: safety-lead
    assessor: red-team-lead
    every: 5 years
    last_assessed: 2026-06-11
"""
ALERTS = f"/signals/{FIRST}/alerts"
PAGER = f"/signals/{FIRST}/pager"
STATUS = f"/signals/{FIRST}/status"


def fixture(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return document


def encoded(document: Mapping[str, object]) -> bytes:
    return json.dumps(document).encode()


def signed(body: bytes, secret: str = SIGNING) -> dict[str, str]:
    return {"x-pagerduty-signature": f"v1={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"}


@dataclass
class SignalFarm(Farm):
    """A server that takes messages, and a worker that sweeps and sends some."""

    receiver: Receiver = field(default_factory=Receiver)

    def environment(self, number: int) -> dict[str, str]:
        place = f"127.0.0.1:{self.receiver.port}"
        own = SECRETS | {"ON_CALL": {"repositories": [FIRST], "host": place, "value": KEY}}
        variables = {"REASSAY_SOURCE_SECRETS": json.dumps(own), "REASSAY_SOURCE_HOSTS": f"http://{place}"}
        return super().environment(number) | variables

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        return self.request("POST", path, body, {"content-type": "application/json", **headers})

    def alert(self, document: Mapping[str, object], path: str = ALERTS, token: str = BEARER) -> int:
        return self.post(path, encoded(document), {"authorization": f"Bearer {token}"})

    def takes_messages(self) -> bool:
        """Whether a sweep has told the server which sources there are."""
        return len(self.rows("select * from reassay_signal_sources")) >= 3

    def waiting(self) -> int:
        return len(self.rows("select * from reassay_signal_events"))

    def entries(self, name: str = FIRST) -> list[object]:
        repository = self.box.dispatcher.store.find(name)
        assert repository is not None
        git = Git(repository.git.folder)
        head = git.resolve("refs/heads/reassay-ledger")
        return [entry.body for entry in read_state(git, head).entries] if head else []

    def signals(self) -> list[ReceivedSignal]:
        return [signal for body in self.entries() if isinstance(body, SignalsReceived) for signal in body.signals]

    def states(self, source: str) -> list[SourceRead]:
        return [body for body in self.entries() if isinstance(body, SourceRead) and body.source == source]

    def stop(self, number: int) -> None:
        """kill -9, and nobody starts it again."""
        self.running[number].kill()
        self.running[number].wait(DEADLINE)

    @contextmanager
    def undeletable(self) -> Iterator[None]:
        """Nobody can delete messages: a worker that wants to waits."""
        with psycopg.connect(self.database_address()) as connection:
            connection.execute("select * from reassay_signal_events for update")
            yield
            connection.rollback()

    def has_a_delete_that_waits(self) -> bool:
        return bool(
            self.rows("select 1 from pg_stat_activity where wait_event_type = 'Lock' and query ilike 'delete%'")
        )

    def log(self) -> str:
        return "\n".join(file.read_text() for file in sorted(self.folder.glob("log-*")))


@contextmanager
def signal_farm(box: Sandbox, folder: Path, database_url: str) -> Iterator[SignalFarm]:
    """Two repositories whose registers state the same sources; the secrets are declared for the first."""
    with receiving() as receiver:
        farm = _farm(box, folder, database_url, receiver)
        farm.begin()
        try:
            farm.until(farm.takes_messages, "the sources of both repositories are known")
            farm.until(farm.is_idle, "all jobs are done")
            yield farm
        finally:
            farm.end()


def _farm(box: Sandbox, folder: Path, database_url: str, receiver: Receiver) -> SignalFarm:
    register = REGISTER.replace("PORT", str(receiver.port)).encode()
    for login in PEOPLE:
        box.add_user(login)
    box.clock.move_to(datetime.now(UTC))
    for name in (FIRST, SECOND):
        box.add_repo(
            name,
            private=True,
            files={"framework/mitigations.yml": register},
            collaborators=dict.fromkeys(PEOPLE, "write"),
        )
    number = box.add_app("reassay", PUBLIC, "", RIGHTS, events=tuple(subscribed()), hook_secret="a secret")
    app = box.dispatcher.apps[number]
    farm = SignalFarm(box, folder, app, ("serve", "worker"), database_url, receiver=receiver)
    for name in (FIRST, SECOND):
        box.install(number, name)
    farm.app.hook_url = farm.url
    return farm
