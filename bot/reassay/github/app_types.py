"""Values of a GitHub App: its identity, its installations, their repositories, and its log of deliveries."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

BUTTON_IDENTIFIER = "re-evaluate"
"""Identifier of the button under our check run; GitHub sends it in `check_run.requested_action` when it is pressed."""
BUTTON_LABEL = "Re-evaluate"
"""GitHub allows 20 characters."""
BUTTON_DESCRIPTION = "Evaluate this pull request again"
"""GitHub allows 40 characters."""
READ_POINTS, WRITE_POINTS = 1, 5
"""Points of a request for the secondary rate limit.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""
ActivityFingerprint = Mapping[str, object]
"""A `RepositoryActivity` as plain JSON."""
FINGERPRINT_VERSION = 1
"""Increase it when `RepositoryActivity` gets another field, so that stored fingerprints no longer match."""


@dataclass(frozen=True, slots=True)
class AppIdentity:
    """A GitHub App and its credentials. Its repr shows no secret."""

    id: int
    key: str = field(repr=False)
    """The private key, in PEM."""
    webhook_secret: str = field(repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    slug: str = ""
    """Name in the address of the App's page; its account is `slug[bot]`."""
    page: str = field(default="", repr=False)
    """Address of the App's page, as GitHub gave it at set-up; empty if it is not known."""

    @property
    def signs_in(self) -> bool:
        """Whether people can sign in with GitHub."""
        return bool(self.client_id and self.client_secret)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret, so that logs can hide them."""
        return tuple(secret for secret in (self.key, self.webhook_secret, self.client_secret) if secret)


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """A person who signed in with GitHub, with the repositories that they may read."""

    account_id: int
    login: str
    repositories: frozenset[int]
    """Ids of repositories that both the person and the App may read."""


@dataclass(frozen=True, slots=True)
class AppInstallation:
    """An installation of the App on an account."""

    id: int
    account: str
    """Login of the account, or the slug of an enterprise."""
    account_id: int | None = None
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class HostedRepository:
    """A repository that an installation of the App has access to."""

    id: int
    """GitHub's id, which does not change when the repository is renamed or transferred."""
    installation: int
    full_name: str
    is_private: bool = True
    timezone: str = "UTC"
    """Time zone of its register, as of the last sweep."""
    activity: ActivityFingerprint | None = None
    """The activity last read from GitHub; None if it was never read."""


@dataclass(frozen=True, slots=True)
class RepositoryActivity:
    """The activity of a repository: heads of its branches, and times of the last updates of issues and pull requests."""

    id: int
    full_name: str
    is_private: bool
    is_archived: bool
    default_branch: str
    head: str
    """Commit of the default branch; empty if there is none."""
    ledger: str
    """Commit of the ledger's branch; empty if there is none."""
    issues: str
    """Time of the last update of an issue or its comments, as GitHub writes it; empty without issues."""
    pulls: str
    """Time of the last update of a pull request, as GitHub writes it; empty without pull requests."""

    @property
    def fingerprint(self) -> ActivityFingerprint:
        """The activity as JSON. It is equal for two readings if nothing happened between them that GitHub sends an event for."""
        return {"version": FINGERPRINT_VERSION, **asdict(self)}


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """An attempt to deliver a webhook, from GitHub's log of deliveries."""

    id: int
    guid: str
    """Id of the delivery, equal for all its attempts."""
    event: str
    delivered_at: datetime
    ok: bool
    """Whether the server answered with a success status."""
