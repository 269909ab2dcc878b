"""Name and address of the repository that a checkout was cloned from."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from reassay.git.ledger_place import remote_address
from reassay.github.addresses import PUBLIC_SERVER, is_resident

if TYPE_CHECKING:
    from reassay.sweep.repository.checkout import Checkout

_ADDRESS: Final = re.compile(r"(?P<host>[a-z0-9.-]+(?::\d+)?)/(?P<name>[a-z0-9_.-]+/[a-z0-9_.-]+)")


class RepositoryAddress(NamedTuple):
    """Where a repository is on GitHub."""

    name: str
    """OWNER/NAME; the name of the folder if the checkout has no remote."""
    url: str
    """Empty where the remote is not known to be GitHub, so that links to issues would lead nowhere."""


def repository_address(checkout: "Checkout", folder: str) -> RepositoryAddress:
    """From the first remote. Another host than GitHub's is one if the ledger names it."""
    match = _ADDRESS.fullmatch(remote_address(checkout.git)) if checkout.git else None
    if match is None:
        return RepositoryAddress(Path(folder).resolve().name, "")
    server = f"https://{match['host']}"
    entries = checkout.ledger.entries
    is_github = (
        server == PUBLIC_SERVER or is_resident(server) or (bool(entries) and entries[0].ledger.host == match["host"])
    )
    return RepositoryAddress(match["name"], f"{server}/{match['name']}" if is_github else "")
