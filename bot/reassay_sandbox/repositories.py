"""What happens to a repository as a whole: another name, owner or visibility, the archive, its end, and who may do what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reassay_sandbox import shapes
from reassay_sandbox.actions import SandboxActions
from reassay_sandbox.state import Repo, Store, User

JSON = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SandboxRepositories:
    """Changes the store; listeners are told afterwards."""

    store: Store
    actions: SandboxActions

    def rename(self, repo: Repo, new_name: str, actor: User | None) -> None:
        """Another name, or another owner; the old name leads to the new one."""
        old = repo.full_name
        self.store.repos.pop(old.lower())
        owner, repo.name = repo.owner, new_name.partition("/")[2]
        repo.owner = new_name.partition("/")[0]
        self.store.repos[new_name.lower()] = repo
        self.store.renamed = {
            name: new_name.lower() if leads_to == old.lower() else leads_to
            for name, leads_to in {**self.store.renamed, old.lower(): old.lower()}.items()
            if name != new_name.lower()
        }
        # A credential is for a repository, whatever that is called.
        self.store.tokens |= {
            value: replace(token, repository=new_name)
            for value, token in self.store.tokens.items()
            if token.repository.lower() == old.lower()
        }
        if repo.owner != owner:
            self._tell("transferred", repo, actor, {"changes": {"owner": {"from": {"organization": {"login": owner}}}}})
            return
        changes = {"repository": {"name": {"from": old.partition("/")[2]}}}
        self._tell("renamed", repo, actor, {"changes": changes})

    def archive(self, repo: Repo, actor: User | None, *, archived: bool) -> None:
        """Read-only, or no longer."""
        repo.is_archived = archived
        self._tell("archived" if archived else "unarchived", repo, actor)

    def hide(self, repo: Repo, actor: User | None, *, private: bool) -> None:
        """Private, or public."""
        repo.is_private = private
        self._tell("privatized" if private else "publicized", repo, actor)

    def delete(self, repo: Repo, actor: User | None) -> None:
        """For good; whatever led to it leads nowhere."""
        del self.store.repos[repo.full_name.lower()]
        self._tell("deleted", repo, actor)

    def allow(self, repo: Repo, actor: User | None, member: User, right: str | None) -> None:
        """What somebody may do there from now on; None for nothing at all."""
        collaborator = next((name for name in repo.collaborators if name.lower() == member.login.lower()), None)
        if collaborator:
            del repo.collaborators[collaborator]
        if right:
            repo.collaborators[member.login] = right
        if not collaborator and not right:
            return
        action = "removed" if not right else "edited" if collaborator else "added"
        self._tell(action, repo, actor, {"member": shapes.user(member, self.actions.base)}, event="member")

    def _tell(
        self, action: str, repo: Repo, actor: User | None, more: JSON | None = None, event: str = "repository"
    ) -> None:
        payload = {
            "action": action,
            **(more or {}),
            "repository": shapes.repository(repo, self.actions.base),
            "sender": shapes.user(actor, self.actions.base),
        }
        self.actions.events.append((event, payload))
