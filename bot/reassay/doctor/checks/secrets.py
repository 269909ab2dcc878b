"""Storage of the ledger's key. A secret that workflows of every branch can read is readable with write access."""

import re
from collections.abc import Iterator

from reassay.doctor.checks.base import Check, DoctorInput, unknown
from reassay.github.repository_settings import PROTECTED, Environment

KEY = "REASSAY_LEDGER_KEY"


def examine(inputs: DoctorInput) -> Iterator[Check]:
    """Checks repository secrets and environments, if the ledger has or needs a key."""
    if not inputs.assessment_input.register.configuration.records and not inputs.assessment_input.history.signed:
        return
    yield _secrets(inputs)
    yield from _environments(inputs)


def _secrets(inputs: DoctorInput) -> Check:
    names = inputs.repository_secrets
    if names is None:
        return unknown("key-secret", "Names of repository secrets cannot be read.", "secrets: read")
    exposed = [name for name in names if "REASSAY" in name.upper()]
    if exposed:
        return Check(
            "key-secret",
            "weak",
            f"{', '.join(exposed)} {'is a repository secret' if len(exposed) == 1 else 'are repository secrets'}.",
            "A workflow on any branch can read it, so anybody who can push a branch can sign entries.",
            "Move it to an environment that is limited to the default branch, and create a new key.",
        )
    return Check("key-secret", "ok", "No repository secret is named like a key of this bot.")


def _environments(inputs: DoctorInput) -> Iterator[Check]:
    if inputs.environments is None:
        yield unknown("key-environment", "Environments cannot be read.", "actions: read")
        return
    used = [
        environment
        for environment in inputs.environments
        if any(_uses(text, environment) for text in inputs.files.values())
    ]
    if not used:
        yield Check(
            "key-environment",
            "weak",
            "The workflow of this bot uses no environment.",
            "Its key is then a secret that workflows of every branch can read, or is missing.",
            "Create an environment limited to the default branch, store the key there, and name it in the workflow's job.",
        )
    for environment in used:
        yield _bound(environment, inputs.repository.default_branch)


def _uses(text: str, environment: Environment) -> bool:
    """Whether a workflow of this bot names an environment, in either of the two notations."""
    name = re.escape(environment.name)
    written = rf"^\s*environment:[^\S\n]*(?:\n\s*name:[^\S\n]*)?[\"']?{name}[\"']?[^\S\n]*(?:#.*)?$"
    return "reassay" in text and re.search(written, text, re.MULTILINE) is not None


def _bound(environment: Environment, default: str) -> Check:
    if environment.branches == (default,):
        return Check("key-environment", "ok", f"The environment {environment.name} is for {default} only.")
    allowed = "every branch" if environment.branches is None else ", ".join(environment.branches) or "no branch"
    if environment.branches == (PROTECTED,):
        allowed = "every protected branch"
    return Check(
        "key-environment",
        "weak",
        f"The environment {environment.name} can be used from {allowed}.",
        "A workflow on such a branch can read the key.",
        f"Limit its deployment branches to {default}.",
    )
