"""Delivering messages to outgoing webhooks: what a sweep may use for it."""

from typing import Protocol

from reassay.register.notifications import OutgoingWebhook


class UndeliveredError(Exception):
    """A message could not be delivered. The text is a sentence without a secret."""


class PageDelivery(Protocol):
    """Delivers messages."""

    def deliver(self, hook: OutgoingWebhook, body: bytes, key: str) -> None:
        """Sends a JSON document, signed where the format says so. Raises UndeliveredError.

        `key` is the same whenever a message is sent again, so that a receiver can recognise it.
        """
        ...


class NoDelivery:
    """Where nothing is sent."""

    def deliver(self, hook: OutgoingWebhook, body: bytes, key: str) -> None:  # noqa: ARG002 -- the protocol's
        """Raises UndeliveredError."""
        raise UndeliveredError("Nothing is sent from here.")
