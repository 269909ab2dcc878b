"""GitHub's global security advisories: one list that every token reads, a page at a time."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from reassay_sandbox.app_api import json_response
from reassay_sandbox.traffic import SandboxRequest, SandboxResponse

ROUTE = "GET /advisories"
ECOSYSTEMS = frozenset(
    {"rubygems", "npm", "pip", "maven", "nuget", "composer", "go", "rust", "erlang", "actions", "pub", "other", "swift"}
)
KEYS = frozenset({"type", "ecosystem", "affects", "per_page", "after"})
"""Parameters that are used here. GitHub knows more of them."""
DEFAULT_SIZE, LARGEST_SIZE = 30, 100


def list_advisories(request: SandboxRequest, base: str, advisories: Sequence[Mapping[str, Any]]) -> SandboxResponse:
    """One page of the advisories that are asked for, newest first; malware only if it is asked for."""
    query = request.query
    if query.get("ecosystem", "pip") not in ECOSYSTEMS or not set(query) <= KEYS:
        return json_response(422, {"message": "Validation Failed", "errors": []}, ROUTE)
    chosen = [advisory for advisory in reversed(advisories) if _is_asked_for(advisory, query)]
    size, start = min(int(query.get("per_page", DEFAULT_SIZE)), LARGEST_SIZE), int(query.get("after", 0))
    response = json_response(200, chosen[start : start + size], ROUTE)
    if start + size < len(chosen):
        following = urlencode({**query, "after": start + size})
        response.headers["link"] = f'<{base}{request.path}?{following}>; rel="next"'
    return response


def _is_asked_for(advisory: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    packages = [vulnerability["package"] for vulnerability in advisory["vulnerabilities"]]
    affects = query.get("affects")
    return advisory["type"] == query.get("type", "reviewed") and any(
        query.get("ecosystem") in {None, package["ecosystem"]}
        # A version may follow; which versions an advisory is about is not compared here.
        and (affects in {None, package["name"]} or str(affects).startswith(f"{package['name']}@"))
        for package in packages
    )


def advisory(  # noqa: PLR0913 -- what an advisory is made of
    ghsa_id: str,
    ecosystem: str,
    package: str,
    *,
    vulnerable: str = ">= 0",
    severity: str = "high",
    published_at: str = "2026-11-01T12:00:00Z",
    withdrawn_at: str | None = None,
    kind: str = "reviewed",
) -> dict[str, Any]:
    """An advisory as GitHub gives it."""
    return {
        "ghsa_id": ghsa_id,
        "cve_id": None,
        "url": f"https://api.github.com/advisories/{ghsa_id}",
        "html_url": f"https://github.com/advisories/{ghsa_id}",
        "repository_advisory_url": None,
        "summary": f"An example weakness of {package}",
        "description": "An example.",
        "type": kind,
        "severity": severity,
        "source_code_location": None,
        "identifiers": [{"type": "GHSA", "value": ghsa_id}],
        "references": [],
        "published_at": published_at,
        "updated_at": published_at,
        "github_reviewed_at": published_at,
        "nvd_published_at": None,
        "withdrawn_at": withdrawn_at,
        "vulnerabilities": [
            {
                "package": {"ecosystem": ecosystem, "name": package},
                "vulnerable_version_range": vulnerable,
                "first_patched_version": None,
                "vulnerable_functions": [],
            }
        ],
        "cvss": {"vector_string": None, "score": None},
        "cwes": [],
        "credits": [],
    }
