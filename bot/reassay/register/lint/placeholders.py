"""Errors about what is still to be written: placeholders in place of people, and examples that `reassay init` wrote.

An example is known by its id alone. An id is the one value that everybody has to choose, since it is never reused; and unlike a
comment it is still there after the file was formatted, converted or split.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from reassay.register.configuration import Configuration
from reassay.register.finding import Finding, Location, Origin, quoted
from reassay.register.placeholders import EXAMPLE_IDS, is_placeholder
from reassay.register.register import RegisterEntry, RegisterObject, in_words

EXAMPLE, PLACEHOLDER = "example", "placeholder"
"""Codes of these findings."""
_PEOPLE: Final = frozenset(
    {"approver", "assessor", "assessors", "attestor", "by", "owner", "requester", "role", "roles"}
)
"""Keys whose values name people, wherever they are."""
_LENDING: Final = frozenset({"from", "to"})
"""Keys of a delegation that name people; elsewhere they mean something else."""
_REMEDY: Final = "Write the login of an account, or a role that the configuration declares."


def placeholder_findings(
    kind: str, entry: RegisterEntry[RegisterObject], configuration: Configuration | None
) -> Iterator[Finding]:
    """The errors about one object. Without a configuration, names are not looked at: they may be declared roles."""
    if entry.value.id in EXAMPLE_IDS.get(kind, ()):
        message = f"{quoted(entry.value.id)} is an example, and nothing is opened for it"
        remedy = f"Give it an id of its own and your values, or delete it. `reassay new {kind}` adds a new one."
        yield Finding(entry.origin.at("id"), EXAMPLE, message, remedy)
    if configuration is None:
        return
    roles = {role.casefold() for role in configuration.roles}
    keys = _PEOPLE | _LENDING if kind == "delegation" else _PEOPLE
    for location, name in _names(entry.written, keys):
        # A question or a step may name the role of whoever owns its mitigation.
        is_the_owner = name == "owner" and location[-1] == "role"
        if is_placeholder(name) and name.casefold() not in roles and not is_the_owner:
            message = f"{quoted(name)} is a placeholder, so nobody is named in this {in_words(kind)}"
            yield Finding(entry.origin.at(*location), PLACEHOLDER, message, _REMEDY)


def placeholder_user(name: str, index: int, user: str, origin: Origin) -> Iterator[Finding]:
    """The error about one account of a declared role."""
    if is_placeholder(user.partition("#")[0]):
        message = f"{quoted(user)} is a placeholder, so the role {quoted(name)} names nobody"
        yield Finding(origin.at("roles", name, "users", index), PLACEHOLDER, message, "Write the login of an account.")


def _names(document: Mapping[str, object], keys: frozenset[str], at: Location = ()) -> Iterator[tuple[Location, str]]:
    for key, value in document.items():
        place = (*at, key)
        if isinstance(value, dict):
            yield from _names(value, keys, place)
        elif isinstance(value, list):
            yield from _listed(value, keys, place, is_named=key in keys)
        elif isinstance(value, str) and key in keys:
            yield place, value


def _listed(
    values: list[object], keys: frozenset[str], at: Location, *, is_named: bool
) -> Iterator[tuple[Location, str]]:
    for index, value in enumerate(values):
        if isinstance(value, dict):
            yield from _names(value, keys, (*at, index))
        elif isinstance(value, str) and is_named:
            yield (*at, index), value
