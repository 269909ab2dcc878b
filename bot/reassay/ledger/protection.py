"""Protection of the default branch and the ledger's branch, as a run read it, and its changes.

GitHub has two places for it: rulesets and classic branch protection. What a token may not read is None: never "as before".
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from reassay.register.base import Strict

Place = Literal["default_rulesets", "default_classic", "ledger_rulesets", "ledger_classic"]
WORDS: Mapping[Place, str] = {
    "default_rulesets": "the rulesets of the default branch",
    "default_classic": "the classic protection of the default branch",
    "ledger_rulesets": "the rulesets of the ledger's branch",
    "ledger_classic": "the classic protection of the ledger's branch",
}


class ProtectedCheck(Strict):
    """A required status check."""

    name: str
    app: Annotated[int, Field(ge=1)] | None = None
    """Id of the App that has to report it; None if anybody may."""


class BranchRules(Strict):
    """What one place says of one branch."""

    checks: tuple[ProtectedCheck, ...] = ()
    """Required status checks, sorted."""
    flags: tuple[str, ...] = ()
    """What holds there, sorted: `no-deletion`, `no-force-push`, `pull-request`, `up-to-date`, `admins-too`, and other rules."""
    bypass: tuple[str, ...] | None = ()
    """Who may bypass it, sorted, as `Team 7` or `organisation admins`; None if the token may not read it."""


class Protection(Strict):
    """Everything that a run saw. A place is None if the token may not read it."""

    default_rulesets: BranchRules | None = None
    default_classic: BranchRules | None = None
    ledger_rulesets: BranchRules | None = None
    ledger_classic: BranchRules | None = None
    absent: bool = False
    """Whether there was no ledger branch yet, so that its protection could not be asked for. Absent from entries if not."""

    @model_serializer(mode="wrap")
    def _without_absent(self, dump: SerializerFunctionWrapHandler) -> dict[str, object]:
        fields: dict[str, object] = dump(self)
        return {key: value for key, value in fields.items() if value or key != "absent"}

    def same(self, other: "Protection") -> bool:
        """Whether both saw the same; a branch that one of them could not ask for is left out."""
        names = [name for name in PLACES if not (name.startswith("ledger") and (self.absent or other.absent))]
        return all(getattr(self, name) == getattr(other, name) for name in names)


PLACES: tuple[Place, ...] = get_args(Place)


def loosened(before: Protection, after: Protection) -> tuple[str, ...]:
    """What protected before and does not now, or can no longer be read, each as half a sentence."""
    return tuple(dict.fromkeys(words for place in PLACES for words in _loosened(place, before, after)))


def _loosened(place: Place, before: Protection, after: Protection) -> Iterator[str]:
    old, new = getattr(before, place), getattr(after, place)
    if old is None or (after.absent and place.startswith("ledger")):
        return
    if new is None:
        yield f"{WORDS[place]} can no longer be read"
        return
    branch = "the default branch" if place.startswith("default") else "the ledger's branch"
    now = _both(place, after)
    for check in old.checks:
        if check not in now.checks:
            yield _check_words(check, now, branch)
    yield from (f"{FLAGS.get(flag, flag)} no longer holds for {branch}" for flag in old.flags if flag not in now.flags)
    if _is_left_to_classic(place, old, after):
        yield f"administrators may bypass what moved from the rulesets to the classic protection of {branch}"
    if old.bypass is not None and new.bypass is None:
        yield f"who may bypass {WORDS[place]} can no longer be read"
    elif new.bypass:
        known = old.bypass or ()
        added = [actor for actor in new.bypass if actor not in known]
        if added and old.bypass is not None:
            yield f"{', '.join(added)} may bypass {WORDS[place]} now"


def _is_left_to_classic(place: Place, old: BranchRules, after: Protection) -> bool:
    """Whether something that a ruleset required is required by classic protection alone, which administrators may bypass."""
    classic: BranchRules | None = getattr(after, place.replace("rulesets", "classic"))
    rulesets: BranchRules | None = getattr(after, place)
    if not place.endswith("rulesets") or classic is None or rulesets is None or ADMINS in classic.flags:
        return False
    moved = {*old.checks, *old.flags} - {*rulesets.checks, *rulesets.flags}
    return bool(moved & {*classic.checks, *classic.flags})


def _both(place: Place, after: Protection) -> BranchRules:
    """What both places say of a branch together: a rule that moved from one to the other was not loosened."""
    branch = place.split("_", maxsplit=1)[0]
    places = [getattr(after, f"{branch}_{kind}") for kind in ("rulesets", "classic")]
    read = [rules for rules in places if rules is not None]
    return BranchRules(
        checks=tuple(check for rules in read for check in rules.checks),
        flags=tuple(flag for rules in read for flag in rules.flags),
    )


def _check_words(check: ProtectedCheck, now: BranchRules, branch: str) -> str:
    if any(other.name == check.name for other in now.checks):
        return f"the required check {check.name} of {branch} is no longer bound to App {check.app}"
    return f"the check {check.name} is no longer required for {branch}"


def unread(protection: Protection) -> tuple[str, ...]:
    """What the token may not read, each as half a sentence; the ledger's branch only once it exists."""
    places = [place for place in PLACES if not (place.startswith("ledger") and protection.absent)]
    rules = [(place, getattr(protection, place)) for place in places]
    return (
        *(WORDS[place] for place, own in rules if own is None),
        *(f"who may bypass {WORDS[place]}" for place, own in rules if own is not None and own.bypass is None),
    )


ADMINS = "admins-too"
"""Flag of classic protection: without it administrators may bypass it."""
FLAGS: Mapping[str, str] = {
    "no-deletion": "the block of deletions",
    "no-force-push": "the block of force pushes",
    "pull-request": "the rule that a pull request is needed",
    "up-to-date": "the rule that pull requests are up to date",
    ADMINS: "classic protection for administrators",
}
"""Flags in words; another rule is named as GitHub names it."""
