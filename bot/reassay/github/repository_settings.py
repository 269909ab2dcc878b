"""Settings of a repository that protect it: branch rules, environments, secrets. None where the token lacks access."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from reassay.common.errors import NotAllowedError, NotFoundError
from reassay.github.client import Client
from reassay.github.odd_answers import reads


@dataclass(frozen=True, slots=True)
class RequiredCheck:
    """A status check that a pull request has to pass before merging."""

    name: str
    app_id: int | None
    """Id of the App that has to report it; None if any account may report it."""


@dataclass(frozen=True, slots=True)
class Branch:
    """The protection of a branch by rulesets and classic protection together."""

    no_force_push: bool = False
    no_deletion: bool = False
    needs_pull_request: bool = False
    needs_signatures: bool = False
    strict: bool = False
    """Pull requests have to be up to date, or go through a merge queue."""
    checks: tuple[RequiredCheck, ...] = ()
    other_rules: tuple[str, ...] = ()
    """Kinds of further rules: patterns of messages, paths, names."""
    bypassers: int | None = None
    """Number of actors that may bypass a ruleset; None if the token may not read it."""
    classic_seen: bool = False
    """Whether the token could read the classic protection."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A deployment environment."""

    name: str
    branches: tuple[str, ...] | None
    """Patterns of the branches that may use it; None if every branch may. `(protected)` stands for protected branches."""


PROTECTED = "(protected)"


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
class RepositorySettings:
    """Reader of a repository's settings. It sends at most eleven requests, and one for each ruleset and environment."""

    client: Client
    full_name: str

    @reads
    def branch(self, name: str) -> Branch | None:
        """The protection of a branch by rulesets and classic protection together; None if the rules cannot be read."""
        path = f"branches/{quote(name, safe='')}"
        rules = self._rules(f"rules/{path}")
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
        """The classic protection, and whether the token could read it."""
        try:
            return self.client.read(self._path(path)), True
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

    @reads
    def environments(self) -> tuple[Environment, ...] | None:
        """Deployment environments with the branches that may use them; None if they cannot be read."""
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

    @reads
    def secrets(self) -> tuple[str, ...] | None:
        """Names of the repository's secrets; None if they cannot be read."""
        page = self._get("actions/secrets", {"per_page": 100})
        return tuple(str(secret["name"]) for secret in page["secrets"]) if page is not None else None

    @reads
    def workflow_rights(self) -> tuple[Any, Any]:
        """Default permissions of a workflow's token, and whether workflows may approve; None if they cannot be read."""
        permissions = self._get("actions/permissions/workflow")
        if permissions is None:
            return None, None
        return permissions["default_workflow_permissions"], permissions["can_approve_pull_request_reviews"]

    def _get(self, path: str, parameters: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401 -- JSON, mapped here
        try:
            return self.client.read(self._path(path), parameters)
        except (NotAllowedError, NotFoundError):
            return None

    def _rules(self, path: str) -> list[Mapping[str, Any]] | None:
        """All rules of a branch; None if they cannot be read."""
        rules: list[Mapping[str, Any]] = []
        parameters: Mapping[str, object] = {"per_page": 100}
        while parameters:
            try:
                page, parameters = self.client.page(self._path(path), parameters)
            except (NotAllowedError, NotFoundError):
                return None
            rules += page
        return rules

    def _path(self, rest: str) -> str:
        return f"/repos/{self.full_name}/{rest}"


def _on(data: Mapping[str, Any], name: str) -> bool:
    return bool((data.get(name) or {}).get("enabled"))


def _classic_checks(data: Mapping[str, Any]) -> tuple[RequiredCheck, ...]:
    required = data.get("required_status_checks") or {}
    checks = required.get("checks") or [{"context": context} for context in required.get("contexts") or ()]
    # GitHub writes -1 for "any source".
    return tuple(
        RequiredCheck(str(check["context"]), check["app_id"] if (check.get("app_id") or 0) > 0 else None)
        for check in checks
    )
