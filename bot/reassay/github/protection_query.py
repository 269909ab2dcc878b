"""The protection of the default branch and of the ledger's branch, with one GraphQL query.

Each part that the token may not read is left out of the answer with an error of its own; the others are still read.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from reassay.git.git import LEDGER_BRANCH
from reassay.github.answers import Place
from reassay.ledger.protection import BranchRules, ProtectedCheck, Protection

JSON = Mapping[str, Any]
RULES = 100
"""Rules of a branch, and actors of a ruleset, that are read; with more, the place counts as not read."""
_REF = f"""
fragment protected on Ref {{
  rules(first: {RULES}) {{
    pageInfo {{ hasNextPage }}
    nodes {{
      type
      parameters {{
        ... on RequiredStatusChecksParameters {{
          strictRequiredStatusChecksPolicy requiredStatusChecks {{ context integrationId }}
        }}
      }}
      repositoryRuleset {{
        databaseId
        bypassActors(first: {RULES}) {{
          pageInfo {{ hasNextPage }}
          nodes {{
            deployKey enterpriseOwner organizationAdmin repositoryRoleName
            actor {{ __typename ... on App {{ databaseId }} ... on Team {{ databaseId }} }}
          }}
        }}
      }}
    }}
  }}
  branchProtectionRule {{
    allowsDeletions allowsForcePushes isAdminEnforced requiresApprovingReviews requiresStrictStatusChecks
    requiredStatusChecks {{ context app {{ databaseId }} }}
  }}
}}
"""
_GROUPS = {
    "organizationAdmin": "organisation admins",
    "enterpriseOwner": "enterprise owners",
    "deployKey": "deploy keys",
}
PROTECTION = f"""
query Protection($owner: String!, $name: String!) {{
  repository(owner: $owner, name: $name) {{
    default: defaultBranchRef {{ ...protected }}
    ledger: ref(qualifiedName: "refs/heads/{LEDGER_BRANCH}") {{ ...protected }}
  }}
}}
{_REF}"""
_FLAGS = {
    "DELETION": "no-deletion",
    "NON_FAST_FORWARD": "no-force-push",
    "PULL_REQUEST": "pull-request",
    "MERGE_QUEUE": "up-to-date",
}


def protection(data: JSON, refused: Collection[Place]) -> Protection:
    """The protection in an answer; `refused` are the places that GitHub left empty with an error."""
    content = data["repository"]
    places: dict[str, BranchRules | None] = {}
    for branch in ("default", "ledger"):
        at, ref = ("repository", branch), content[branch]
        if ref is None:
            places |= {f"{branch}_rulesets": None, f"{branch}_classic": None}
            continue
        places[f"{branch}_rulesets"] = None if _is_in((*at, "rules"), refused) else _rulesets(ref["rules"])
        classic = (*at, "branchProtectionRule")
        places[f"{branch}_classic"] = None if _is_in(classic, refused) else _classic(ref["branchProtectionRule"])
    absent = content["ledger"] is None and not _is_in(("repository", "ledger"), refused)
    return Protection(**places, absent=absent)


def _is_in(place: Place, refused: Collection[Place]) -> bool:
    return any(
        path[: len(place)] == place or place[: len(path)] == path for path in refused if "bypassActors" not in path
    )


def _rulesets(rules: JSON) -> BranchRules | None:
    if rules["pageInfo"]["hasNextPage"]:
        return None
    checks, flags, rulesets = set[ProtectedCheck](), set[str](), dict[int, JSON]()
    for rule in rules["nodes"]:
        ruleset = rule["repositoryRuleset"]
        if ruleset is not None:
            rulesets[int(ruleset["databaseId"])] = ruleset
        if rule["type"] == "REQUIRED_STATUS_CHECKS":
            checks |= {ProtectedCheck(name=str(own["context"]), app=own["integrationId"] or None)
                       for own in rule["parameters"]["requiredStatusChecks"]}  # fmt: skip
            flags |= {"up-to-date"} if rule["parameters"]["strictRequiredStatusChecksPolicy"] else set()
        else:
            flags.add(_FLAGS.get(str(rule["type"]), str(rule["type"]).lower().replace("_", "-")))
    return BranchRules(checks=_sorted(checks), flags=tuple(sorted(flags)), bypass=_bypass(rulesets))


def _bypass(rulesets: Mapping[int, JSON]) -> tuple[str, ...] | None:
    actors: set[str] = set()
    for ruleset in rulesets.values():
        page = ruleset["bypassActors"]
        if page is None or page["pageInfo"]["hasNextPage"]:
            return None
        actors |= set(_actors(page["nodes"]))
    return tuple(sorted(actors))


def _actors(nodes: list[JSON]) -> Iterator[str]:
    for node in nodes:
        actor = node["actor"]
        if actor is not None:
            yield f"{actor['__typename']} {actor.get('databaseId')}"
        elif node["repositoryRoleName"]:
            yield f"role {node['repositoryRoleName']}"
        else:
            yield next((words for name, words in _GROUPS.items() if node[name]), "somebody who is not shown")


def _classic(rule: JSON | None) -> BranchRules:
    if rule is None:
        return BranchRules()
    held = {
        "no-deletion": not rule["allowsDeletions"],
        "no-force-push": not rule["allowsForcePushes"],
        "admins-too": rule["isAdminEnforced"],
        "pull-request": rule["requiresApprovingReviews"],
        "up-to-date": rule["requiresStrictStatusChecks"],
    }
    checks = {
        ProtectedCheck(name=str(own["context"]), app=(own["app"] or {}).get("databaseId"))
        for own in rule["requiredStatusChecks"] or ()
    }
    return BranchRules(checks=_sorted(checks), flags=tuple(sorted(flag for flag, holds in held.items() if holds)))


def _sorted(checks: Collection[ProtectedCheck]) -> tuple[ProtectedCheck, ...]:
    return tuple(sorted(checks, key=lambda check: (check.name, check.app or 0)))
