"""A copy of somebody's own framework repository on a sandbox, with the accounts that its register names."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from reassay.imports.cell_text import slug
from reassay.ledger.store.ed25519 import new_key_file
from reassay.register.files import WorkingTree
from reassay.register.register import Register
from reassay_sandbox import Sandbox
from reassay_sandbox.demo.environment import people_of
from reassay_sandbox.sandbox_repository import SandboxRepository

PERMISSIONS = {
    "issues": "write",
    "contents": "write",
    "pull_requests": "write",
    "checks": "write",
    "metadata": "read",
    "merge_queues": "read",
}
"""Of the token with which sweeps run."""
MAINTAINER = "maintainer"
"""Account that merges if the register names nobody."""


@dataclass(frozen=True, slots=True)
class OwnRepository:
    """A running sandbox with the copy."""

    box: Sandbox
    name: str
    token: str
    key_file: str
    """File with a key for the ledger that lasts as long as the sandbox; empty in modes without one."""
    people: tuple[str, ...]

    @property
    def repository(self) -> SandboxRepository:
        """The copy."""
        return self.box.repo(self.name)

    def url(self, number: int, kind: str = "issues") -> str:
        """Address of the page of an issue, or with the kind `pull` of a pull request."""
        return f"{self.box.url}/{self.name}/{kind}/{number}"


@contextmanager
def copied(root: Path, register: Register, now: datetime, port: int = 0) -> Iterator[OwnRepository]:
    """Starts a sandbox with a copy of the register's folder and of `.github/`; deletes both at the end of the block."""
    name = f"example-lab/{slug(root.resolve().name) or 'framework'}"
    people = accounts_of(register) or (MAINTAINER,)
    with (
        TemporaryDirectory(prefix="reassay-sandbox-", ignore_cleanup_errors=True) as folder,
        Sandbox.start(now=now, port=port) as box,
    ):
        for login in people:
            box.add_user(login)
        box.add_bot("reassay")
        box.add_repo(
            name, private=True, files=files_of_checkout(root, register), collaborators=dict.fromkeys(people, "write")
        )
        key_file = ""
        if register.configuration.records:
            key_file = str(Path(folder) / "ledger-key.pem")
            new_key_file(Path(key_file))
        token = box.token("reassay[bot]", name, permissions=PERMISSIONS)
        yield OwnRepository(box, name, token, key_file, people)


def accounts_of(register: Register) -> tuple[str, ...]:
    """Every account that the register names, those of commitments too; owners first."""
    configuration = register.configuration
    owners = [person for carrier in register.carriers for person in configuration.people(carrier.owner)]
    assessors = [
        person
        for carrier in register.carriers
        for role in carrier.assessor_names
        for person in configuration.people(role)
    ]
    return tuple(dict.fromkeys((*owners, *assessors, *people_of(register))))


def files_of_checkout(root: Path, register: Register) -> dict[str, bytes]:
    """The files of the register's folder and of `.github/` that reassay reads, by path."""
    tree, folder = WorkingTree(root), register.configuration.register_folder.rstrip("/")
    files = (*tree.list(folder), *tree.list(".github"))
    return {file.path: file.data for file in files if file.data is not None}
