"""Pages: what is on the sandbox, as GitHub would show it. Server-rendered, escaped, without scripts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reassay_sandbox.actions import SandboxActions
from reassay_sandbox.pages.markdown import readme_html, to_html
from reassay_sandbox.pulls import PASSING, blocked, bring, head_of
from reassay_sandbox.state import CheckRun, Repo, SandboxIssue, SandboxPull, Store
from reassay_sandbox.traffic import SandboxRequest, SandboxResponse

FOLDER = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

RAW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""That of raw.githubusercontent.com."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _instant
    return environment


def _instant(instant: datetime) -> str:
    """`Tue 1 Dec 2026 09:00 UTC`: the one form of instants on these pages."""
    own = instant.astimezone(UTC)
    return f"{own:%a} {own.day} {own:%b %Y %H:%M} UTC"


class NoSuchPageError(LookupError):
    """404."""


class Suggestion(Protocol):
    """A command, ready to be posted or to be filled in."""

    @property
    def who(self) -> str:
        """Login."""

    @property
    def text(self) -> str:
        """Of the comment."""

    @property
    def is_complete(self) -> bool:
        """Whether it can be posted as it is."""


@dataclass(slots=True)
class SandboxPages:
    """Answers browsers."""

    store: Store
    people_actions: SandboxActions
    banner: str = ""
    actions: dict[str, Callable[[], object]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    """Further links of a repository's navigation, and other addresses of its own ones, by label."""
    framed: bool = False
    """Whether pages of this server may show these ones in a frame."""
    outside: Callable[[SandboxRequest], SandboxResponse | None] = lambda _request: None
    """Answers outside of the sandbox's lock, before anything else; None means that it is some other page."""
    before_post: Callable[[], Callable[[], None]] = lambda: lambda: None
    """Called before a form is handled; what it returns is called after that, outside of the lock: it may wait for an App."""
    suggest: Callable[[SandboxIssue], Sequence["Suggestion"]] = lambda _issue: ()
    """Commands that the page of an issue or a pull request offers."""
    others: list[Callable[[SandboxRequest], SandboxResponse | None]] = field(default_factory=list)
    """Asked first; None means that it is some other page."""

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """A page, a redirect after a form, or 404."""
        try:
            if request.path == "/_style.css":
                return SandboxResponse(200, (FOLDER / "style.css").read_bytes(), {"content-type": "text/css"}, "PAGE")
            for other in self.others:
                if (answer := other(request)) is not None:
                    return answer
            if request.method == "POST":
                return self._post(request)
            return self._page(request)
        except (LookupError, ValueError, StopIteration):
            return self.html("missing.html.j2", {}, status=404)

    def _page(self, request: SandboxRequest) -> SandboxResponse:  # noqa: C901, PLR0911 - one return for each page
        parts = [unquote(part) for part in request.path.strip("/").split("/") if part]
        match parts:
            case []:
                return self.html(
                    "home.html.j2", {"repos": sorted(self.store.repos.values(), key=lambda repo: repo.full_name)}
                )
            case [owner, name]:
                repo = self._repo(owner, name)
                return self.html("repo.html.j2", {"repo": repo, "paths": repo.git.ls("main"), "open": _open(repo)})
            case [owner, name, "issues"]:
                return self._issues(self._repo(owner, name), request.query.get("state", "open"))
            case [owner, name, "issues", "new"]:
                repo = self._repo(owner, name)
                return self.html(
                    "new_issue.html.j2",
                    {"repo": repo, "people": sorted(repo.collaborators), "labels": sorted(repo.labels)},
                )
            case [owner, name, "issues" | "pull", number]:
                return self._issue(self._repo(owner, name), int(number), request.query)
            case [owner, name, "edit", "main", *path]:
                return self._edit(self._repo(owner, name), "/".join(path))
            case [owner, name, "runs", number]:
                return self._run(self._repo(owner, name), int(number))
            case [owner, name, "blob", reference, *path]:
                return self._blob(self._repo(owner, name), reference, "/".join(path))
            case [owner, name, "raw", reference, *path]:
                return self._raw(self._repo(owner, name), reference, "/".join(path))
            case [owner, name, "tree", reference]:
                return self._tree(self._repo(owner, name), reference)
            case [owner, name, "commits", reference]:
                repo = self._repo(owner, name)
                return self.html(
                    "commits.html.j2",
                    {"repo": repo, "reference": reference, "commits": repo.git.log(_commit(repo, reference))},
                )
            case _:
                raise NoSuchPageError(request.path)

    def _repo(self, owner: str, name: str) -> Repo:
        repo = self.store.find(f"{owner}/{name}")
        if repo is None:
            raise NoSuchPageError(name)
        return repo

    def _issues(self, repo: Repo, state: str) -> SandboxResponse:
        shown = [
            issue
            for issue in repo.issues.values()
            if state in {"all", issue.state} or (state == "pulls" and issue.pull)
        ]
        shown.sort(key=lambda issue: -issue.number)
        counts = {"open": _open(repo), "closed": len(repo.issues) - _open(repo), "all": len(repo.issues)}
        counts["pulls"] = sum(issue.pull is not None for issue in repo.issues.values())
        return self.html("issues.html.j2", {"repo": repo, "issues": shown, "state": state, "counts": counts})

    def _edit(self, repo: Repo, path: str) -> SandboxResponse:
        data = repo.git.read("refs/heads/main", path)
        if data is None:
            raise NoSuchPageError(path)
        values = {
            "repo": repo,
            "path": path,
            "text": data.decode("utf-8", "replace"),
            "people": sorted(repo.collaborators),
        }
        return self.html("edit.html.j2", values)

    def _issue(self, repo: Repo, number: int, query: Mapping[str, str]) -> SandboxResponse:
        issue = repo.issues[number]
        people = sorted(repo.collaborators)
        checks = _latest(repo, head_of(repo, issue)) if issue.pull else ()
        values = {
            "repo": repo,
            "issue": issue,
            "people": people,
            "timeline": _timeline(issue),
            "changes": repo.git.difference(issue.pull.base, bring(repo, issue) or "") if issue.pull else "",
            "show": self._shower(repo),
            "checks": checks,
            "failing": [check for check in checks if check.conclusion not in PASSING],
            "blocked": blocked(repo, issue) if issue.pull else None,
            "suggestions": self.suggest(issue) if issue.state == "open" else (),
            "filled": {"who": query.get("as", ""), "text": query.get("say", "")},
        }
        return self.html("issue.html.j2", values)

    def _run(self, repo: Repo, number: int) -> SandboxResponse:
        run = next((check for check in repo.checks if check.id == number), None)
        if run is None:
            raise NoSuchPageError(str(number))
        return self.html(
            "run.html.j2",
            {
                "repo": repo,
                "run": run,
                "show": self._shower(repo),
                "people": sorted(repo.collaborators),
                "passing": run.conclusion in PASSING,
            },
        )

    def _shower(self, repo: Repo) -> Callable[[str], object]:
        return lambda text: to_html(text, self._logins(), f"/{repo.full_name}")

    def _logins(self) -> Collection[str]:
        return {user.login.lower() for user in self.store.users.values()}

    def _tree(self, repo: Repo, reference: str) -> SandboxResponse:
        """The files of a commit, and its README below, as GitHub shows it."""
        commit = _commit(repo, reference)
        text = (repo.git.read(commit, "README.md") or b"").decode("utf-8", "replace")
        readme = readme_html(text, self._logins(), f"/{repo.full_name}", reference)
        values = {"repo": repo, "reference": reference, "paths": repo.git.ls(commit), "readme": readme}
        return self.html("tree.html.j2", values)

    def _blob(self, repo: Repo, reference: str, path: str) -> SandboxResponse:
        data = repo.git.read(_commit(repo, reference), path)
        if data is None:
            raise NoSuchPageError(path)
        lines = data.decode("utf-8", "replace").splitlines()
        return self.html("blob.html.j2", {"repo": repo, "reference": reference, "path": path, "lines": lines})

    def _raw(self, repo: Repo, reference: str, path: str) -> SandboxResponse:
        """A file as it is: pictures as pictures, as GitHub serves them to an issue, and anything else as text."""
        data = repo.git.read(_commit(repo, reference), path)
        if data is None:
            raise NoSuchPageError(path)
        kind = "image/svg+xml" if path.endswith(".svg") else "text/plain; charset=utf-8"
        headers = {"content-type": kind, "content-security-policy": RAW_POLICY, "x-content-type-options": "nosniff"}
        return SandboxResponse(200, data, headers, "PAGE")

    def unlocked(self, request: SandboxRequest) -> SandboxResponse | None:
        """What is answered outside of the sandbox's lock: a button of the banner, or `outside`; None for anything else."""
        if request.path == "/_action" and request.method == "POST":
            return self.act(request)
        return self.outside(request)

    def act(self, request: SandboxRequest) -> SandboxResponse:
        """Presses a button of the banner."""
        form = _form(request)
        action = self.actions.get(form.get("label", ""))
        if action is None:
            return self.html("missing.html.j2", {}, status=404)
        action()
        return _redirect(_local(form.get("back", "/")))

    def _post(self, request: SandboxRequest) -> SandboxResponse:
        form = _form(request)
        parts = [unquote(part) for part in request.path.strip("/").split("/")]
        match parts:
            case [owner, name, "issues", "new"]:
                repo, actor = self._repo(owner, name), self.store.user(form["as"])
                issue = self.people_actions.open_issue(repo, actor, form["title"], form.get("body", ""))
                if form.get("label"):
                    self.people_actions.label(repo, issue, actor, form["label"])
                return _redirect(f"/{repo.full_name}/issues/{issue.number}")
            case [owner, name, "edit", "main", *path]:
                return self._commit_edit(self._repo(owner, name), "/".join(path), form)
            case [owner, name, "issues", number]:
                repo = self._repo(owner, name)
                issue, actor = repo.issues[int(number)], self.store.user(form["as"])
                if form.get("body", "").strip():
                    self.people_actions.comment(repo, issue, actor, form["body"].replace("\r\n", "\n"))
                if form.get("do") == "merge" and blocked(repo, issue) is None:
                    # The page says why a blocked one is not: its button is off, and a form made by hand changes nothing.
                    self.people_actions.merge(repo, issue, actor)
                if form.get("do") in {"close", "reopen"}:
                    state = "closed" if form["do"] == "close" else "open"
                    self.people_actions.set_state(repo, issue, actor, state, "completed")
                return _redirect(f"/{repo.full_name}/issues/{issue.number}")
            case [owner, name, "runs", number]:
                repo = self._repo(owner, name)
                check = next(run for run in repo.checks if str(run.id) == number)
                self.people_actions.press(repo, check, self.store.user(form["as"]), form["do"])
                return _redirect(f"/{repo.full_name}/runs/{check.id}")
            case _:
                raise NoSuchPageError(request.path)

    def _commit_edit(self, repo: Repo, path: str, form: Mapping[str, str]) -> SandboxResponse:
        """A commit on main, or on a branch of its own with a pull request."""
        actor, now, text = (
            self.store.user(form["as"]),
            self.people_actions.clock.now(),
            form["text"].replace("\r\n", "\n"),
        )
        message, main = form.get("message") or f"Edit {path}", repo.git.head("main")
        branch = "main" if form.get("to") == "main" else f"{actor.login}-{len(repo.pushes) + 1}"
        if branch != "main" and main:
            repo.git.set_branch(branch, main, None)
        commit = repo.git.commit({path: text.encode()}, message, actor.login, branch, now)
        self.people_actions.pushed(repo, actor, branch, commit, created=branch != "main")
        if branch == "main":
            return _redirect(f"/{repo.full_name}/blob/main/{path}")
        issue = self.people_actions.open_pull(repo, actor, message, "", SandboxPull(branch, "main"))
        bring(repo, issue)
        return _redirect(f"/{repo.full_name}/pull/{issue.number}")

    def html(self, template: str, values: Mapping[str, object], status: int = 200) -> SandboxResponse:
        """A page of a template."""
        text = (
            _environment()
            .get_template(template)
            .render(
                banner=self.banner,
                actions=list(self.actions),
                links=self.links,
                now=self.people_actions.clock.now(),
                **values,
            )
        )
        headers = {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
            if self.framed
            else POLICY,
            "x-content-type-options": "nosniff",
        }
        return SandboxResponse(status, text.encode(), headers, "PAGE")


def _open(repo: Repo) -> int:
    return sum(issue.state == "open" for issue in repo.issues.values())


def _latest(repo: Repo, head: str | None) -> tuple[CheckRun, ...]:
    """The last run of each name and app on a commit."""
    checks = {(check.name, check.app.id): check for check in repo.checks if check.head == head}
    return tuple(checks[key] for key in sorted(checks))


def _commit(repo: Repo, reference: str) -> str:
    commit = repo.git.resolve(reference)
    if commit is None:
        raise NoSuchPageError(reference)
    return commit


def _timeline(issue: SandboxIssue) -> list[tuple[datetime, str, object]]:
    rows: list[tuple[datetime, str, object]] = [(comment.created_at, "comment", comment) for comment in issue.comments]
    rows += [(event.at, "event", event) for event in issue.events]
    return sorted(rows, key=lambda row: row[0])


def _form(request: SandboxRequest) -> Mapping[str, str]:
    fields = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def _local(path: str) -> str:
    return path if path.startswith("/") and not path.startswith("//") else "/"


def _redirect(path: str) -> SandboxResponse:
    return SandboxResponse(303, b"", {"location": quote(path, safe="/?=&#")}, "PAGE")
