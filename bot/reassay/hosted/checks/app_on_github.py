"""The App as GitHub has it: its webhook and permissions, and the ledgers of its repositories against the configured key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reassay.common.errors import NotAllowedError, NotFoundError, ReassayError, UpstreamError
from reassay.doctor.checks.base import Check
from reassay.github.app_api import AppApi
from reassay.github.app_types import HostedRepository
from reassay.github.client import Client
from reassay.github.tokens import ASKED
from reassay.hosted.rules.events import subscribed
from reassay.hosted.rules.manifest import LEVELS, WEBHOOK, permissions
from reassay.hosted.web.inspector import ReadOnlyAccess
from reassay.ledger.keys import short
from reassay.ledger.store.branch import read_state
from reassay.ledger.store.keyring import Keyring

MOST = 20
"""Number of repositories whose ledgers are read; more take long, and the key is the same for all."""


@dataclass(frozen=True, slots=True)
class AppOnGitHub:
    """Reads as the App. Methods raise UpstreamError if GitHub cannot be read."""

    app: Client
    """Authenticates as the App itself."""
    url: str
    """Public address of the server; empty if it has none."""

    def checks(self) -> Iterator[Check]:
        """The App's identity, its permissions and events, and its webhook."""
        try:
            data = self.app.read("/app")
        except NotAllowedError as error:
            mend = "Make a new private key in the App's settings, or check the clock of this machine."
            yield Check("app-on-github", "weak", "GitHub does not accept the App's key.", error.message, mend)
            return
        yield Check("app-on-github", "ok", f"GitHub knows the App as {data.get('slug', data.get('id'))}.")
        yield _rights(data)
        yield from self._hook()

    def _hook(self) -> Iterator[Check]:
        try:
            hook = self.app.read("/app/hook/config")
        except NotFoundError:
            hook = {}
        given, wanted = str(hook.get("url") or ""), f"{self.url}{WEBHOOK}"
        where = "In the App's settings on GitHub, under Webhook"
        if not self.url:
            yield Check("hook-url", "unknown", "No public address is configured.", "Only sweeps find changes.")
        elif not given:
            yield Check(
                "hook-url", "weak", "The App has no webhook.", "Only sweeps find changes.", f"{where}, set {wanted}."
            )
        elif given.rstrip("/") != wanted:
            words = f"The App's webhook is {given}, and this server's is {wanted}."
            yield Check("hook-url", "weak", words, "Deliveries do not arrive here.", f"{where}, set {wanted}.")
        else:
            yield Check("hook-url", "ok", f"The App's webhook is {given}.")
        if given and hook.get("content_type") not in {None, "json"}:
            words = f"The webhook sends {hook['content_type']}."
            yield Check("hook-type", "weak", words, "Deliveries are refused.", f"{where}, choose application/json.")
        if given and str(hook.get("insecure_ssl", "0")) not in {"0", "0.0"}:
            words = "GitHub does not check the certificate of the webhook."
            yield Check(
                "hook-tls", "weak", words, "Somebody in between can read deliveries.", f"{where}, enable verification."
            )
        if given and not hook.get("secret"):
            yield Check(
                "hook-secret", "weak", "The webhook has no secret.", "Deliveries are refused.", f"{where}, set it."
            )


def _rights(data: Mapping[str, Any]) -> Check:
    """Whether the App has the permissions and events that this version uses."""
    events = subscribed()
    own, heard = data.get("permissions") or {}, set(data.get("events") or ())
    less = [
        f"{name}: {level}"
        for name, level in permissions(ASKED, events).items()
        if name not in own or LEVELS.index(str(own[name])) < LEVELS.index(level)
    ]
    deaf = sorted(set(events) - heard)
    if not less and not deaf:
        return Check("rights", "ok", "The App has the permissions and events that this version uses.")
    missing = ", ".join([*less, *(f"event {name}" for name in deaf)])
    means = "Some features are left out; every change is still noticed by sweeps."
    mend = "Add them in the App's settings; owners of installations then accept the new permissions."
    return Check("rights", "weak", f"The App lacks: {missing}.", means, mend)


def ledger_key_checks(api: AppApi, access: ReadOnlyAccess, keyring: Keyring) -> Iterator[Check]:
    """Whether the configured key may write the ledger of each repository. Raises UpstreamError."""
    repositories = [
        repository
        for installation in api.installations()
        if not installation.suspended
        for repository in api.repositories(installation.id)
    ]
    bad = [
        check for repository in repositories[:MOST] if (check := _ledger_check(access, keyring, repository)) is not None
    ]
    yield from bad
    looked = min(len(repositories), MOST)
    if repositories and not bad:
        key = f"key {short(keyring.signer.id)}" if keyring.signer else "no key"
        rest = f" of {len(repositories)}" if looked < len(repositories) else ""
        yield Check("ledger-key-in-force", "ok", f"The ledgers of {looked}{rest} repositories fit {key}.")
    if not repositories:
        yield Check("ledger-key-in-force", "unknown", "The App is installed on no repository yet.")


def _ledger_check(access: ReadOnlyAccess, keyring: Keyring, repository: HostedRepository) -> Check | None:
    """None if the configured key may write the ledger of a repository, or would begin it."""
    try:
        with access.open(repository) as ports:
            git, url = ports.contents.git, ports.contents.url
            head = git.remote_heads(url).ledger_head
            if head is None:
                return None
            git.fetch(url, head)
            ledger = read_state(git, head)
    except UpstreamError as error:
        return Check(
            "ledger-key-in-force", "unknown", f"{repository.full_name}: the ledger was not read: {error.message}"
        )
    except ReassayError as error:
        mend = error.remedy or "See docs/how-to/restore-the-ledger.md."
        return Check(
            "ledger-key-in-force", "weak", f"{repository.full_name}: {error.message}", "Nothing is recorded.", mend
        )
    try:
        keyring.due(ledger.book, len(ledger.entries))
    except ReassayError as error:
        means = "Nothing is recorded there."
        return Check("ledger-key-in-force", "weak", f"{repository.full_name}: {error.message}", means, error.remedy)
    return None
