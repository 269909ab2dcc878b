"""Protection of the default branch, from which register and policy are read."""

from collections.abc import Iterator

from reassay.common.sentences import count_words
from reassay.doctor.checks.base import IMPORT, Check, DoctorInput, unknown
from reassay.github.pull_queries import CHECK_PREFIX
from reassay.github.repository_settings import Branch, RequiredCheck


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
            f"{IMPORT} for {name}.",
        )
    if branch.needs_pull_request and not branch.strict:
        yield _weak_or_unknown(
            branch,
            "default-strict",
            f"Pull requests to {name} do not have to be up to date.",
            "Two changes that are valid alone can break a rule together.",
            f"{IMPORT} for {name}, or use a merge queue.",
        )
    if branch.bypassers:
        yield Check(
            "default-bypass",
            "weak",
            f"{count_words(branch.bypassers, 'actor')} can bypass the rules of {name}.",
            "They can merge while the check of the gate fails; from mode `record` on that is recorded as a bypass.",
            "Remove them from the ruleset's bypass list.",
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
        f"{IMPORT} for {name}.",
    )


def _weak_or_unknown(branch: Branch, name: str, what: str, means: str, mend: str) -> Check:
    if branch.classic_seen:
        return Check(name, "weak", what, means, mend)
    sentence = f"{what.removesuffix('.')} in a ruleset, and classic protection cannot be read."
    return unknown(name, sentence, "administration: read")


def _gate(name: str, branch: Branch, inputs: DoctorInput) -> Iterator[Check]:
    """The one check that is published for this branch, and every required one that looks like it."""
    published = f"{CHECK_PREFIX}{name}"
    ours = [check for check in branch.checks if check.name == published]
    # GitHub compares names letter by letter; people write them from memory.
    alike = {check.name: None for check in branch.checks if check.name.strip().casefold().startswith(CHECK_PREFIX)}
    others = [other for other in alike if other != published]
    configuration = inputs.assessment_input.register.configuration
    if not ours and (others or configuration.mode == "enforce"):
        yield _weak_or_unknown(
            branch,
            "required-check",
            f"The check of the merge gate, {published}, is not required for {name}.",
            "A pull request can be merged while its check fails.",
            f"{IMPORT} for {name}, which requires `{published}` of the App that `app_id` names.",
        )
    for other in others:
        yield _never_published(other, published, name)
    if ours:
        yield _bound(ours, name, configuration.app_id)


def _never_published(other: str, published: str, name: str) -> Check:
    alike = other.strip().casefold() == published.casefold()
    how = f"; it differs from {published} only in how it is written" if alike else ""
    return Check(
        "required-check-name",
        "weak",
        f"The required check {other} of {name} does not exist here: the check for {name} is {published}{how}.",
        "Pull requests wait for it forever, or anybody who reports a check of that name lets them in.",
        f"Replace it by `{published}` in the rule that requires it.",
    )


def _bound(checks: list[RequiredCheck], name: str, app: int | None) -> Check:
    """Every rule counts that requires the check: one bound to the App here is enough, one bound to another never passes."""
    published = checks[0].name
    foreign = sorted({check.app_id for check in checks if check.app_id is not None and check.app_id != app})
    if app is not None and foreign:
        return Check(
            "required-check",
            "weak",
            f"The required check {published} of {name} is bound to App {foreign[0]}; the App that acts here is {app}.",
            "Pull requests wait forever for a check of that App, or that App decides instead of this one.",
            "Choose the App that acts here as the expected source of the check, or correct `app_id`.",
        )
    if app is None or all(check.app_id is None for check in checks):
        return Check(
            "required-check",
            "weak",
            f"The required check {published} of {name} is not bound to the App that acts here.",
            "A check of the same name by any other workflow or App satisfies it.",
            "Choose the App as the expected source of the check, and set `app_id`.",
        )
    return Check("required-check", "ok", f"The required check {published} is bound to App {app}.")
