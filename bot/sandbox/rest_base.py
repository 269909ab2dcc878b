"""What every REST route works with: the call, the answer, the route itself."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.actions import Happenings, InvalidError
from bot.sandbox.judge import Judge
from bot.sandbox.state import Issue, Repo, Store, Token, User
from bot.sandbox.traffic import Request

BODY_LIMIT, TITLE_LIMIT = 65_536, 256
JSON = Any


@dataclass(slots=True)
class Call:
    """One call with everything a handler needs."""

    store: Store
    happenings: Happenings
    judge: Judge
    request: Request
    token: Token
    base: str
    repo: Repo
    arguments: Mapping[str, str]

    @property
    def actor(self) -> User:
        """Who calls."""
        return self.token.user

    def json(self, *known: str) -> dict[str, JSON]:
        """The body; keys that GitHub does not know are complained of."""
        data = json.loads(self.request.body or b"{}")
        if isinstance(data, dict):
            self.judge.keys(self.request, data, known)
            return data
        return {known[0]: data}

    def issue(self) -> Issue:
        """The issue of the path. Raises LookupError."""
        return self.repo.issues[int(self.arguments["number"])]

    def page(self, rows: list[JSON]) -> "Answer":
        """One page of `rows`, with a Link header."""
        size, number = int(self.request.query.get("per_page", 30)), int(self.request.query.get("page", 1))
        part = rows[(number - 1) * size : number * size]
        links = (
            {"link": f'<{self.base}{self.request.path}?page={number + 1}&per_page={size}>; rel="next"'}
            if number * size < len(rows)
            else {}
        )
        return Answer(200, part, links)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, JSON, further headers."""

    status: int
    data: JSON = None
    headers: Mapping[str, str] | None = None


Handler = Callable[[Call], Answer]


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
