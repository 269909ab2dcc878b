"""The comparison itself, and the fields of answers that the bot reads."""

from typing import Any

import pytest

from reassay.github.queries import APPEND, COMMENTS, look_query
from reassay_sandbox import Exchange
from tests.contract import description

pytestmark = pytest.mark.skipif(not description.is_there(), reason=description.REASON)


def exchange(method: str, path: str, body: bytes = b"", query: str = "") -> Exchange:
    return Exchange(method, path, query, body, 200, b"", "", None, is_write=False, committed=False)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (exchange("POST", "/api/v3/repos/a/b/issues", b'{"body": "no title"}'), "title"),
        (exchange("POST", "/api/v3/repos/a/b/issues/1/comments", b'{"text": "x"}'), "body"),
        (exchange("PATCH", "/api/v3/repos/a/b/issues/1", b'{"state": "shut"}'), "shut"),
        (exchange("POST", "/api/v3/repos/a/b/issues/comments/1/reactions", b'{"content": "fine"}'), "fine"),
        (exchange("POST", "/api/v3/repos/a/b/no-such-thing", b"{}"), "Path not found"),
        (exchange("POST", "/api/v3/repos/a/b/issues/1/comments"), "Missing required request body"),
        (exchange("GET", "/api/v3/repos/a/b/issues", query="per_page=many"), "many"),
        (exchange("GET", "/api/v3/repos/a/b/issues/first"), "first"),
        (exchange("PUT", "/api/v3/repos/a/b/issues/1"), "Operation put not found"),
        (exchange("POST", "/api/graphql", b'{"query": "{ viewer { log } }"}'), "log"),
    ],
)
def test_what_github_would_not_understand_is_found(sent: Exchange, words: str) -> None:
    (found,) = description.violations([sent])
    assert words in found


def test_what_github_understands_passes() -> None:
    sent = [
        exchange(
            "POST", "/api/v3/repos/a/b/issues", b'{"title": "x", "body": "y", "labels": ["z"], "assignees": ["a"]}'
        ),
        exchange("GET", "/api/v3/repos/a/b/issues", query="state=all&per_page=100&page=1&sort=created&direction=asc"),
        exchange("POST", "/api/v3/repos/a/b/issues/comments/1/reactions", b'{"content": "+1"}'),
        # This one may have a body and needs none.
        exchange("POST", "/api/v3/app/installations/2/access_tokens"),
    ]
    assert description.violations(sent) == []


def test_what_is_said_of_one_number_is_not_said_of_another_path() -> None:
    wrong = [exchange("POST", f"/api/v3/repos/a/b/issues/{number}/comments", b'{"body": 7}') for number in (1, 2)]
    fine = [exchange("POST", f"/api/v3/repos/a/b/issues/{number}/comments", b'{"body": "7"}') for number in (1, 2)]
    found = description.violations([*wrong, *fine])
    assert [text.partition(":")[0] for text in found] == [f"POST {sent.path}" for sent in wrong]


@pytest.mark.parametrize("document", [look_query([1, 2]), look_query([]), COMMENTS, APPEND])
def test_every_document_the_bot_sends_is_valid_at_github(document: str) -> None:
    assert description._graphql_document(document) == []


READ = [
    ("/repos/{owner}/{repo}/issues", "post", "201", {"number"}),
    ("/repos/{owner}/{repo}/issues", "get", "200", {"number", "user", "body", "pull_request"}),
    ("/repos/{owner}/{repo}/git/trees", "post", "201", {"sha"}),
    ("/repos/{owner}/{repo}/git/commits", "post", "201", {"sha"}),
]


@pytest.mark.parametrize(("path", "method", "status", "fields"), READ)
def test_the_fields_that_are_read_exist_in_githubs_answers(
    path: str, method: str, status: str, fields: set[str]
) -> None:
    specification = description.specification()
    schema = specification["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
    assert fields <= set(properties(specification, schema))


def properties(specification: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[1]
        return properties(specification, specification["components"]["schemas"][name])
    if schema.get("type") == "array":
        return properties(specification, schema["items"])
    found: dict[str, Any] = dict(schema.get("properties", {}))
    return found
