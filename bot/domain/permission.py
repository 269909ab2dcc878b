"""What may be done at all: where nothing is posted, and who may ask for a re-assessment."""

from bot.domain.plan import Ask
from bot.domain.register.base import Status, names
from bot.domain.register.finding import did_you_mean
from bot.domain.register.register import Register
from bot.domain.world import Repository


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


def may_not_ask(ask: Ask, register: Register) -> str | None:
    """Why this request is refused; None if it is fine. The owner and the assessors of a mitigation may ask."""
    entry = register.mitigations.get(ask.mitigation)
    if entry is None:
        hint = did_you_mean(ask.mitigation, register.mitigations)
        return " ".join(filter(None, [f"no mitigation is called '{ask.mitigation}'.", hint]))
    if entry.value.status is not Status.ACTIVE:
        return f"{ask.mitigation} is {entry.value.status}; only active mitigations are re-assessed"
    roles = tuple(dict.fromkeys((entry.value.owner, *entry.value.assessor_names)))
    people = tuple(person for role in roles for person in register.configuration.people(role))
    if ask.by.lower() in {person.lower() for person in people}:
        return None
    return f"@{ask.by} may not ask for it: that takes {names(*roles)} ({names(*(f'@{each}' for each in people))})"
