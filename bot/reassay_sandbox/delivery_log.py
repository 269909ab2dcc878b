"""The log of an App's deliveries, and where they go: what an App asks about its webhook."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reassay_sandbox.apps import App
from reassay_sandbox.shapes import stamp
from reassay_sandbox.traffic import SandboxRequest
from reassay_sandbox.webhooks import Attempt, Webhooks, headers_of

JSON = Any
Answered = tuple[int, JSON] | tuple[int, JSON, Mapping[str, str]]
MISSING: Answered = (404, {"message": "Not Found"})
HIDDEN = "********"
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class DeliveryLog:
    """Of one App at a time."""

    hooks: Webhooks
    base: str

    def answer(self, app: App, request: SandboxRequest, parts: Sequence[str]) -> Answered:
        """What `/app/hook/...` says."""
        match (request.method, parts):
            case ("GET", ["config"]):
                return 200, _configured(app)
            case ("PATCH", ["config"]):
                wanted = json.loads(request.body or b"{}")
                app.hook_url, app.hook_secret = wanted.get("url", app.hook_url), wanted.get("secret", app.hook_secret)
                return 200, _configured(app)
            case ("GET", ["deliveries"]):
                return self._page(app, request)
            case ("GET", ["deliveries", number]):
                delivery = self._find(app, number)
                return (200, _whole(app, delivery)) if delivery else MISSING
            case ("POST", ["deliveries", number, "attempts"]):
                return self._again(app, number)
            case _:
                return MISSING

    def _page(self, app: App, request: SandboxRequest) -> Answered:
        """Newest first; a cursor leads to the next page."""
        size = min(int(request.query.get("per_page", 30)), MOST_AT_ONCE)
        cursor, wanted = int(request.query.get("cursor", 1 << 60)), request.query.get("status")
        every = [
            attempt
            for attempt in reversed(self.hooks.attempts)
            if attempt.app == app.id
            and attempt.id < cursor
            and wanted in {None, "success" if attempt.is_fine else "failure"}
        ]
        page = every[:size]
        if len(every) == len(page):
            return 200, [_attempt(delivery) for delivery in page]
        more = f"&status={wanted}" if wanted else ""
        following = f"{self.base}{request.path}?per_page={size}&cursor={page[-1].id}{more}"
        return 200, [_attempt(delivery) for delivery in page], {"link": f'<{following}>; rel="next"'}

    def _find(self, app: App, number: str) -> Attempt | None:
        return next(
            (attempt for attempt in self.hooks.attempts if str(attempt.id) == number and attempt.app == app.id), None
        )

    def _again(self, app: App, number: str) -> Answered:
        delivery = self._find(app, number)
        if delivery is None:
            return MISSING
        self.hooks.again(app, delivery)
        return 202, {}


def _configured(app: App) -> JSON:
    secret = {"secret": HIDDEN} if app.hook_secret else {}
    return {"url": app.hook_url, "content_type": "json", "insecure_ssl": "0", **secret}


def _attempt(attempt: Attempt) -> JSON:
    return {
        "id": attempt.id,
        "guid": attempt.guid,
        "delivered_at": stamp(attempt.at),
        "redelivery": attempt.redelivery,
        "duration": attempt.seconds,
        "status": "OK" if attempt.is_fine else attempt.reason,
        "status_code": attempt.status,
        "event": attempt.event,
        "action": attempt.action or None,
        "installation_id": attempt.installation,
        "repository_id": attempt.repository,
        "throttled_at": None,
    }


def _whole(app: App, attempt: Attempt) -> JSON:
    return {
        **_attempt(attempt),
        "url": app.hook_url,
        "request": {"headers": headers_of(app, attempt), "payload": json.loads(attempt.body)},
        "response": {"headers": dict(attempt.answer_headers), "payload": attempt.answer or None},
    }
