"""The values that `reassay init` needs: from options, from answers on a terminal, or from what git and this machine say."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from reassay.cli.questions import Checked, ask, is_terminal
from reassay.common.errors import UpstreamError, UsageError
from reassay.git import clone_facts
from reassay.git.git import Git
from reassay.git.ledger_place import remote_address
from reassay.register.files.scaffold import (
    RELEASED_ACTION,
    WORKFLOW,
    ScaffoldOptions,
    checked_action,
    checked_address,
    checked_branch,
    checked_login,
    checked_timezone,
    is_empty,
)
from reassay.register.placeholders import OWNER_PLACEHOLDER
from reassay.register.register import Register

_LOCALTIME, _TIMEZONE = Path("/etc/localtime"), Path("/etc/timezone")


@dataclass(frozen=True, slots=True)
class Proposals:
    """What git and this machine say; None or empty where they say nothing."""

    owner: str | None = None
    branch: str | None = None
    address: str = ""
    timezone: str | None = None

    @staticmethod
    def of(root: Path, *, has_git: bool) -> "Proposals":
        """The proposals for a folder; without git there is a branch `main`."""
        if not has_git:
            return Proposals(branch="main", timezone=_machine_timezone())
        git = Git(root)
        try:
            owner, branch, address = clone_facts.login(git), clone_facts.default_branch(git), remote_address(git)
        except UpstreamError:
            return Proposals(timezone=_machine_timezone())
        return Proposals(owner, branch, checked_address(address), _machine_timezone())


def git_root(path: Path) -> Path | None:
    """The nearest folder, this one or above it, that holds a `.git`; None outside of every repository."""
    folder = path.resolve()
    return next((place for place in (folder, *folder.parents) if (place / ".git").exists()), None)


@dataclass(frozen=True, slots=True)
class Interview:
    """The way in which values are decided: asked for on a terminal, else taken from options and proposals."""

    args: argparse.Namespace
    proposals: Proposals
    out: TextIO

    @property
    def asks(self) -> bool:
        """Whether questions are asked."""
        return not self.args.yes and is_terminal(self.out)

    def options(self, register: Register, root: Path) -> ScaffoldOptions:
        """The options of the scaffold. Raises UsageError for a value that is missing or cannot be used."""
        writes_register = is_empty(register)
        names_people = writes_register or (self.args.full and register.configuration_origin is None)
        has_settings = register.configuration_origin is not None
        return ScaffoldOptions(
            owner=self._owner(is_needed=names_people),
            assessor=self._assessor(is_needed=writes_register),
            timezone=self._timezone(is_needed=names_people and not has_settings),
            branch=self._branch(is_needed=not (root / WORKFLOW).exists()),
            address=self.proposals.address,
            action=checked_action(self.args.action) if self.args.action else RELEASED_ACTION,
        )

    def _owner(self, *, is_needed: bool) -> str:
        given, proposal = self.args.owner, self.proposals.owner or ""
        if given is not None:
            return checked_login(given, "--owner")
        if not is_needed:
            return OWNER_PLACEHOLDER
        if self.asks:
            return self._ask("GitHub login of the owner", proposal, lambda text: checked_login(text, "--owner"))
        if self.args.yes and proposal:
            return checked_login(proposal, "--owner")
        raise UsageError(
            "nobody is named as the owner.", where="--owner", remedy="Add --owner LOGIN: an account on GitHub."
        )

    def _assessor(self, *, is_needed: bool) -> str | None:
        def checked(text: str) -> str:
            return checked_login(text, "--assessor")

        if self.args.assessor is not None:
            return checked(self.args.assessor)
        if not (is_needed and self.asks):
            return None
        question = "GitHub login of the assessor, another person (empty: the owner assesses alone)"
        return ask(question, "", checked, self.out, optional=True) or None

    def _timezone(self, *, is_needed: bool) -> str:
        proposal = self.proposals.timezone or "UTC"
        return self._value(self.args.timezone, "Time zone of due dates", proposal, checked_timezone, is_needed)

    def _branch(self, *, is_needed: bool) -> str:
        proposal = self.proposals.branch or ""
        if not (proposal or self.args.branch or self.asks) and is_needed:
            message = "the default branch cannot be seen in this clone."
            raise UsageError(message, where="--branch", remedy="Add --branch NAME, for example --branch main.")
        return self._value(self.args.branch, "Default branch", proposal, checked_branch, is_needed)

    def _value(self, given: str | None, question: str, proposal: str, checked: Checked, is_needed: bool) -> str:  # noqa: FBT001 -- the callers name it
        if given is not None:
            return checked(given)
        if not is_needed:
            return proposal
        return self._ask(question, proposal, checked) if self.asks else checked(proposal)

    def _ask(self, question: str, proposal: str, checked: Checked) -> str:
        return ask(question, proposal, checked, self.out)


def _machine_timezone() -> str | None:
    """The IANA name in TZ, in the link /etc/localtime or in /etc/timezone; None if none of them has one."""
    from reassay.common.calendar import zone

    for candidate in (os.environ.get("TZ", "").removeprefix(":"), _linked(_LOCALTIME), _written(_TIMEZONE)):
        try:
            if candidate:
                return "UTC" if candidate == "Etc/UTC" else zone(candidate).key
        except ValueError:
            continue
    return None


def _linked(link: Path) -> str:
    try:
        return str(link.readlink()).partition("zoneinfo/")[2]
    except OSError:
        return ""


def _written(name: Path) -> str:
    try:
        return name.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
