"""Former ids: a renamed mitigation keeps its history, and an id is never used for anything else again."""

from collections.abc import Iterator

from reassay.register.finding import Finding, quoted
from reassay.register.register import Register


def former_id_findings(register: Register) -> Iterator[Finding]:
    """One history cannot belong to two mitigations, nor to one that is there under both names."""
    claimed: dict[str, str] = {}
    for entry in register.mitigations.values():
        for index, former in enumerate(entry.value.formerly):
            at = entry.origin.at("formerly", index)
            if former in register.mitigations:
                message = f"{quoted(former)} is the id of a mitigation that is there, so it is no former id"
                yield Finding(at, "former-id-in-use", message, "Give that one an id of its own; ids are never reused.")
            elif former in claimed:
                message = f"{quoted(former)} is already a former id of {quoted(claimed[former])}"
                yield Finding(at, "former-id-twice", message, "Its history belongs to one of them: keep it there.")
            claimed.setdefault(former, entry.value.id)
