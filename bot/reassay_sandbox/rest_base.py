"""What every REST route works with: the call, the answer, the route itself."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from reassay_sandbox.actions import InvalidError, SandboxActions
from reassay_sandbox.judge import Judge
from reassay_sandbox.state import Repo, SandboxIssue, Store, Token, User
from reassay_sandbox.traffic import SandboxRequest

BODY_LIMIT, TITLE_LIMIT = 65_536, 256
MOST_AT_ONCE = 100
JSON = Any


@dataclass(slots=True)
class RestCall:
    """One call with everything a handler needs."""

    store: Store
    actions: SandboxActions
    judge: Judge
    request: SandboxRequest
    token: Token
    base: str
    repo: Repo
    arguments: Mapping[str, str]

    @property
    def actor(self) -> User:
        """Who calls."""
        return self.token.user

    def json(self, *keys: str) -> dict[str, JSON]:
        """The body; keys that GitHub does not know are complained of."""
        data = json.loads(self.request.body or b"{}")
        if isinstance(data, dict):
            self.judge.keys(self.request, data, keys)
            return data
        return {keys[0]: data}

    def issue(self) -> SandboxIssue:
        """The issue of the path. Raises LookupError."""
        return self.repo.issues[int(self.arguments["number"])]

    def page(self, rows: list[JSON]) -> "RestAnswer":
        """One page of `rows`, with a Link header."""
        part, links = page_of(self.request, self.base, rows)
        return RestAnswer(200, part, links)


def page_of(request: SandboxRequest, base: str, rows: Sequence[JSON]) -> tuple[Sequence[JSON], dict[str, str]]:
    """One page, and the Link header if there is another one. More than a hundred at once GitHub does not give."""
    size, number = min(int(request.query.get("per_page", 30)), MOST_AT_ONCE), int(request.query.get("page", 1))
    if number * size >= len(rows):
        return rows[(number - 1) * size :], {}
    query = urlencode({**request.query, "page": number + 1, "per_page": size})
    return rows[(number - 1) * size : number * size], {"link": f'<{base}{request.path}?{query}>; rel="next"'}


@dataclass(frozen=True, slots=True)
class RestAnswer:
    """Status, JSON, further headers."""

    status: int
    data: JSON = None
    headers: Mapping[str, str] | None = None


Handler = Callable[[RestCall], RestAnswer]


@dataclass(frozen=True, slots=True)
class Route:
    """One route: what it needs, and whether it creates content that limits count."""

    method: str
    template: str
    handler: Handler
    permission: str | None = None
    """Written to; None for reads."""
    creates: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """Of the whole path."""
        inner = re.sub(
            r"\{(\w+)\}", lambda match: f"(?P<{match[1]}>{'.+' if match[1] == 'ref' else '[^/]+'})", self.template
        )
        return re.compile(f"/api/v3{inner}")


def text(data: Mapping[str, JSON], name: str, limit: int, *, required: bool = False) -> str:
    """A field of a body, within GitHub's limit. Raises InvalidError."""
    value = data.get(name) or ""
    if required and not value:
        raise InvalidError(name, "missing_field")
    if len(value) > limit:
        raise InvalidError(name, "too_long", f"{name} is too long (maximum is {limit} characters)")
    return str(value)
