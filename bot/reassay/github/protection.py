"""How branches and environments of a repository are protected."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequiredCheck:
    """A check that a pull request has to pass."""

    name: str
    app_id: int | None
    """The App that has to report it; None: any account may."""


@dataclass(frozen=True, slots=True)
class Branch:
    """How a branch is protected, by rulesets and by classic protection together."""

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
    """How many actors may bypass a ruleset; None if that may not be seen."""
    classic_seen: bool = False
    """Whether classic protection could be looked at."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A deployment environment."""

    name: str
    branches: tuple[str, ...] | None
    """Which branches may use it; None: every branch may. Protected ones are `(protected)`."""


PROTECTED = "(protected)"
