"""GraphQL: rules and protection of a branch, from the same settings that REST answers with."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLError

from reassay_sandbox.state import Repo, Token

JSON = dict[str, Any]
Connection = Callable[..., JSON]
ADMINISTERS = frozenset({"read", "write", "admin"})
ACTORS = {"Team": "Team", "Integration": "App"}


def protected(repo: Repo, branch: str, token: Token, connection: Connection) -> JSON:
    """The two fields of a branch. Who may bypass a ruleset, and classic protection, are shown to administrators only."""
    rules = repo.settings.get(f"rules/branches/{branch}") or []
    return {
        "rules": lambda _info, **page: connection([_rule(rule, repo, token, connection) for rule in rules], **page),
        "branchProtectionRule": lambda _info: _classic(repo.settings.get(f"branches/{branch}/protection"), token),
    }


def _rule(rule: Mapping[str, Any], repo: Repo, token: Token, connection: Connection) -> JSON:
    number = rule.get("ruleset_id")
    ruleset = {
        "databaseId": number,
        "bypassActors": lambda _info, **page: _bypass(repo, number, token, connection, page),
    }
    return {
        "type": rule["type"].upper(),
        "parameters": _checks(rule.get("parameters") or {}) if rule["type"] == "required_status_checks" else None,
        "repositoryRuleset": ruleset if number else None,
    }


def _checks(parameters: Mapping[str, Any]) -> JSON:
    return {
        "__typename": "RequiredStatusChecksParameters",
        "requiredStatusChecks": [
            {"context": check["context"], "integrationId": check.get("integration_id")}
            for check in parameters.get("required_status_checks", [])
        ],
        "strictRequiredStatusChecksPolicy": bool(parameters.get("strict_required_status_checks_policy")),
    }


def _bypass(repo: Repo, number: object, token: Token, connection: Connection, page: JSON) -> JSON | None:
    if token.permissions.get("administration") not in ADMINISTERS:
        return None
    ruleset = repo.settings.get(f"rulesets/{number}") or {}
    return connection([_actor(actor) for actor in ruleset.get("bypass_actors", [])], **page)


def _actor(actor: Mapping[str, Any]) -> JSON:
    kind = str(actor.get("actor_type"))
    known = {"__typename": ACTORS[kind], "databaseId": actor.get("actor_id")} if kind in ACTORS else None
    return {
        "actor": known,
        "deployKey": kind == "DeployKey",
        "enterpriseOwner": kind == "EnterpriseOwner",
        "organizationAdmin": kind == "OrganizationAdmin",
        "repositoryRoleName": "admin" if kind == "RepositoryRole" else None,
    }


def _classic(rule: Mapping[str, Any] | None, token: Token) -> JSON | None:
    if token.permissions.get("administration") not in ADMINISTERS:
        raise GraphQLError("Resource not accessible by integration", extensions={"type": "FORBIDDEN"})
    if rule is None:
        return None
    required = rule.get("required_status_checks") or {}
    return {
        "allowsDeletions": _on(rule, "allow_deletions"),
        "allowsForcePushes": _on(rule, "allow_force_pushes"),
        "isAdminEnforced": _on(rule, "enforce_admins"),
        "requiresApprovingReviews": bool(rule.get("required_pull_request_reviews")),
        "requiresStrictStatusChecks": bool(required.get("strict")),
        "requiredStatusChecks": [
            {"context": check["context"], "app": _app(check.get("app_id"))} for check in required.get("checks", [])
        ],
    }


def _app(number: int | None) -> JSON | None:
    return {"databaseId": number} if number and number > 0 else None


def _on(rule: Mapping[str, Any], name: str) -> bool:
    return bool((rule.get(name) or {}).get("enabled"))
