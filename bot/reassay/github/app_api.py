"""REST requests of the App itself: its installations, their repositories, and the log of webhook deliveries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reassay.github.app_types import AppInstallation, DeliveryAttempt, HostedRepository
from reassay.github.client import Client
from reassay.github.odd_answers import reads, writes
from reassay.github.tokens import Tokens

PAGE = 100
MOST_PAGES = 100
"""Limit of pages of deliveries. The objects of older deliveries are covered by the next sweep."""
REDIRECT = 300


@dataclass(frozen=True, slots=True)
class AppApi:
    """REST client of the App. Raises the errors of `reassay.common.errors`."""

    app: Client
    tokens: Tokens

    @property
    def client(self) -> Client:
        """The client of the App itself."""
        return self.app

    @reads
    def installations(self) -> tuple[AppInstallation, ...]:
        """All installations, including suspended ones."""
        return tuple(_installation(row) for row in self._pages(self.app, "/app/installations", None))

    @reads
    def repositories(self, installation: int) -> tuple[HostedRepository, ...]:
        """All repositories that an installation has access to, as of now."""
        # A kept token may know only those that the installation had when it was made.
        self.tokens.forget(installation)
        rows = self.tokens.look(
            installation, lambda client: list(self._pages(client, "/installation/repositories", "repositories"))
        )
        return tuple(
            HostedRepository(int(row["id"]), installation, str(row["full_name"]), bool(row["private"])) for row in rows
        )

    @reads
    def deliveries(self, since: datetime) -> tuple[DeliveryAttempt, ...]:
        """Attempts at or after `since`, the newest first."""
        deliveries: list[DeliveryAttempt] = []
        parameters: Mapping[str, object] = {"per_page": PAGE}
        for _ in range(MOST_PAGES):
            rows, parameters = self.app.page("/app/hook/deliveries", parameters)
            page = [_delivery(row) for row in rows]
            deliveries += [delivery for delivery in page if delivery.delivered_at >= since]
            if not parameters or len(page) != sum(delivery.delivered_at >= since for delivery in page):
                break
        return tuple(deliveries)

    @writes
    def redeliver(self, delivery: int) -> None:
        """Requests another attempt. Raises NotFoundError or RejectedError if GitHub no longer has the delivery."""
        self.app.write("POST", f"/app/hook/deliveries/{delivery}/attempts")

    def _pages(self, client: Client, path: str, key: str | None) -> Iterator[Mapping[str, Any]]:
        page = 1
        while True:
            parameters = {"per_page": PAGE, "page": page}
            rows = client.read(path, parameters)[key] if key else client.rows(path, parameters)
            yield from rows
            if len(rows) < PAGE:
                return
            page += 1


def _installation(row: Mapping[str, Any]) -> AppInstallation:
    account = row.get("account") or {}
    return AppInstallation(
        id=int(row["id"]),
        # An enterprise has a slug instead of a login.
        account=str(account.get("login") or account.get("slug") or ""),
        account_id=int(account["id"]) if account.get("id") else None,
        suspended=row.get("suspended_at") is not None,
    )


def _delivery(row: Mapping[str, Any]) -> DeliveryAttempt:
    return DeliveryAttempt(
        id=int(row["id"]),
        guid=str(row["guid"]),
        event=str(row["event"]),
        delivered_at=datetime.fromisoformat(str(row["delivered_at"])),
        ok=int(row.get("status_code") or 0) in range(200, REDIRECT),
    )
