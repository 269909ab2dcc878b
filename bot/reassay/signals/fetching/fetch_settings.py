"""Settings of the operator for sources and pages: secrets, each bound, and hosts that may be in a private network.

A secret that is sent is for one host. One that a monitoring tool sends to us has no host, and is for stated repositories.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from reassay.common.errors import UsageError
from reassay.ledger.store.key_files import read_key_file
from reassay.signals.source_readings import Program

SECRETS: Final = "REASSAY_SOURCE_SECRETS"
SECRETS_FILE: Final = "REASSAY_SOURCE_SECRETS_FILE"
HOSTS: Final = "REASSAY_SOURCE_HOSTS"
_EXAMPLE: Final = '{"PROMETHEUS": {"host": "prometheus.example.org", "value": "..."}}'
_SENDER: Final = '{"ALERTS": {"repositories": ["example-lab/framework"], "value": "..."}}'
SHORTEST_SENDER: Final = 16
"""Characters of a secret that a monitoring tool sends: anybody may try to guess it."""
_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]{0,59}")
_VALUE: Final = re.compile(r"[\x21-\x7e]{8,8000}")
"""What an HTTP header can hold, without spaces and line ends; a shorter text could be part of an answer by chance."""
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class HostPort:
    """A host of the network and its port."""

    host: str
    """In small letters, without a dot at the end; IDNA where it is not ASCII."""
    port: int

    def __str__(self) -> str:
        return self.host if self.port in _PORTS.values() else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class SourceSecret:
    """A token, key or address with what it is for."""

    host: HostPort | None
    """The one host that it may be sent to; None for what a monitoring tool sends to us."""
    value: str = field(repr=False)
    repositories: frozenset[str] | None = None
    """Framework repositories (`owner/name`, in small letters) whose registers may use it; None for all, which the App refuses."""

    def is_for(self, repository: str) -> bool:
        """Whether the register of a framework repository may use it."""
        return self.repositories is None or repository.lower() in self.repositories


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """The operator's settings for reading sources."""

    secrets: Mapping[str, SourceSecret] = field(default_factory=dict)
    """By name."""
    hosts: frozenset[HostPort] = frozenset()
    """Hosts that may have a private address, and to which another host may redirect."""
    plain_hosts: frozenset[HostPort] = frozenset()
    """Private hosts that may be read without TLS."""

    @property
    def values(self) -> tuple[str, ...]:
        """All secret values, to remove them from logs."""
        return tuple(secret.value for secret in self.secrets.values())

    def sender_secrets(self, name: str, repository: str) -> tuple[bytes, ...]:
        """What a monitoring tool has to show for a source of a repository; nothing if no such secret is declared for it."""
        secret = self.secrets.get(name)
        if secret is None or secret.host is not None or not secret.is_for(repository):
            return ()
        return (secret.value.encode(),)


def read_fetch_settings(environment: Mapping[str, str], program: Program) -> FetchSettings:
    """The settings of the environment. Raises UsageError, which never has a secret in it.

    In the Action and on the command line, the host of a secret may have a private address, because whoever declares it also
    writes the register. In the hosted App it has to be among the hosts as well, and a secret says which repositories may use it:
    registers are other people's, and one could otherwise read what the secret of another one opens.
    """
    secrets = dict(_secrets(environment))
    if program == "app":
        _refuse_open(secrets, _secrets_text(environment)[0])
    hosts, plain = _hosts(environment.get(HOSTS, ""))
    if program == "action":
        hosts |= {secret.host for secret in secrets.values() if secret.host}
    return FetchSettings(secrets, frozenset(hosts), frozenset(plain))


def _refuse_open(secrets: Mapping[str, SourceSecret], where: str) -> None:
    for name, secret in secrets.items():
        if secret.repositories is None:
            problem = f"the secret {name} does not say whose registers may use it."
            remedy = 'Add for example "repositories": ["example-lab/framework"].'
            raise UsageError(problem, where=where, remedy=remedy)


def host_port(text: str, scheme: str = "https") -> HostPort:
    """A host with its port, or with the port of the scheme. Raises ValueError."""
    parts = urlsplit(f"//{text}")
    if parts.username is not None or parts.path or parts.query or parts.fragment or not parts.hostname:
        raise ValueError("not a host")
    if re.search(r"[\s,*?]", text):
        raise ValueError("not a host")
    return HostPort(normal_host(parts.hostname), parts.port or _PORTS[scheme])


def normal_host(host: str) -> str:
    """A host as it is compared. Raises ValueError."""
    name = host.strip("[]").lower().rstrip(".")
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            raise ValueError("not a host") from None
    return name


def _hosts(text: str) -> tuple[set[HostPort], set[HostPort]]:
    hosts: set[HostPort] = set()
    plain: set[HostPort] = set()
    for word in re.split(r"[\s,]+", text.strip()):
        if not word:
            continue
        scheme, bare = ("http", word[len("http://") :]) if word.startswith("http://") else ("https", word)
        try:
            host = host_port(bare.removeprefix("https://").rstrip("/"), scheme)
        except ValueError:
            remedy = "Write hosts with commas between them, for example 'prometheus.internal, http://10.0.0.5:9090'."
            raise UsageError(f"'{word}' is not a host.", where=HOSTS, remedy=remedy) from None
        hosts.add(host)
        if scheme == "http":
            plain.add(host)
    return hosts, plain


def _secrets(environment: Mapping[str, str]) -> Iterator[tuple[str, SourceSecret]]:
    where, text = _secrets_text(environment)
    if not text.strip():
        return
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        # `from None` and no quotation: the text is secret.
        raise UsageError("the secrets are not a JSON object.", where=where, remedy=f"Write {_EXAMPLE}.") from None
    for name, declared in document.items():
        yield name, _secret(name, declared, where)


def _secrets_text(environment: Mapping[str, str]) -> tuple[str, str]:
    inline, path = environment.get(SECRETS, ""), environment.get(SECRETS_FILE, "")
    if inline and path:
        raise UsageError("the secrets are declared twice.", where=SECRETS, remedy=f"Remove it, or {SECRETS_FILE}.")
    if not path:
        return SECRETS, inline
    return SECRETS_FILE, read_key_file(Path(path), SECRETS_FILE)


def _secret(name: str, declared: object, where: str) -> SourceSecret:
    if not _NAME.fullmatch(name):
        remedy = "Names have capital letters, digits and underscores, for example PROMETHEUS."
        raise UsageError("a secret has a name that no source can use.", where=where, remedy=remedy)
    fields = declared if isinstance(declared, dict) else {}
    host, value, repositories = fields.get("host"), fields.get("value"), fields.get("repositories")
    unread = set(fields) - {"host", "value", "repositories"}
    if unread or not isinstance(value, str) or not _VALUE.fullmatch(value):
        problem = f"the secret {name} has to be an object of 'host' and 'value', a text of 8 or more characters without spaces."
        raise UsageError(problem, where=where, remedy=f"Write {_EXAMPLE}.")
    if "host" not in fields and repositories is not None:
        return _sender_secret(name, value, _repositories(name, repositories, where), where)
    if not isinstance(host, str):
        problem = f"the secret {name} has neither a 'host' nor 'repositories'."
        raise UsageError(problem, where=where, remedy=f"Write {_EXAMPLE}, or for what is sent to the App {_SENDER}.")
    try:
        place = host_port(host)
    except ValueError:
        remedy = (
            "Write it without https:// and path, for example prometheus.example.org or prometheus.example.org:9443."
        )
        raise UsageError(f"the host of the secret {name} is not a host.", where=where, remedy=remedy) from None
    return SourceSecret(place, value, _repositories(name, repositories, where))


def _sender_secret(name: str, value: str, repositories: frozenset[str] | None, where: str) -> SourceSecret:
    if not repositories:
        problem = f"the secret {name} has neither a 'host' nor a repository."
        raise UsageError(problem, where=where, remedy=f"Write {_SENDER}.")
    if len(value) < SHORTEST_SENDER:
        problem = f"the secret {name} is too short: anybody may try to guess it."
        raise UsageError(problem, where=where, remedy=f"Use at least {SHORTEST_SENDER} random characters.")
    return SourceSecret(None, value, repositories)


def _repositories(name: str, repositories: object, where: str) -> frozenset[str] | None:
    if repositories is None:
        return None
    listed = repositories if isinstance(repositories, list) else [None]
    names = [name for name in listed if isinstance(name, str) and _REPOSITORY.fullmatch(name)]
    if len(names) != len(listed):
        remedy = 'Write for example ["example-lab/framework"].'
        raise UsageError(f"'repositories' of the secret {name} is not a list of names.", where=where, remedy=remedy)
    return frozenset(repository.lower() for repository in names)
