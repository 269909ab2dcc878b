"""Commands that take two people: one asks, another confirms; nothing is recorded in between, and a request expires."""

from collections.abc import Callable
from datetime import date

from reassay.approvals.command_context import CommandContext, Outcome, Refusal, Waits, closed, not_yours, unreadable
from reassay.assessment.authority import approvers
from reassay.people.people import Seat, is_same
from reassay.register.assessable import Assessable
from reassay.register.register import Register


def ask_second(
    what: str,
    context: CommandContext,
    roles_of: Callable[[Assessable, Register, date], tuple[str, ...]],
    unmet: Callable[[], Refusal | None] = lambda: None,
) -> Outcome:
    """A request by a person in one of the roles, about an open re-assessment, which an approver may confirm.

    `unmet` refuses what cannot be requested now, so that nobody confirms it in vain. `what` completes "can ...".
    """
    subject = context.subject
    if subject is None:
        return unreadable(context.reassessment)
    roles = roles_of(subject, *context.facts)
    if context.seat(*roles) is None:
        return not_yours(what, roles, context.people(*roles))
    return closed(context.reassessment) or unmet() or waits_for(context, approvers(subject, *context.facts))


def waits_for(context: CommandContext, roles: tuple[str, ...]) -> Waits | Refusal:
    """The other people in these roles, who may confirm. Refused if there are none."""
    directory = context.assessment_input.people
    others = tuple(
        login
        for login in context.people(*roles)
        if not is_same(context.by, directory.account(login), directory) and "/" not in login
    )
    if others:
        return Waits(others)
    return Refusal(
        "this takes a second person, and nobody else can confirm it",
        f"Name another person for {' or '.join(roles)} in the register first.",
    )


def agreed(
    outcome: Outcome, first: CommandContext, second: CommandContext, what: str, roles: tuple[str, ...] = ()
) -> Seat | Refusal:
    """The seat of the person who confirms; `outcome` is the first person's command, judged again now.

    Without `roles` an approver of the re-assessment's subject confirms.
    """
    if isinstance(outcome, Refusal):
        return outcome
    subject = first.subject
    if not roles and subject is None:
        return unreadable(first.reassessment)
    return second_seat(first, second, roles or (approvers(subject, *first.facts) if subject else ()), what)


def second_seat(first: CommandContext, second: CommandContext, roles: tuple[str, ...], what: str) -> Seat | Refusal:
    """The seat of the second person, who is not the first person and does not act for them."""
    if second.by.id is None or second.by.id == first.by.id:
        return Refusal("this takes a second person", "Ask another person to confirm it.")
    seat = second.seat(*roles)
    if seat is None:
        others = waits_for(first, roles)
        people = others.people if isinstance(others, Waits) else second.people(*roles)
        return not_yours(f"confirm {what}", roles, people)
    lender = first.seat(*roles)
    if seat.for_account is not None and seat.for_account.id == first.by.id:
        return Refusal("you hold the role for the person who asked", "Ask another person to confirm it.")
    if lender is not None and lender.for_account is not None and lender.for_account.id == second.by.id:
        return Refusal("the person who asked holds the role for you", "Ask another person to confirm it.")
    return seat
