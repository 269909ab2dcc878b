"""Errors about changes agreed in advance whose text cannot be read."""

from collections.abc import Iterator

from reassay.register.agreements import read_agreed_change
from reassay.register.finding import Finding, Location, quoted
from reassay.register.register import Register


def agreement_findings(register: Register) -> Iterator[Finding]:
    """Agreements that cannot be read, so that they neither keep a change back nor permit one."""
    for entry in register.deployments.values():
        own = entry.value
        texts: list[tuple[Location, str]] = [
            (("planned", index), plan.change) for index, plan in enumerate(own.planned)
        ]
        texts += [
            (("preauthorised_changes", index), agreed.change) for index, agreed in enumerate(own.preauthorised_changes)
        ]
        for location, text in texts:
            if read_agreed_change(text) is None:
                message = (
                    f"nobody can tell which change {quoted(text)} is, so it keeps nothing back and permits nothing"
                )
                remedy = (
                    "Write 'FIELD: add VALUE' for a list, or 'FIELD: VALUE', for example 'modalities_in: add audio'."
                )
                yield Finding(entry.origin.at(*location, "change"), "unreadable-agreement", message, remedy)
