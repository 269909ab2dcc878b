"""The configuration in force: the register's own, or an earlier one while the own one cannot be read or is gone."""

from dataclasses import replace

from reassay.register.finding import Finding, Position, tidy
from reassay.register.prior_configuration import PriorConfiguration
from reassay.register.register import Register

REMOVED = "configuration-removed"
"""Code of the finding of a configuration that is gone although the ledger was written under one."""
LOST = "configuration-lost"
"""Code of the finding of settings that are gone, beside a file that cannot be read."""


def is_settled(register: Register) -> bool:
    """Whether a configuration is stated, can be read, leads to a register, and nothing unreadable may belong to it."""
    stated = bool(register.configuration.model_fields_set) and not register.is_missing
    return stated and not register.configuration_is_broken and not register.configuration_is_doubtful


def with_prior(register: Register, prior: PriorConfiguration | None) -> Register:
    """The register, with `prior` in force and an error that says why, if its own configuration cannot be read or is gone."""
    if prior is None or register.prior is not None:
        return register
    problem = _problem(register, prior)
    if problem is None:
        return register
    added = () if problem in register.findings else (problem,)
    return replace(
        register,
        configuration=prior.configuration,
        configuration_is_broken=True,
        configuration_problem=problem,
        prior=prior,
        findings=tidy((*register.findings, *added)),
    )


def _problem(register: Register, prior: PriorConfiguration) -> Finding | None:
    """Why the configuration of a register is not used; None if it is."""
    if register.configuration_is_broken:
        return register.configuration_problem
    stated = register.configuration.model_fields_set
    lost = prior.configuration.model_fields_set - stated
    if lost and register.configuration_is_doubtful:
        unread = [finding for finding in register.errors if finding.at.path == prior.path] or register.errors
        first = unread[0]
        keys = ", ".join(sorted("register" if key == "register_folder" else key for key in lost))
        message = f"the settings {keys} are gone, and this file cannot be read: {first.message}"
        return Finding(first.at, LOST, message, first.remedy)
    if not stated and lost:
        message = f"the configuration is gone, and the ledger was written under the one of {prior.commit[:7]}"
        remedy = f"Restore it (`git checkout {prior.commit[:7]} -- {prior.path}`), or write at least `mode: remind`."
        return Finding(Position(prior.path), REMOVED, message, remedy)
    return None
