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
    """Errors of objects that take the place of several, or of one of another kind: one history alone can be theirs."""
    kinds = {name: kind for kind in _ASSESSED for name in before.objects(kind)}
    holders = _holders(before)
    for kind in _ASSESSED:
        for name, entry in after.objects(kind).items():
            present = _newly_claimed(name, entry.value, before, kinds, holders)
            is_other = kinds.get(name, kind) != kind or any(kinds[former] != kind for former in present)
            if is_other or len(present) > 1 or (present and name in kinds):
                claimed = " and ".join(quoted(former) for former in present) or f"the {kinds[name]} of that id"
                message = f"{quoted(name)} claims the history of {claimed}"
                remedy = "Keep as former id the one that it was renamed from, and remove or retire the others in their own right."
                yield Finding(entry.origin.at_key("formerly" if present else "id"), "merged-history", message, remedy)


_ASSESSED = ("mitigation", "commitment")


def _holders(before: Register) -> Mapping[str, str]:
    """Id -> the object of the base whose life it names: each present id its own, each former one that of whoever has it."""
    subjects = [(name, entry.value) for kind in _ASSESSED for name, entry in before.objects(kind).items()]
    former = {old: name for name, value in subjects for old in getattr(value, "formerly", ())}
    return {**former, **{name: name for name, _ in subjects}}


def _newly_claimed(
    name: str, value: RegisterObject, before: Register, kinds: Mapping[str, str], holders: Mapping[str, str]
) -> tuple[str, ...]:
    """Objects of the base whose lives an object claims by its former ids, without those that it claimed there already."""
    own = before.objects(kinds[name]).get(name) if name in kinds else None
    already: set[str] = {name, *getattr(own.value, "formerly", ())} if own else set()
    formerly: tuple[str, ...] = getattr(value, "formerly", ())
    # A new object whose id is a former one of another has taken that name, too.
    names = formerly if name in kinds else (name, *formerly)
    claimed = (holders[former] for former in names if former in holders and former not in already)
    return tuple(dict.fromkeys(claimed))
