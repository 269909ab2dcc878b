"""Deliveries to Apps: signed, over real HTTP, from a thread of their own, with what can go wrong on the way."""

import contextlib
import hashlib
import hmac
import http.client
import itertools
import json
import queue
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from reassay_sandbox.apps import ALWAYS_SENT, App

TIMEOUT_SECONDS = 10
SUCCESS = range(200, 300)
TO_THE_MAKER = frozenset({"requested_action", "rerequested"})
"""What people ask of a check run is sent to nobody but the App that made it."""
UNREACHABLE = "failed to connect to host"
JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a delivery, as GitHub's log has it."""

    id: int
    guid: str
    app: int
    event: str
    action: str
    installation: int | None
    repository: int | None
    body: bytes = field(repr=False)
    at: datetime
    status: int = 0
    """Of the answer; 0 if there was none."""
    redelivery: bool = False
    seconds: float = 0.0
    """Until the answer was there."""
    reason: str = UNREACHABLE
    """Of the answer."""
    answer: str = ""
    answer_headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_fine(self) -> bool:
        """Whether the answer was one of success."""
        return self.status in SUCCESS

    def again(self, number: int, at: datetime) -> "Attempt":
        """One more attempt at the same delivery, not sent yet."""
        return Attempt(
            number, self.guid, self.app, self.event, self.action, self.installation, self.repository, self.body, at,
            redelivery=True,
        )  # fmt: skip


@dataclass(slots=True)
class Webhooks:
    """Sends what Apps subscribe to. The switches are for tests."""

    attempts: list[Attempt] = field(default_factory=list)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    lose: int = 0
    """So many of the next ones get no answer, and are in the log as failed."""
    vanish: int = 0
    """So many of the next ones are neither sent nor in the log."""
    twice: int = 0
    """So many of the next ones come twice, as they do when an answer is lost."""
    shuffle: random.Random | None = None
    """What waits at one moment is sent in another order."""
    held: bool = False
    """Nothing is sent until it is False and `release` is called."""
    _waiting: "queue.SimpleQueue[tuple[App, Attempt] | None]" = field(default_factory=queue.SimpleQueue)
    _pending: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _thread: threading.Thread | None = None
    _kept: list[tuple[App, Attempt]] = field(default_factory=list)

    def tell(self, apps: Iterable[App], event: str, payload: JSON) -> None:
        """To every App that is installed there and asked for it."""
        for app in list(apps):
            home = _home(app, payload)
            if app.hook_url and home is not None and (event in app.events or event in ALWAYS_SENT):
                body = {"installation": {"id": home, "node_id": f"IN_{home}"}} | payload
                self._enqueue(app, self._attempt(app, event, body, home))

    def ping(self, app: App) -> None:
        """As GitHub does when it is told where deliveries go; no installation is concerned."""
        if app.hook_url:
            config = {"url": app.hook_url, "content_type": "json", "insecure_ssl": "0", "secret": "********"}
            stamp = self.now().strftime("%Y-%m-%dT%H:%M:%SZ")
            hook = {"type": "App", "id": app.id, "name": "web", "active": True, "events": list(app.events),
                    "config": config, "app_id": app.id, "created_at": stamp, "updated_at": stamp}  # fmt: skip
            body = {"zen": "What is written down can be checked.", "hook_id": app.id, "hook": hook}
            self._enqueue(app, self._attempt(app, "ping", body, None))

    def again(self, app: App, attempt: Attempt) -> None:
        """Another attempt at the same delivery, under the same id."""
        self._enqueue(app, attempt.again(next(self._ids), self.now()))

    def release(self) -> None:
        """Sends what was held back."""
        self.held = False
        kept, self._kept = self._kept, []
        if self.shuffle:
            self.shuffle.shuffle(kept)
        for app, attempt in kept:
            self._put(app, attempt)

    def settle(self, seconds: float = 60.0) -> None:
        """Until everything that waits was attempted. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._pending == 0, seconds):
                raise TimeoutError("deliveries are still under way")

    def close(self) -> None:
        """Ends its thread."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(TIMEOUT_SECONDS * 2)

    def _attempt(self, app: App, event: str, body: JSON, home: int | None) -> Attempt:
        where = body.get("repository") or {}
        return Attempt(
            next(self._ids), str(uuid.uuid4()), app.id, event, str(body.get("action") or ""), home, where.get("id"),
            json.dumps(body).encode(), self.now(),
        )  # fmt: skip

    def _enqueue(self, app: App, attempt: Attempt) -> None:
        if self.vanish > 0:
            self.vanish -= 1
            return
        if self.held:
            self._kept.append((app, attempt))
            return
        self._put(app, attempt)

    def _put(self, app: App, attempt: Attempt) -> None:
        with self._changed:
            self._pending += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
                self._thread.start()
        self._waiting.put((app, attempt))

    def _run(self) -> None:
        while (item := self._waiting.get()) is not None:
            app, attempt = item
            done = self._send(app, attempt)
            if self.twice > 0:
                self.twice -= 1
                self._send(app, attempt)
            with self._changed:
                self.attempts.append(done)
                self._pending -= 1
                self._changed.notify_all()

    def _send(self, app: App, attempt: Attempt) -> Attempt:
        """The attempt, with its answer."""
        if self.lose > 0:
            self.lose -= 1
            return attempt
        start = time.monotonic()
        parts = urlsplit(app.hook_url)
        make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = make(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("POST", parts.path or "/", attempt.body, headers_of(app, attempt))
            answer = connection.getresponse()
            body = answer.read().decode("utf-8", "replace")
        except TimeoutError:
            return replace(attempt, reason="timed out", seconds=float(TIMEOUT_SECONDS))
        except (OSError, http.client.HTTPException):
            return attempt
        else:
            seconds = round(time.monotonic() - start, 2)
            return replace(
                attempt, status=answer.status, reason=answer.reason, seconds=seconds, answer=body,
                answer_headers=dict(answer.getheaders()),
            )  # fmt: skip
        finally:
            with contextlib.suppress(OSError):
                connection.close()


def headers_of(app: App, attempt: Attempt) -> dict[str, str]:
    """As GitHub sends them."""
    return {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/sandbox",
        "X-GitHub-Delivery": attempt.guid,
        "X-GitHub-Event": attempt.event,
        "X-GitHub-Hook-ID": str(app.id),
        "X-GitHub-Hook-Installation-Target-ID": str(app.id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature-256": "sha256=" + hmac.digest(app.hook_secret.encode(), attempt.body, hashlib.sha256).hex(),
    }


def _home(app: App, payload: JSON) -> int | None:
    """Which installation it concerns; None also for a button under another App's check run."""
    check = payload.get("check_run")
    if check and payload["action"] in TO_THE_MAKER and check["app"]["id"] != app.id:
        return None
    named = payload.get("installation")
    if named:
        return int(named["id"])
    where = payload.get("repository") or {}
    return next(
        (
            installation.id
            for installation in app.installations.values()
            if where.get("id") in installation.repositories and not installation.suspended_at
        ),
        None,
    )
