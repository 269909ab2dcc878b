"""Renames: an id has one life, so a former id leads to exactly one present object, and each object comes from one."""

from collections.abc import Iterator, Mapping

from reassay.register.finding import Finding, quoted
from reassay.register.register import Register, RegisterEntry, RegisterObject

Entries = Mapping[str, RegisterEntry[RegisterObject]]


def renames(before: Entries, after: Entries) -> Mapping[str, str]:
    """Former id -> present id, one to one: of several former ids in the base the first one is renamed."""
    renamed: dict[str, str] = {}
    for name in after:
        first = next((former for former in _claimed(name, before, after) if former not in renamed), None)
        if first is not None:
            renamed[first] = name
    return renamed


def _claimed(name: str, before: Entries, after: Entries) -> tuple[str, ...]:
    """Ids of the base that a new object lists as former ones and that nobody has any more."""
    if name in before:
        return ()
    formerly: tuple[str, ...] = getattr(after[name].value, "formerly", ())
    return tuple(former for former in dict.fromkeys(formerly) if former in before and former not in after)


def merged_id_findings(before: Register, after: Register) -> Iterator[Finding]:
    """Errors of new objects that take the place of several: the history of one alone can be theirs."""
    for kind in ("mitigation", "commitment"):
        old, new = before.objects(kind), after.objects(kind)
        for name, entry in new.items():
            already = set(getattr(old[name].value, "formerly", ())) if name in old else set()
            formerly = dict.fromkeys(getattr(entry.value, "formerly", ()))
            present = [former for former in formerly if former in old and former != name and former not in already]
            if len(present) > 1 or (present and name in old):
                message = f"{quoted(name)} claims the history of {' and '.join(quoted(former) for former in present)}"
                remedy = "Keep as former id the one that it was renamed from, and remove or retire the others in their own right."
                yield Finding(entry.origin.at_key("formerly"), "merged-history", message, remedy)
