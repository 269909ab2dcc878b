"""REST: how a repository is set up. Tests say what GitHub would; what a token may see depends on its permissions."""

from collections.abc import Callable

from reassay_sandbox.rest_base import JSON, Handler, RestAnswer, RestCall, Route

_FORBIDDEN = RestAnswer(403, {"message": "Resource not accessible by integration"})


def _reading(path: str, permission: str | None, otherwise: Callable[[], RestAnswer]) -> Handler:
    """`path` names the setting, with the arguments of the route filled in."""

    def handler(call: RestCall) -> RestAnswer:
        if permission and call.token.permissions.get(permission) not in {"read", "write", "admin"}:
            return _FORBIDDEN
        setting: JSON = call.repo.settings.get(path.format(**call.arguments))
        return RestAnswer(200, setting) if setting is not None else otherwise()

    return handler


def _empty_list() -> RestAnswer:
    return RestAnswer(200, [])


def _unprotected() -> RestAnswer:
    return RestAnswer(404, {"message": "Branch not protected"})


def _missing() -> RestAnswer:
    return RestAnswer(404, {"message": "Not Found"})


def _ruleset(call: RestCall) -> RestAnswer:
    """Who may bypass it is shown to administrators only."""
    ruleset = call.repo.settings.get(f"rulesets/{call.arguments['ruleset']}")
    if ruleset is None:
        return _missing()
    seen = call.token.permissions.get("administration") in {"read", "write", "admin"}
    return RestAnswer(
        200, ruleset if seen else {name: value for name, value in ruleset.items() if name != "bypass_actors"}
    )


def _no_environments() -> RestAnswer:
    return RestAnswer(200, {"total_count": 0, "environments": []})


def _no_secrets() -> RestAnswer:
    return RestAnswer(200, {"total_count": 0, "secrets": []})


def _usual_rights() -> RestAnswer:
    return RestAnswer(200, {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": False})


_REPO = "/repos/{owner}/{repo}/"
ROUTES = (
    Route("GET", _REPO + "rules/branches/{branch}", _reading("rules/branches/{branch}", None, _empty_list)),
    Route(
        "GET",
        _REPO + "branches/{branch}/protection",
        _reading("branches/{branch}/protection", "administration", _unprotected),
    ),
    Route("GET", _REPO + "rulesets/{ruleset}", _ruleset),
    Route("GET", _REPO + "environments", _reading("environments", "actions", _no_environments)),
    Route(
        "GET",
        _REPO + "environments/{name}/deployment-branch-policies",
        _reading("environments/{name}/deployment-branch-policies", "actions", _missing),
    ),
    Route("GET", _REPO + "actions/secrets", _reading("actions/secrets", "secrets", _no_secrets)),
    Route(
        "GET",
        _REPO + "actions/permissions/workflow",
        _reading("actions/permissions/workflow", "administration", _usual_rights),
    ),
)
