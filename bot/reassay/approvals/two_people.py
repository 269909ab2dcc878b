"""What takes two people: one asks, another one confirms; nothing is recorded in between, and it expires."""

from collections.abc import Callable

from reassay.approvals.asking import Asking, Outcome, Refusal, Waits, closed, not_yours, unreadable
from reassay.assessment.authority import approvers
from reassay.people.people import Seat, is_same
from reassay.register.assessable import Assessable


def ask_second(
    what: str,
    asking: Asking,
    roles_of: Callable[[Assessable], tuple[str, ...]],
    unmet: Callable[[], Refusal | None] = lambda: None,
) -> Outcome:
    """Somebody in one of the roles asks about an open re-assessment, and an approver may confirm.

    `unmet` says why this cannot be asked for now. All of it is checked at once, so that nobody confirms what cannot be.
    """
    subject = asking.subject
    if subject is None:
        return unreadable(asking.reassessment)
    roles = roles_of(subject)
    if asking.seat(*roles) is None:
        return not_yours(what, roles, asking.people(*roles))
    return closed(asking.reassessment) or unmet() or waits_for(asking, approvers(subject))


def waits_for(asking: Asking, roles: tuple[str, ...]) -> Waits | Refusal:
    """Who may confirm: somebody else in one of these roles. Refused if there is nobody, so that nobody waits for ever."""
    directory = asking.situation.people
    others = tuple(
        login
        for login in asking.people(*roles)
        if not is_same(asking.by, directory.account(login), directory) and "/" not in login
    )
    if others:
        return Waits(others)
    return Refusal(
        "this takes a second person, and nobody else may confirm it",
        f"It would be for {' or '.join(roles)}: name somebody in the register first.",
    )


def agreed(outcome: Outcome, first: Asking, second: Asking, what: str, roles: tuple[str, ...] = ()) -> Seat | Refusal:
    """The seat of the person who agrees to what still stands; `outcome` is the first person's command, judged again now.

    Without `roles` an approver of what the issue is about agrees.
    """
    if isinstance(outcome, Refusal):
        return outcome
    subject = first.subject
    if not roles and subject is None:
        return unreadable(first.reassessment)
    return second_seat(first, second, roles or (approvers(subject) if subject else ()), what)


def second_seat(first: Asking, second: Asking, roles: tuple[str, ...], what: str) -> Seat | Refusal:
    """The seat of the second person, who is not the first one, nor acts in the first one's name."""
    if second.by.id is None or second.by.id == first.by.id:
        return Refusal("it takes a second person", "Somebody else has to confirm it.")
    seat = second.seat(*roles)
    if seat is None:
        others = waits_for(first, roles)
        people = others.people if isinstance(others, Waits) else second.people(*roles)
        return not_yours(f"confirming {what}", roles, people)
    lender = first.seat(*roles)
    if seat.for_account is not None and seat.for_account.id == first.by.id:
        return Refusal("you would confirm in the name of the person who asked", "Somebody else has to confirm it.")
    if lender is not None and lender.for_account is not None and lender.for_account.id == second.by.id:
        return Refusal("the person who asked acts in your name", "Somebody else has to confirm it.")
    return seat
