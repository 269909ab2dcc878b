"""Words about a configuration that cannot be read: why, and which one is in force instead."""

from reassay.register.register import Register


def unreadable_words(register: Register, branch: str) -> str:
    """What is wrong with the configuration of the default branch, and what judges instead; empty if it can be read."""
    if not register.configuration_is_broken:
        return ""
    problem, prior = register.configuration_problem, register.prior
    why = f"{problem.at.path}:{problem.at.line}: {problem.message}" if problem else "it has errors"
    if prior is None:
        return f"The configuration of {branch} cannot be read, and no earlier one is known: {why}."
    return (
        f"The configuration of {branch} cannot be read since commit {prior.since[:7]}: {why}."
        f" The one of commit {prior.commit[:7]} is in force until that is fixed."
    )


def judged_by(register: Register, branch: str) -> str:
    """The notice for a pull request; empty unless an earlier configuration judges it."""
    if register.prior is None:
        return ""
    return f"{unreadable_words(register, branch)} This pull request is judged by that one, also if it is the fix."
