"""How Apps come to be and people sign in: the manifest flow, installing, and OAuth for web applications.

(GitHub's documentation: "Registering a GitHub App from a manifest", "Generating a user access token for a GitHub App".)
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from reassay_sandbox.app_api import json_response
from reassay_sandbox.apps import App
from reassay_sandbox.judge import Judge
from reassay_sandbox.shapes import account, stamp
from reassay_sandbox.state import Store, Token, User
from reassay_sandbox.traffic import SandboxRequest, SandboxResponse

PERMISSIONS = frozenset(
    {"metadata", "contents", "issues", "pull_requests", "checks", "members", "merge_queues", "administration", "actions",
     "statuses", "workflows", "environments", "secrets"}
)  # fmt: skip
EVENTS = {
    "issues": "issues", "issue_comment": "issues", "pull_request": "pull_requests", "pull_request_review": "pull_requests",
    "push": "contents", "merge_group": "merge_queues", "check_run": "checks", "check_suite": "checks",
    "repository": "metadata", "team": "members", "membership": "members", "organization": "members", "member": "members",
}  # fmt: skip
"""With the permission that an App needs to be sent them."""
NAME_LIMIT = 34
CODE_LIFE = timedelta(minutes=10)
SESSION = timedelta(hours=8)
JSON = Any


@dataclass(frozen=True, slots=True)
class _Grant:
    app: int
    login: str
    redirect_uri: str
    challenge: str
    until: datetime


@dataclass(slots=True)
class Registering:
    """Codes that were given out; each works once and not for long."""

    store: Store
    apps: dict[int, App]
    judge: Judge
    now: Callable[[], datetime]
    base: Callable[[], str]
    conversions: dict[str, JSON] = field(default_factory=dict)
    grants: dict[str, _Grant] = field(default_factory=dict)

    def convert(self, code: str) -> SandboxResponse:
        """`POST /app-manifests/{code}/conversions`."""
        operation, credentials = "POST /app-manifests/{code}/conversions", self.conversions.pop(code, None)
        if credentials:
            return json_response(201, credentials, operation)
        return json_response(404, {"message": "Not Found"}, operation)

    def register(self, manifest: Mapping[str, JSON], owner: str, state: str) -> str:
        """Makes the App; returns where the browser goes. What GitHub would refuse raises ValueError."""
        self._look_at(manifest)
        key, number = generate_private_key(public_exponent=65537, key_size=2048), self.store.next_id()
        slug = "".join(character if character.isalnum() else "-" for character in str(manifest["name"]).lower()).strip(
            "-"
        )
        hook = manifest.get("hook_attributes") or {}
        bot = self.store.users.setdefault(f"{slug}[bot]", User(self.store.next_id(), f"{slug}[bot]", is_bot=True))
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        app = App(
            number, bot, public, dict(manifest.get("default_permissions") or {}) | {"metadata": "read"},
            tuple(manifest.get("default_events") or ()), str(hook.get("url", "")), secrets.token_hex(20),
            f"Iv1.{secrets.token_hex(8)}", secrets.token_hex(20),
        )  # fmt: skip
        app.callback_urls, app.setup_url = (
            tuple(manifest.get("callback_urls") or ()),
            str(manifest.get("setup_url", "")),
        )
        self.apps[number] = app
        code = secrets.token_hex(20)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
        self.conversions[code] = {
            "id": number, "slug": slug, "node_id": f"A_{number}", "name": manifest["name"], "description": None,
            "owner": account(owner, self.store, self.base()), "external_url": manifest["url"],
            "html_url": f"{self.base()}/github-apps/{slug}", "created_at": stamp(self.now()), "updated_at": stamp(self.now()),
            "permissions": app.permissions, "events": list(app.events), "client_id": app.client_id,
            "client_secret": app.client_secret, "webhook_secret": app.hook_secret, "pem": pem,
        }  # fmt: skip
        return f"{manifest['redirect_url']}?{urlencode({'code': code, 'state': state})}"

    def _look_at(self, manifest: Mapping[str, JSON]) -> None:
        name, wanted = str(manifest.get("name", "")), manifest.get("default_permissions") or {}
        if not name or len(name) > NAME_LIMIT or not urlsplit(str(manifest.get("url", ""))).netloc:
            raise ValueError("name or url is missing or too long")
        if any(app.slug == name.lower().replace(" ", "-") for app in self.apps.values()):
            raise ValueError(f"the name {name} is taken")
        for permission, level in wanted.items():
            if permission not in PERMISSIONS or level not in {"read", "write"}:
                raise ValueError(f"permission {permission}: {level} is not known")
        for event in manifest.get("default_events") or ():
            if event not in EVENTS or (EVENTS[event] != "metadata" and EVENTS[event] not in wanted):
                raise ValueError(f"event {event} needs {EVENTS.get(event, 'something unknown')}")
        accepted = {"name", "url", "description", "public", "hook_attributes", "redirect_url", "callback_urls", "setup_url",
                 "setup_on_update", "request_oauth_on_install", "default_permissions", "default_events"}  # fmt: skip
        for key in set(manifest) - accepted:
            self.judge.say(f"a manifest has no '{key}'")

    def by_client(self, client_id: str, redirect_uri: str) -> App:
        """Raises LookupError for an unknown client, or an address that was not declared."""
        registered = next((app for app in self.apps.values() if client_id and app.client_id == client_id), None)
        if registered is None or (redirect_uri and redirect_uri not in registered.callback_urls):
            raise LookupError(client_id)
        return registered

    def grant(self, query: Mapping[str, str], login: str) -> str:
        """Somebody agreed; returns where the browser goes."""
        app = self.by_client(query.get("client_id", ""), query.get("redirect_uri", ""))
        target, code = query.get("redirect_uri") or app.callback_urls[0], secrets.token_hex(10)
        challenge = query.get("code_challenge", "")
        if challenge and query.get("code_challenge_method") != "S256":
            self.judge.say("GitHub takes a code_challenge only with code_challenge_method=S256")
        self.grants[code] = _Grant(app.id, login, target, challenge, self.now() + CODE_LIFE)
        joint = "&" if urlsplit(target).query else "?"
        return f"{target}{joint}{urlencode({'code': code, 'state': query.get('state', '')})}"

    def exchange(self, request: SandboxRequest) -> SandboxResponse:
        """`POST /login/oauth/access_token`: errors come with status 200, as on GitHub."""
        form = dict(parse_qsl(request.body.decode()))
        if "json" in request.headers.get("content-type", ""):
            form = json.loads(request.body)
        grant = self.grants.pop(form.get("code", ""), None)
        app = self.apps.get(grant.app) if grant else None
        if grant is None or app is None or grant.until < self.now():
            return _refused("bad_verification_code", "The code passed is incorrect or expired.")
        if (form.get("client_id"), form.get("client_secret")) != (app.client_id, app.client_secret):
            return _refused("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.")
        if form.get("redirect_uri", grant.redirect_uri) != grant.redirect_uri:
            return _refused("redirect_uri_mismatch", "The redirect_uri MUST match the registered callback URL.")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if grant.challenge and not secrets.compare_digest(grant.challenge, proof):
            return _refused("bad_verification_code", "The code passed is incorrect or expired.")
        value = self.sign_in(app, grant.login)
        answer = {
            "access_token": value,
            "token_type": "bearer",
            "scope": "",
            "expires_in": int(SESSION.total_seconds()),
        }
        return SandboxResponse(200, json.dumps(answer).encode(), {"content-type": "application/json"}, "PAGE")

    def sign_in(self, app: App, login: str) -> str:
        """A person's token: for what both the App and they may read."""
        value = f"ghu_{secrets.token_hex(18)}"
        rights = dict.fromkeys(app.permissions, "read")
        person, until = self.store.user(login), self.now() + SESSION
        self.store.tokens[value] = Token(value, person, "", rights, frozenset(), None, until, app.id)
        return value


def _refused(error: str, words: str) -> SandboxResponse:
    body = json.dumps({"error": error, "error_description": words}).encode()
    return SandboxResponse(200, body, {"content-type": "application/json"}, "PAGE")
