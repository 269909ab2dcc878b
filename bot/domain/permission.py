"""What may be done at all: where nothing is posted, and who may ask for a re-assessment."""

from datetime import date

from bot.domain.plan import Ask
from bot.domain.register.assessable import Assessable
from bot.domain.register.base import names
from bot.domain.register.finding import did_you_mean
from bot.domain.register.register import Register
from bot.domain.register.trigger_specs import ManualSpec
from bot.domain.rules import rules_for
from bot.domain.subjects import not_assessed
from bot.domain.triggers.clocks import flat
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


def may_not_ask(ask: Ask, register: Register, today: date) -> str | None:
    """Why this request is refused; None if it is fine. Owner and assessors may ask, and whom a trigger `manual` names."""
    entry = register.subjects.get(ask.subject)
    if entry is None:
        hint = did_you_mean(ask.subject, register.subjects)
        return " ".join(filter(None, [f"no mitigation or commitment is called '{ask.subject}'.", hint]))
    stopped = not_assessed(entry.value, register, today)
    if stopped:
        return f"{ask.subject} is not re-assessed: {stopped}"
    named = _may_call(entry.value, register, today)
    roles = tuple(dict.fromkeys((entry.value.owner, *entry.value.assessor_names, *named)))
    people = tuple(person for role in roles for person in register.configuration.people(role))
    if ask.by.lower() in {person.lower() for person in people}:
        return None
    return f"@{ask.by} may not ask for it: that takes {names(*roles)} ({names(*(f'@{each}' for each in people))})"


def _may_call(subject: Assessable, register: Register, today: date) -> tuple[str, ...]:
    """Roles that a trigger names as those who may ask at any time."""
    specs = flat(rule.spec for rule in rules_for(subject, register, today))
    return tuple(role for each in specs if isinstance(each, ManualSpec) for role in each.roles)
