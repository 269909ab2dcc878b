"""The check of the register on a pull request in modes `remind` and `record`, which have no merge gate.

A run about one pull request compares the errors of the register that the merge would make with those that the base has. The
hosted App publishes the result as a check run; the step of a workflow fails and annotates the lines.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from reassay.common.environment import render
from reassay.common.inert import plain
from reassay.common.sentences import count_words
from reassay.github.drafts import MOST_ANNOTATIONS, Annotation, CheckDraft
from reassay.github.repository_state import Pull
from reassay.register.finding import Finding
from reassay.register.register import KINDS, Register
from reassay.sweep.actions import Publish
from reassay.sweep.content import MergeResult
from reassay.sweep.input import SweepInput
from reassay.sweep.judged_content import JudgedContent
from reassay.sweep.pull_requests import PREFIX

CONTENT = "register"
"""In place of the digest of what people sign: nobody signs anything here."""
MOST_LISTED = 100


def checks_register(inputs: SweepInput) -> bool:
    """Whether pull requests have this check: where a mode is set that has no merge gate."""
    configuration = inputs.assessment_input.register.configuration
    return configuration.mode is not None and not configuration.gates


def brought_errors(inputs: SweepInput) -> tuple[Finding, ...]:
    """Errors that open pull requests of this round would bring into the register."""
    if not checks_register(inputs):
        return ()
    pulls = inputs.pull_requests.pulls.values()
    return tuple(finding for pull in pulls if pull.issue.is_open for finding in _errors(pull, inputs) or ())


def unread_merges(inputs: SweepInput) -> Iterator[str]:
    """Why the register that an open pull request would make could not be read."""
    if not checks_register(inputs):
        return
    for number, pull in inputs.pull_requests.pulls.items():
        merge = inputs.pull_requests.merges.get(number)
        if pull.issue.is_open and isinstance(merge, str):
            yield f"#{number}: its register was not checked: {merge}"


def register_publications(inputs: SweepInput) -> Iterator[tuple[str, Publish]]:
    """Checks to publish, each with its name in the report; none where the same is published already."""
    if not checks_register(inputs):
        return
    for number, pull in sorted(inputs.pull_requests.pulls.items()):
        if not pull.issue.is_open:
            continue
        check = _check(pull, inputs)
        on_head = [run for run in inputs.pull_requests.own_checks(pull) if run.head == pull.head]
        if not on_head or (on_head[-1].external_id, on_head[-1].conclusion) != (check.external_id, check.conclusion):
            yield (
                f"check of the register on #{number}",
                Publish(number, inputs.repository_state.repository_node, check, None),
            )


def _errors(pull: Pull, inputs: SweepInput) -> tuple[Finding, ...] | None:
    """Errors after the merge that the base does not have, wherever in a file; None if either side could not be read."""
    merge = inputs.pull_requests.merges.get(pull.number)
    return new_errors(merge.base, merge.merged) if isinstance(merge, MergeResult) else None


def new_errors(base: Register, merged: Register) -> tuple[Finding, ...]:
    """Errors that `base` does not have as often, and why objects that it has cannot be read in `merged`; in order of place.

    A line may move, so errors are counted by file and words; an entry that breaks as another one did is found by its id.
    """
    came = (*_surplus(base.errors, merged.errors), *_hiding(base, merged))
    return tuple(sorted(dict.fromkeys(came), key=lambda finding: (finding.at, finding.code, finding.message)))


def _surplus(before: Iterable[Finding], after: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of `after` beyond the number that `before` has of each; of equal ones the last."""
    counted = Counter(map(_words, before))
    for finding in after:
        key = _words(finding)
        if counted[key] > 0:
            counted[key] -= 1
        else:
            yield finding


def _hiding(base: Register, merged: Register) -> Iterator[Finding]:
    """The findings behind which objects of `base` are, where they can be read no more and were not plainly removed."""
    new = set(_surplus((own.finding for own in base.unreadable), (own.finding for own in merged.unreadable)))
    gone = [(kind, name) for kind in KINDS for name in base.objects(kind) if name not in merged.objects(kind)]
    for entry in merged.unreadable:
        if any(
            entry.may_be(kind) and (entry.id == name or (not entry.id and entry.finding in new)) for kind, name in gone
        ):
            yield entry.finding


def _words(finding: Finding) -> tuple[str, str, str]:
    return finding.at.path, finding.code, finding.message


def _check(pull: Pull, inputs: SweepInput) -> CheckDraft:
    mode = inputs.assessment_input.register.configuration.mode
    errors, merge = _errors(pull, inputs), inputs.pull_requests.merges.get(pull.number)
    if errors is None:
        title = "The register could not be read"
    elif errors:
        title = f"{count_words(len(errors), 'new error')} in the register"
    else:
        title = "No new errors in the register"
    summary = render(
        "sweep/register_check",
        errors=[
            {"place": f"{own.at.path}:{own.at.line}", "message": own.message, "remedy": own.remedy}
            for own in (errors or ())[:MOST_LISTED]
        ],
        more=max(0, len(errors or ()) - MOST_LISTED),
        unread=merge if isinstance(merge, str) else "" if errors is not None else "its content could not be read",
        mode=mode or "",
    )
    digest = hashlib.sha256(f"{title}\n{summary}".encode()).hexdigest()[:16]
    return CheckDraft(
        name=f"{PREFIX}{pull.base_ref}",
        head=pull.head,
        conclusion="success" if errors == () else "failure",
        external_id=JudgedContent(CONTENT, digest).text,
        title=title,
        summary=str(summary),
        annotations=tuple(_annotation(finding) for finding in (errors or ())[:MOST_ANNOTATIONS]),
    )


def _annotation(finding: Finding) -> Annotation:
    words = f"{finding.message}. {finding.remedy}"
    return Annotation(finding.at.path, finding.at.line, "FAILURE", plain(finding.code), plain(words))
