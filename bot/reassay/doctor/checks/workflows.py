"""Workflow files and CODEOWNERS on the default branch, and permissions of workflows."""

import re
from collections.abc import Iterator, Mapping

from reassay.common.calendar import day_words
from reassay.doctor.checks.base import Check, DoctorInput, unknown
from reassay.people.trust_level import is_own_app
from reassay.sweep.schedule_health import FOLDER, USES, schedule_problems

CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
_HEAD = re.compile(r"ref:\s*\$\{\{\s*github\.(?:event\.pull_request\.head|head_ref)")


def examine(inputs: DoctorInput) -> Iterator[Check]:
    """Checks the bot's workflow, other workflows, code owners, and default permissions."""
    workflows = {path: text for path, text in inputs.files.items() if path.startswith(FOLDER)}
    yield from _ours(workflows, inputs)
    yield from _schedules(inputs)
    yield from _untrusted_head(workflows)
    yield from _owners(inputs)
    yield from _rights(inputs)


def _ours(workflows: Mapping[str, str], inputs: DoctorInput) -> Iterator[Check]:
    ours = {path: text for path, text in workflows.items() if USES.search(text)}
    if not ours and inputs.assessment_input.register.configuration.writer == "app":
        yield Check("workflow", "ok", "The hosted App writes here (`writer: app`), so no workflow is needed.")
        return
    if not ours and is_own_app(inputs.ledger_writer):
        yield Check(
            "workflow",
            "unknown",
            f"No workflow on the default branch uses this Action; the GitHub App {inputs.ledger_writer} wrote the ledger last.",
            "A hosted App needs no workflow. Whether its server still runs cannot be seen from here.",
            "If the hosted App writes, set `writer: app`. Do not add a workflow beside it: that would be a second writer.",
        )
        return
    if not ours:
        what = "No workflow on the default branch uses this Action."
        yield Check(
            "workflow",
            "weak",
            what,
            "Nothing runs automatically.",
            "Run `reassay init`, then commit and push the workflow.",
        )
        return
    yield Check("workflow", "ok", f"It runs through {', '.join(ours)}.")
    for path, text in ours.items():
        if re.search(r"^\s*cancel-in-progress:\s*true", text, re.MULTILINE):
            what = f"{path} cancels a run in progress."
            yield Check("cancelled-runs", "weak", what, "A run that writes is interrupted.", "Set it to false.")
        if re.search(r"^[^#\n]*\bmerge_group\b\s*(?:[:,\]}]|$)", text, re.MULTILINE):
            what = f"{path} runs for the groups of a merge queue."
            means = "The token of a workflow cannot read a queue, so the check never comes and the queue waits."
            yield Check(
                "merge-group", "weak", what, means, "Take merge_group out, and let the hosted App judge groups."
            )
        if "timeout-minutes" not in text:
            what = f"{path} sets no timeout-minutes."
            means = "A run that hangs blocks those after it for six hours."
            yield Check("no-time-limit", "weak", what, means, "Set timeout-minutes: 30 on its job.")
        if re.search(r"^\s{2}(\"|')?reassay/", text, re.MULTILINE):
            what = f"{path} has a job with the name of the check."
            means = "A skipped job reports success under that name."
            yield Check("job-name", "weak", what, means, "Rename the job.")


def _schedules(inputs: DoctorInput) -> Iterator[Check]:
    """Whether the schedule is switched on and runs, and whether GitHub will stop it."""
    if inputs.assessment_input.register.configuration.writer == "app":
        return
    if inputs.schedules is None:
        yield unknown("schedule", "Whether the schedule is switched on cannot be read.", "actions: read")
    for seen in inputs.schedules or ():
        problems = tuple(schedule_problems(seen, inputs.now)) if inputs.now else ()
        yield from (Check(own.id, "weak", own.what, own.means, own.mend) for own in problems)
        if not problems and seen.has_run and seen.since:
            ran = day_words(seen.since.date(), year=True)
            yield Check("schedule", "ok", f"The schedule of {seen.path} is switched on, and last ran on {ran}.")
        elif not problems:
            what = f"The schedule of {seen.path} has not run yet."
            yield Check(
                "schedule", "unknown", what, "It is too early to say whether it works.", "Look again in a few days."
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
    wanted = (inputs.assessment_input.register.configuration.register_folder, ".github/reassay.yml", FOLDER)
    if text is None:
        missing = list(wanted)
    else:
        patterns = [line.split()[0] for line in text.splitlines() if line.split() and not line.lstrip().startswith("#")]
        missing = [path for path in wanted if not any(_covers(pattern, path) for pattern in patterns)]
    if missing:
        what = f"CODEOWNERS {'is missing' if text is None else 'does not cover'}: {', '.join(missing)}."
        means = "Anybody who can approve a pull request can approve changes of mitigations, roles and workflows."
        yield Check("code-owners", "weak", what, means, "Name an owner for each, and require review from code owners.")
    else:
        yield Check("code-owners", "ok", "CODEOWNERS covers register, configuration and workflows.")


def _covers(pattern: str, path: str) -> bool:
    plain = pattern.strip("/").removesuffix("**").removesuffix("*").rstrip("/")
    return path.rstrip("/").startswith(plain)


def _rights(inputs: DoctorInput) -> Iterator[Check]:
    if inputs.default_rights is None or inputs.may_approve is None:
        yield unknown("workflow-rights", "The default permissions of workflows cannot be read.", "administration: read")
        return
    if inputs.default_rights == "write":
        what = "Workflows that state no permissions get a token with write access."
        means = "Any workflow, and any action it uses, can write to branches and issues."
        yield Check(
            "workflow-rights", "weak", what, means, "Settings, Actions, General: choose read repository contents."
        )
    else:
        yield Check("workflow-rights", "ok", "Workflows get a read-only token unless they state permissions.")
    if inputs.may_approve:
        what = "Workflows can create and approve pull requests."
        means = "A workflow could approve a change instead of a person. Creating is needed for the first pull request of the bot."
        mend = "Disable it after that pull request, or require review from code owners."
        yield Check("workflow-approves", "weak", what, means, mend)
