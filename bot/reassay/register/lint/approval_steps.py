"""Approval steps that the people of their roles cannot complete. A person counts once; excluded people do not count."""

from collections.abc import Iterator, Sequence

from reassay.register.approval import ApprovalStep
from reassay.register.assessable import Assessable
from reassay.register.configuration import Configuration


def unsatisfiable_steps(
    steps: Sequence[ApprovalStep], subject: Assessable, configuration: Configuration
) -> Iterator[tuple[int, str]]:
    """Index and reason of each step that has too few people; if none has, the first that has too few beside the others."""
    able = [_able(step, subject, configuration) for step in steps]
    any_short = False
    for index, (step, people) in enumerate(zip(steps, able, strict=True)):
        # The author of a change is not known yet and may be any one of them.
        author = 1 if "author" in step.excludes or "pusher" in step.excludes else 0
        left = len(people) - min(author, len(people))
        if left < step.min:
            any_short = True
            without = " without the author" if author and len(people) >= step.min else ""
            remain = f"{left} remain{'s' if left == 1 else ''}"
            yield index, f"step {index + 1} needs {step.min} of {step.role};{without} {remain}".replace(";  ", "; ")
    if not any_short and (blocked := _blocked(steps, able)) is not None:
        yield blocked, f"step {blocked + 1} needs {steps[blocked].min} of {steps[blocked].role} who took no other step"


def _able(step: ApprovalStep, subject: Assessable, configuration: Configuration) -> frozenset[str]:
    people = _people((step.role,), configuration)
    if "owner" in step.excludes:
        people -= _people((subject.owner,), configuration)
    if "assessor" in step.excludes:
        people -= _people(subject.assessor_names or (subject.owner,), configuration)
    return people


def _people(roles: Sequence[str], configuration: Configuration) -> frozenset[str]:
    return frozenset(person.casefold() for role in roles for person in configuration.people(role))


def _blocked(steps: Sequence[ApprovalStep], able: Sequence[frozenset[str]]) -> int | None:
    """The first step for which no people are left, however the others are assigned (augmenting paths)."""
    taken: dict[str, int] = {}
    for index, step in enumerate(steps):
        for _ in range(min(step.min, len(able[index]) + 1)):
            if not _assign(index, able, taken, set()):
                return index
    return None


def _assign(index: int, able: Sequence[frozenset[str]], taken: dict[str, int], tried: set[str]) -> bool:
    for person in sorted(able[index] - tried):
        tried.add(person)
        if taken.get(person) == index:
            continue
        if person not in taken or _assign(taken[person], able, taken, tried):
            taken[person] = index
            return True
    return False
