"""Facts of a clone before anything is written into it: its branches, and the person who works in it."""

import re
from typing import Final

from reassay.git.git import Git

_DEFAULTS: Final = ("main", "master")
_NO_REPLY: Final = re.compile(r"(?:[0-9]+\+)?(?P<login>[A-Za-z0-9-]+)@users\.noreply\.[a-z0-9.-]+")
"""Private address of a GitHub account: https://docs.github.com/en/account-and-profile/reference/email-addresses-reference"""
_LOGIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?")


def default_branch(git: Git) -> str | None:
    """The branch to work from: that of `origin/HEAD`, else `main` or `master` if there is one of them, else the one checked out.

    None with a detached head. Raises UpstreamError if git cannot be run.
    """
    remote = _asked(git, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    if remote:
        return remote.removeprefix("origin/")
    current = _asked(git, "symbolic-ref", "--quiet", "--short", "HEAD")
    usual = [name for name in _DEFAULTS if _exists(git, name)]
    if current in usual or len(usual) != 1:
        return current or None
    return usual[0]


def login(git: Git) -> str | None:
    """The GitHub login in git's configuration: `github.user`, a private address of GitHub, or a name of that form."""
    stated = _asked(git, "config", "--get", "github.user")
    private = _NO_REPLY.fullmatch(_asked(git, "config", "--get", "user.email"))
    name = _asked(git, "config", "--get", "user.name")
    names = (stated, private["login"] if private else "", name)
    return next((text for text in names if _LOGIN.fullmatch(text)), None)


def _exists(git: Git, branch: str) -> bool:
    references = (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}")
    return any(git.ask("show-ref", "--verify", "--quiet", name)[0] == 0 for name in references)


def _asked(git: Git, *arguments: str) -> str:
    code, output = git.ask(*arguments)
    return output.decode("utf-8", "replace").strip() if code == 0 else ""
