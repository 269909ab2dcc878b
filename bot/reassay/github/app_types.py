"""Who acts on GitHub, and who looks at what it does."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AppIdentity:
    """The GitHub App that acts. Nothing secret shows in a repr."""

    id: int
    key: str = field(repr=False)
    """PEM."""
    webhook_secret: str = field(repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    slug: str = ""
    """As in the address of its page; its account is `slug[bot]`."""

    @property
    def signs_in(self) -> bool:
        """Whether people can sign in with GitHub."""
        return bool(self.client_id and self.client_secret)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown, for whoever looks after that."""
        return tuple(each for each in (self.key, self.webhook_secret, self.client_secret) if each)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed in with GitHub, and what GitHub says they may read."""

    account_id: int
    login: str
    repositories: frozenset[int]
    """Ids of repositories that both they and the App may read."""
