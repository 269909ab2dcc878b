"""What takes two people: one asks, another one confirms; nothing is recorded in between, and it expires."""

from reassay.assessment.authority import approvers
from reassay.commands.asking import Asking, Outcome, Refusal, Waits, not_yours, unreadable
from reassay.people.people import Seat, is_same


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


def agreed(outcome: Outcome, first: Asking, second: Asking, what: str) -> Seat | Refusal:
    """The seat of an approver who agrees to what still stands; `outcome` is the first person's command, judged again now."""
    if isinstance(outcome, Refusal):
        return outcome
    subject = first.subject
    return second_seat(first, second, approvers(subject), what) if subject else unreadable(first.reassessment)


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
