"""Findings about roles: they must list accounts, not other roles, so that signers can be read without a chain."""

from collections.abc import Iterator, Mapping

from reassay.register.configuration import Role
from reassay.register.finding import Finding, FindingSeverity, Origin, quoted
from reassay.register.lint.placeholders import placeholder_user
from reassay.register.register import Register


def role_findings(register: Register) -> tuple[Finding, ...]:
    """The findings about declared roles; none if the configuration cannot be read."""
    if register.configuration_is_broken or register.configuration_origin is None:
        return ()
    configuration = register.configuration
    return (*_roles(configuration.roles, register.configuration_origin, configuration.app_id),)


def _teams(name: str, role: Role, origin: Origin, app_id: int | None) -> Iterator[Finding]:
    for index, team in enumerate(role.teams if app_id is None else ()):
        message = f"the role {quoted(name)} names the team {quoted(team)}, and the workflow's token cannot read teams"
        remedy = "List accounts under 'users', or run as your own GitHub App and set 'app_id'."
        yield Finding(origin.at("roles", name, "teams", index), "team-unreadable", message, remedy)


def _roles(roles: Mapping[str, Role], origin: Origin, app_id: int | None) -> Iterator[Finding]:
    declared = {name.casefold(): name for name in reversed(tuple(roles))}
    for name, role in roles.items():
        yield from _teams(name, role, origin, app_id)
        if declared[name.casefold()] != name:
            message = f"the roles {quoted(declared[name.casefold()])} and {quoted(name)} differ only in capitals"
            yield Finding(
                origin.at_key("roles", name), "ids-alike", message, "Rename one of them.", FindingSeverity.WARNING
            )
        for index, user in enumerate(role.users):
            yield from placeholder_user(name, index, user, origin)
            # With its id a name can only be an account.
            meant = declared.get(user.casefold())
            if meant is None:
                continue
            chain = _chain(roles, declared, meant, name)
            message = f"{quoted(user)} is the name of a role, and roles list accounts only"
            code = "ambiguous-role"
            if chain:
                code = "circular-role"
                message = f"the role {quoted(name)} leads back to itself: {' → '.join(chain)}"
            remedy = "List the accounts themselves, or rename the role."
            yield Finding(origin.at("roles", name, "users", index), code, message, remedy)


def _chain(roles: Mapping[str, Role], declared: Mapping[str, str], start: str, goal: str) -> tuple[str, ...]:
    """The roles from `goal` over `start` back to `goal`; empty if there is no cycle."""
    waiting: list[tuple[str, tuple[str, ...]]] = [(start, (goal, start))]
    seen = {start}
    while waiting:
        name, path = waiting.pop(0)
        if name == goal:
            return path
        for user in roles[name].users:
            below = declared.get(user.casefold())
            if below is not None and below not in seen:
                seen.add(below)
                waiting.append((below, (*path, below)))
    return ()
