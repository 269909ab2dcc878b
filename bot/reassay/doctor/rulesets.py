"""Rulesets that protect an installation, as GitHub imports them: Settings, Rules, Rulesets, New ruleset, Import a ruleset.

The documents are bodies of `POST /repos/{owner}/{repo}/rulesets`
(https://docs.github.com/en/rest/repos/rules#create-a-repository-ruleset).
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from reassay.doctor.checks.ledger_branch import NAME as LEDGER_BRANCH
from reassay.github.pull_queries import CHECK_PREFIX
from reassay.register.configuration import Configuration

RulesetName = Literal["default", "ledger"]
Rule = Mapping[str, object]
Ruleset = Mapping[str, object]
_KEPT: Final[tuple[Rule, ...]] = ({"type": "deletion"}, {"type": "non_fast_forward"})


def ruleset(name: RulesetName, branch: str, configuration: Configuration) -> Ruleset:
    """The ruleset of the default branch, or of the ledger's branch. `branch`: name of the default branch.

    The check is required from mode `advise` on: before that nobody publishes it after every push. It is bound to the App that
    the configuration names; without one, any account may report it.
    """
    if name == "ledger":
        return _ruleset("reassay: ledger", f"refs/heads/{LEDGER_BRANCH}", _KEPT)
    rules: list[Rule] = [*_KEPT, {"type": "pull_request", "parameters": _REVIEWS}]
    if configuration.gates:
        rules.append({"type": "required_status_checks", "parameters": _checks(branch, configuration.app_id)})
    return _ruleset("reassay: default branch", "~DEFAULT_BRANCH", rules)


def _ruleset(name: str, reference: str, rules: Sequence[Rule]) -> Ruleset:
    return {
        "name": name,
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": [reference], "exclude": []}},
        "rules": list(rules),
        "bypass_actors": [],
    }


_REVIEWS: Final[Rule] = {
    "required_approving_review_count": 1,
    "require_code_owner_review": True,
    "dismiss_stale_reviews_on_push": True,
    "require_last_push_approval": False,
    "required_review_thread_resolution": False,
}


def _checks(branch: str, app: int | None) -> Rule:
    source = {} if app is None else {"integration_id": app}
    return {
        "strict_required_status_checks_policy": True,
        "required_status_checks": [{"context": f"{CHECK_PREFIX}{branch}", **source}],
    }
