"""Permissions of a run: where nothing is posted, and who may ask for a re-assessment."""

from reassay.assessment.authority import may_not_call
from reassay.assessment.cells import Situation
from reassay.assessment.schedule.plan import Ask
from reassay.common.errors import RenamedError
from reassay.github.repository_state import Repository
from reassay.people.account import Account
from reassay.people.writers import SOMEBODY, RunOrigin, another_writer
from reassay.register.register import Register
from reassay.sweep.run_context import RunContext


def nothing_is_posted(register: Register, repository: Repository, acting: RunOrigin = SOMEBODY) -> str | None:
    """Why this run posts no issues, comments or ledger entries in a repository; None if it does."""
    if repository.is_archived:
        return "the repository is archived, so GitHub accepts nothing; unarchive it to go on"
    if register.configuration_is_broken:
        return "its configuration cannot be read, so nobody knows what may be posted; `reassay check` says where"
    if not repository.is_private and not register.configuration.publish:
        return (
            "the repository is public and `publish: true` is not set; this is what would be posted."
            " Set it in .github/reassay.yml (or at the head of the register file) once you are content with it"
        )
    return another_writer(register.configuration, acting)


def refuse_renamed(context: RunContext, repository: Repository) -> None:
    """Raises RenamedError: a name may lead to another repository than the one that is meant."""
    name = repository.full_name
    if name.lower() != context.repository.lower():
        raise RenamedError(f"the repository is called {name} now.", name, remedy=f"Use --repo {name}.")
    if context.repository_id is not None and repository.id != context.repository_id:
        raise RenamedError(f"{name} is another repository now.", name)


def may_not_ask(ask: Ask, situation: Situation) -> str | None:
    """Why this request is refused; None if it is fine. Owner and assessors may ask, and whom a trigger `manual` names."""
    by = Account(ask.by, ask.account_id) if ask.account_id else situation.people.account(ask.by)
    refused = may_not_call(ask.subject, by, situation)
    return f"@{ask.by}: {refused[0]}. {refused[1]}" if refused else None
