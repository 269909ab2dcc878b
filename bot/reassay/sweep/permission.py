"""What may be done at all: where nothing is posted, and who may ask for a re-assessment."""

from reassay.assessment.authority import may_not_call
from reassay.assessment.cells import Situation
from reassay.assessment.schedule.plan import Ask
from reassay.github.repository_state import Account, Repository
from reassay.register.register import Register


def nothing_is_posted(register: Register, repository: Repository) -> str | None:
    """Why this repository gets no issues, comments or ledger entries; None if it does."""
    if repository.is_archived:
        return "the repository is archived, so GitHub accepts nothing; unarchive it to go on"
    if register.configuration_is_broken:
        return "its configuration cannot be read, so nobody knows what may be posted; `reassay check` says where"
    if not repository.is_private and not register.configuration.publish:
        return (
            "the repository is public and `publish: true` is not set; this is what would be posted."
            " Set it in .github/reassay.yml (or at the head of the register file) once you are content with it"
        )
    return None


def may_not_ask(ask: Ask, situation: Situation) -> str | None:
    """Why this request is refused; None if it is fine. Owner and assessors may ask, and whom a trigger `manual` names."""
    by = Account(ask.by, ask.account_id) if ask.account_id else situation.people.account(ask.by)
    refused = may_not_call(ask.subject, by, situation)
    return f"@{ask.by}: {refused[0]}. {refused[1]}" if refused else None
