"""GitHub Apps: what an App is, where it is installed, and what an installation may."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reassay_sandbox.state import Repo, User

LEVELS = ("read", "write", "admin")
ALWAYS_SENT = frozenset({"ping", "installation", "installation_repositories", "installation_target"})


@dataclass(slots=True)
class SandboxInstallation:
    """An App on an account."""

    id: int
    account: str
    """Owner of the repositories."""
    permissions: dict[str, str]
    created_at: datetime
    repositories: set[int] = field(default_factory=set)
    """Ids of those that were chosen."""
    suspended_at: datetime | None = None

    def grants(self, wanted: Mapping[str, str]) -> bool:
        """Whether a token may have these permissions."""
        return all(
            name in self.permissions and LEVELS.index(level) <= LEVELS.index(self.permissions[name])
            for name, level in wanted.items()
        )


@dataclass(slots=True)
class App:
    """One App."""

    id: int
    user: User
    public_key: str
    """PEM."""
    permissions: dict[str, str]
    events: tuple[str, ...] = ()
    hook_url: str = ""
    hook_secret: str = ""
    client_id: str = ""
    client_secret: str = ""
    callback_urls: tuple[str, ...] = ()
    setup_url: str = ""
    installations: dict[int, SandboxInstallation] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """As in the address of its page."""
        return self.user.slug

    def on(self, repo: Repo) -> SandboxInstallation | None:
        """The installation that has a repository."""
        return next(
            (installation for installation in self.installations.values() if repo.id in installation.repositories), None
        )
