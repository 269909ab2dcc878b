"""Pages on which a person confirms: make an App, install it, sign in."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from reassay_sandbox.registering import Registering
from reassay_sandbox.traffic import SandboxRequest, SandboxResponse

Html = Callable[[str, Mapping[str, object]], SandboxResponse]
Install = Callable[..., int]


@dataclass(slots=True)
class RegisteringPages:
    """None from `answer` means that it is some other page."""

    registering: Registering
    html: Html
    install: Install
    signed_in: str = ""
    """Login of somebody who is signed in in every browser and has agreed before; empty: the page asks."""

    def answer(self, request: SandboxRequest) -> SandboxResponse | None:  # noqa: PLR0911 -- one line a page
        """A page to confirm on, or where that leads."""
        parts = [part for part in request.path.strip("/").split("/") if part]
        match (request.method, parts):
            case ("POST", ["settings", "apps", "new"]):
                return self._new(request, "safety-lead")
            case ("POST", ["organizations", owner, "settings", "apps", "new"]):
                return self._new(request, owner)
            case ("GET", ["apps" | "github-apps", slug, "installations", "new"]):
                return self._choose(slug)
            case ("POST", ["apps" | "github-apps", slug, "installations", "new"]):
                return self._install(request, slug)
            case ("GET", ["login", "oauth", "authorize"]):
                return self._authorize(request)
            case ("POST", ["login", "oauth", "authorize"]):
                form = _form(request)
                return _leave(self.registering.grant({name: values[0] for name, values in form.items()}, form["as"][0]))
            case ("POST", ["login", "oauth", "access_token"]):
                return self.registering.exchange(request)
            case _:
                return None

    def _new(self, request: SandboxRequest, owner: str) -> SandboxResponse:
        form = _form(request)
        manifest, state = json.loads(form["manifest"][0]), form.get("state", [request.query.get("state", "")])[0]
        if "confirmed" in form:
            return _leave(self.registering.register(manifest, owner, state))
        rights = [f"{name}: {level}" for name, level in sorted((manifest.get("default_permissions") or {}).items())]
        page = self.html(
            "registering.html.j2",
            {
                "heading": f"Create GitHub App {manifest.get('name')}",
                "words": f"for {owner}, with these permissions, and events {', '.join(manifest.get('default_events') or ())}.",
                "action": request.path,
                "hidden": [("manifest", form["manifest"][0]), ("state", state), ("confirmed", "yes")],
                "rows": rights,
                "choose": (),
                "people": (),
                "button": "Create GitHub App",
            },
        )
        return _leading_to(page, str(manifest.get("redirect_url", "")))

    def _choose(self, slug: str) -> SandboxResponse:
        app = next(registered for registered in self.registering.apps.values() if registered.slug == slug)
        names = sorted(repo.full_name for repo in self.registering.store.repos.values())
        page = self.html(
            "registering.html.j2",
            {
                "heading": f"Install {slug}",
                "words": "Choose repositories of one owner.",
                "action": f"/apps/{slug}/installations/new",
                "hidden": (),
                "rows": (),
                "choose": [(name, name) for name in names],
                "people": (),
                "button": "Install",
            },
        )
        return _leading_to(page, app.setup_url)

    def _install(self, request: SandboxRequest, slug: str) -> SandboxResponse:
        app = next(registered for registered in self.registering.apps.values() if registered.slug == slug)
        number = self.install(app.id, _form(request)["repository"])
        if not app.setup_url:
            return _leave("/")
        return _leave(f"{app.setup_url}?{urlencode({'installation_id': number, 'setup_action': 'install'})}")

    def _authorize(self, request: SandboxRequest) -> SandboxResponse:
        app = self.registering.by_client(request.query.get("client_id", ""), request.query.get("redirect_uri", ""))
        people = sorted(user.login for user in self.registering.store.users.values() if not user.is_bot)
        if (login := request.query.get("login") or self.signed_in) in people:
            # As for somebody who is signed in at GitHub and has agreed before.
            return _leave(self.registering.grant(request.query, login))
        page = self.html(
            "registering.html.j2",
            {
                "heading": f"Sign in to {app.slug}",
                "words": "It will know who you are and which of its repositories you may read.",
                "action": "/login/oauth/authorize",
                "hidden": list(request.query.items()),
                "rows": (),
                "choose": (),
                "people": people,
                "button": "Authorize",
            },
        )
        return _leading_to(page, request.query.get("redirect_uri") or app.callback_urls[0])


def _form(request: SandboxRequest) -> Mapping[str, list[str]]:
    return parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)


def _leave(target: str) -> SandboxResponse:
    return SandboxResponse(302, b"", {"location": target}, "PAGE")


def _leading_to(page: SandboxResponse, target: str) -> SandboxResponse:
    """Browsers hold redirects after a form against the policy, too."""
    parts = urlsplit(target)
    if parts.netloc:
        policy = page.headers["content-security-policy"]
        page.headers["content-security-policy"] = policy.replace(
            "form-action 'self'", f"form-action 'self' {parts.scheme}://{parts.netloc}"
        )
    return page
