"""Protection of the default branch, from which register and policy are read."""

from collections.abc import Iterator

from reassay.doctor.checks.base import Check, DoctorInput, unknown
from reassay.github.repository_settings import Branch


def examine(inputs: DoctorInput) -> Iterator[Check]:
    """Checks pull requests, force-pushes, up-to-date branches and the required check."""
    name, branch = inputs.repository.default_branch, inputs.default
    if branch is None:
        yield unknown("default-branch", f"The rules of {name} could not be read.", "metadata: read")
        return
    yield _pull_requests(name, branch)
    if not branch.no_force_push:
        yield _weak_or_unknown(
            branch,
            "default-force-push",
            f"Nothing blocks force-pushes to {name}.",
            "History of register and policy can be rewritten.",
            "Block force pushes in a ruleset.",
        )
    if branch.needs_pull_request and not branch.strict:
        yield _weak_or_unknown(
            branch,
            "default-strict",
            f"Pull requests to {name} do not have to be up to date.",
            "Two changes that are valid alone can break a rule together.",
            "Require branches to be up to date, or use a merge queue.",
        )
    yield from _gate(name, branch, inputs)


def _pull_requests(name: str, branch: Branch) -> Check:
    if branch.needs_pull_request:
        return Check("default-branch", "ok", f"Changes reach {name} by pull request only.")
    return _weak_or_unknown(
        branch,
        "default-branch",
        f"{name} can be changed without a pull request.",
        "Anybody with write access can change mitigations, roles and policy; from mode `record` on that is recorded as a bypass.",
        "Require a pull request in a ruleset, with an approving review.",
    )


def _weak_or_unknown(branch: Branch, name: str, what: str, means: str, mend: str) -> Check:
    if branch.classic_seen:
        return Check(name, "weak", what, means, mend)
    sentence = f"{what.removesuffix('.')} in a ruleset, and classic protection cannot be read."
    return unknown(name, sentence, "administration: read")


def _gate(name: str, branch: Branch, inputs: DoctorInput) -> Iterator[Check]:
    ours = [check for check in branch.checks if check.name.startswith("reassay/")]
    configuration = inputs.assessment_input.register.configuration
    app = configuration.app_id
    if not ours and configuration.mode == "enforce":
        yield _weak_or_unknown(
            branch,
            "required-check",
            f"The check of the merge gate is not required for {name}.",
            "A pull request can be merged while its check fails.",
            f"Require the check `reassay/{name}` in a ruleset, with the App that acts here as its expected source.",
        )
    for check in ours:
        if check.app_id is None or check.app_id != app:
            yield Check(
                "required-check",
                "weak",
                f"The required check {check.name} of {name} is not bound to the App that acts here.",
                "A check of the same name by any other workflow or App satisfies it.",
                "Choose the App as the expected source of the check, and set `app_id`.",
            )
        else:
            yield Check("required-check", "ok", f"The required check {check.name} is bound to App {check.app_id}.")
