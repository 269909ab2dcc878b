"""How a repository is set up, as far as the token may see: what it may not see is None, never a default."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from reassay.common.errors import NotAllowedError, NotFoundError
from reassay.github.client import Client
from reassay.github.protection import PROTECTED, Branch, Environment, RequiredCheck

_PLAIN = {
    "non_fast_forward": "no_force_push",
    "deletion": "no_deletion",
    "pull_request": "needs_pull_request",
    "required_signatures": "needs_signatures",
    "merge_queue": "strict",
}
_NOT_IN_THE_WAY = frozenset({"required_status_checks", "required_linear_history", "creation", *_PLAIN})
NOT_PROTECTED = "Branch not protected"


@dataclass(frozen=True, slots=True)
class InstallationSettings:
    """Reads one repository's settings. At most eleven requests, and one for each ruleset and environment."""

    client: Client
    full_name: str

    def branch(self, name: str) -> Branch | None:
        """By rulesets and classic protection together; None if no rule could be read."""
        path = f"branches/{quote(name, safe='')}"
        rules = self._get(f"rules/{path}")
        if rules is None:
            return None
        classic, seen = self._classic(f"{path}/protection")
        settings: dict[str, Any] = {_PLAIN[rule["type"]]: True for rule in rules if rule["type"] in _PLAIN}
        checks = [rule["parameters"] for rule in rules if rule["type"] == "required_status_checks"]
        settings["strict"] = settings.get("strict", False) or any(
            parameters.get("strict_required_status_checks_policy") for parameters in checks
        )
        required = [
            RequiredCheck(str(check["context"]), check.get("integration_id"))
            for parameters in checks
            for check in parameters.get("required_status_checks", ())
        ]
        return Branch(
            no_force_push=settings.get("no_force_push", False)
            or (seen and classic is not None and not _on(classic, "allow_force_pushes")),
            no_deletion=settings.get("no_deletion", False)
            or (seen and classic is not None and not _on(classic, "allow_deletions")),
            needs_pull_request=settings.get("needs_pull_request", False)
            or bool((classic or {}).get("required_pull_request_reviews")),
            needs_signatures=settings.get("needs_signatures", False) or _on(classic or {}, "required_signatures"),
            strict=settings["strict"] or bool(((classic or {}).get("required_status_checks") or {}).get("strict")),
            checks=(*required, *_classic_checks(classic or {})),
            other_rules=tuple(sorted({rule["type"] for rule in rules} - _NOT_IN_THE_WAY)),
            bypassers=self._bypassers(rules),
            classic_seen=seen,
        )

    def _classic(self, path: str) -> tuple[Mapping[str, Any] | None, bool]:
        """The protection, and whether it could be looked at."""
        try:
            return self.client.rest("GET", self._path(path)), True
        except NotFoundError as error:
            return None, NOT_PROTECTED in str(error)
        except NotAllowedError:
            return None, False

    def _bypassers(self, rules: list[Mapping[str, Any]]) -> int | None:
        total = 0
        for number in sorted({rule["ruleset_id"] for rule in rules if rule.get("ruleset_id")}):
            ruleset = self._get(f"rulesets/{number}")
            if ruleset is None or "bypass_actors" not in ruleset:
                return None
            total += len(ruleset["bypass_actors"])
        return total

    def environments(self) -> tuple[Environment, ...] | None:
        """With the branches that may use them."""
        page = self._get("environments")
        return (
            tuple(self._environment(environment) for environment in page["environments"]) if page is not None else None
        )

    def _environment(self, data: Mapping[str, Any]) -> Environment:
        name, policy = str(data["name"]), data.get("deployment_branch_policy")
        if policy is None:
            return Environment(name, None)
        if policy.get("protected_branches"):
            return Environment(name, (PROTECTED,))
        listed = self._get(f"environments/{quote(name, safe='')}/deployment-branch-policies")
        return Environment(name, tuple(str(branch["name"]) for branch in (listed or {}).get("branch_policies", ())))

    def secrets(self) -> tuple[str, ...] | None:
        """Names of repository secrets."""
        page = self._get("actions/secrets", {"per_page": 100})
        return tuple(str(secret["name"]) for secret in page["secrets"]) if page is not None else None

    def workflow_rights(self) -> tuple[Any, Any]:
        """What a workflow's token may do by default, and whether workflows may approve; None if unseen."""
        permissions = self._get("actions/permissions/workflow")
        if permissions is None:
            return None, None
        return permissions["default_workflow_permissions"], permissions["can_approve_pull_request_reviews"]

    def _get(self, path: str, parameters: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401 -- JSON, mapped here
        try:
            return self.client.rest("GET", self._path(path), None, parameters)
        except (NotAllowedError, NotFoundError):
            return None

    def _path(self, rest: str) -> str:
        return f"/repos/{self.full_name}/{rest}"


def _on(data: Mapping[str, Any], name: str) -> bool:
    return bool((data.get(name) or {}).get("enabled"))


def _classic_checks(data: Mapping[str, Any]) -> tuple[RequiredCheck, ...]:
    checks = (data.get("required_status_checks") or {}).get("checks") or ()
    # GitHub writes -1 for "any source".
    return tuple(
        RequiredCheck(str(check["context"]), check["app_id"] if (check.get("app_id") or 0) > 0 else None)
        for check in checks
    )
