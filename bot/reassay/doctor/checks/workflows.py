"""Workflow files and CODEOWNERS on the default branch: what runs with the bot's rights, and who reviews changes of it."""

import re
from collections.abc import Iterator, Mapping

from reassay.doctor.checks.base import Check, DoctorInput, unknown

ORDER = 60
FOLDER = ".github/workflows/"
CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
_USES = re.compile(r"^\s*-?\s*uses:\s*\S*reassay", re.MULTILINE)
_HEAD = re.compile(r"ref:\s*\$\{\{\s*github\.(?:event\.pull_request\.head|head_ref)")


def examine(inputs: DoctorInput) -> Iterator[Check]:
    """The bot's workflow, the others beside it, reviews, and what workflows may do by default."""
    workflows = {path: text for path, text in inputs.files.items() if path.startswith(FOLDER)}
    yield from _ours(workflows, inputs)
    yield from _untrusted_head(workflows)
    yield from _owners(inputs)
    yield from _rights(inputs)


def _ours(workflows: Mapping[str, str], inputs: DoctorInput) -> Iterator[Check]:
    ours = {path: text for path, text in workflows.items() if _USES.search(text)}
    if not ours:
        what = "No workflow on the default branch uses this Action."
        yield Check(
            "workflow", "weak", what, "Nothing runs by itself.", "`reassay init` writes one; commit and push it."
        )
        return
    yield Check("workflow", "ok", f"It runs by {', '.join(ours)}.")
    for path, text in ours.items():
        if re.search(r"^\s*cancel-in-progress:\s*true", text, re.MULTILINE):
            what = f"{path} cancels a run in progress."
            yield Check(
                "cancelled-runs", "weak", what, "A run that writes is cut off in the middle.", "Set it to false."
            )
        if re.search(r"^\s{2}(\"|')?reassay/", text, re.MULTILINE):
            what = f"{path} has a job with the name of the check."
            means = "A job that is skipped reports success under that name."
            yield Check("job-name", "weak", what, means, "Call the job something else.")
        if not inputs.repository.is_private and "schedule:" in text:
            what = f"{path} runs on a schedule, in a public repository."
            means = "GitHub stops schedules after 60 days without activity; what is due then is seen late."
            yield Check(
                "schedule-stops",
                "weak",
                what,
                means,
                "Look at the last sweep now and then, or start it from elsewhere.",
            )


def _untrusted_head(workflows: Mapping[str, str]) -> Iterator[Check]:
    for path, text in workflows.items():
        if "pull_request_target" in text and _HEAD.search(text):
            what = f"{path} runs on pull_request_target and checks out the pull request's head."
            means = "Anybody who opens a pull request runs code with this repository's token and secrets."
            yield Check(
                "untrusted-head", "weak", what, means, "Check out the base, or use pull_request without secrets."
            )


def _owners(inputs: DoctorInput) -> Iterator[Check]:
    text = next((inputs.files[path] for path in CODEOWNERS if path in inputs.files), None)
    wanted = (inputs.situation.register.configuration.register_folder, ".github/reassay.yml", FOLDER)
    if text is None:
        missing = list(wanted)
    else:
        patterns = [line.split()[0] for line in text.splitlines() if line.split() and not line.lstrip().startswith("#")]
        missing = [path for path in wanted if not any(_covers(pattern, path) for pattern in patterns)]
    if missing:
        what = f"CODEOWNERS {'is not there' if text is None else 'does not name'}: {', '.join(missing)}."
        means = "Anybody who may approve a pull request may approve changes of mitigations, roles and workflows."
        yield Check("code-owners", "weak", what, means, "Name an owner for each, and require review from code owners.")
    else:
        yield Check("code-owners", "ok", "CODEOWNERS covers register, configuration and workflows.")


def _covers(pattern: str, path: str) -> bool:
    plain = pattern.strip("/").removesuffix("**").removesuffix("*").rstrip("/")
    return path.rstrip("/").startswith(plain)


def _rights(inputs: DoctorInput) -> Iterator[Check]:
    if inputs.default_rights is None or inputs.may_approve is None:
        yield unknown("workflow-rights", "What workflows may do by default may not be seen.", "administration: read")
        return
    if inputs.default_rights == "write":
        what = "A workflow that does not say what it needs gets a token that may write."
        means = "Any workflow, and any action it uses, can write to branches and issues."
        yield Check(
            "workflow-rights", "weak", what, means, "Settings, Actions, General: read repository contents only."
        )
    else:
        yield Check("workflow-rights", "ok", "Workflows get a reading token unless they say otherwise.")
    if inputs.may_approve:
        what = "Workflows may create and approve pull requests."
        means = "A workflow could approve a change that a person should; the first contact needs the creating part."
        mend = "After the first contact, take it away again, or require review from code owners."
        yield Check("workflow-approves", "weak", what, means, mend)
