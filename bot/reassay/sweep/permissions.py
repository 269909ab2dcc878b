"""Permissions of a run: repositories where nothing is posted, and people who may request a re-assessment."""

from reassay.assessment.authority import may_not_call
from reassay.assessment.cells import AssessmentInput
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
        return "the repository is archived and read-only; unarchive it to continue"
    if not register.has_rules:
        return (
            "its configuration cannot be read, and no earlier one is known, so nothing is recorded, opened or answered until it"
            " is fixed; `reassay check` lists the errors"
        )
    if not repository.is_private and not register.configuration.publish:
        return (
            "the repository is public and `publish: true` is not set, so nothing is posted. Review the list below, then set it"
            " in .github/reassay.yml (or at the top of the register file)"
        )
    return another_writer(register.configuration, acting)


def refuse_renamed(context: RunContext, repository: Repository) -> None:
    """Raises RenamedError: a name may lead to another repository than the one that is meant."""
    name = repository.full_name
    if name.lower() != context.repository.lower():
        raise RenamedError(f"the repository is now called {name}.", name, remedy=f"Use --repo {name}.")
    if context.repository_id is not None and repository.id != context.repository_id:
        raise RenamedError(f"{name} is another repository now.", name)


def may_not_ask(ask: Ask, assessment_input: AssessmentInput) -> str | None:
    """Why a request is refused; None if it is allowed: for owner, assessors and roles that a trigger `manual` names."""
    by = Account(ask.by, ask.account_id) if ask.account_id else assessment_input.people.account(ask.by)
    refused = may_not_call(ask.subject, by, assessment_input)
    return f"@{ask.by}: {refused[0]}. {refused[1]}" if refused else None
