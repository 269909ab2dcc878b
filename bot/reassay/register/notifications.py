"""Messages that go out at once, on whatever day: outgoing webhooks for severe incidents.

A webhook names a secret and never holds one: the operator declares it outside the register, for one host and for repositories.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from reassay.register.base import Id, Strict
from reassay.register.incident import Severity
from reassay.register.signal_sources import SecretName, Url


class OutgoingWebhook(Strict):
    """One receiver of messages about severe incidents."""

    id: Id
    """Its name, in records and messages. An incident is told once to each name."""
    format: Literal["slack", "json"]
    """`slack`: an incoming webhook of Slack, or of what understands its messages. `json`: a document that is signed."""
    secret: SecretName
    """For `slack` the name of the address, which is itself the secret; for `json` the name of the key that signs."""
    url: Url | None = None
    """The address, for `json` alone."""
    severities: Annotated[tuple[Severity, ...], Field(min_length=1, max_length=4)] = (Severity.HIGH, Severity.CRITICAL)
    """Severities of incidents that it is told."""

    @model_validator(mode="after")
    def _has_one_address(self) -> "OutgoingWebhook":
        if self.format == "json" and self.url is None:
            raise ValueError("format 'json' needs 'url'; write the address that takes the document")
        if self.format == "slack" and self.url is not None:
            raise ValueError(
                "with format 'slack' the secret is the address; remove 'url', and have the operator declare it"
            )
        return self


class Notifications(Strict):
    """Who is told at once."""

    webhooks: Annotated[tuple[OutgoingWebhook, ...], Field(max_length=10)] = ()
    """Each is told of new severe incidents, and of those that become more severe; not of what is there when it is configured."""

    @model_validator(mode="after")
    def _unique(self) -> "Notifications":
        names = [webhook.id for webhook in self.webhooks]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"two webhooks have the id '{twice}'; give one of them another")
        return self
