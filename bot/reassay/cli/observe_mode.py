"""The Action's mode observe, in a product repository: what its configuration means for the framework that declares it.

On a pull request it warns before the change is merged; on a push, a schedule or by hand it sends the observation to the
framework.
Files are read by GitHub's API at one commit, as data: nothing is checked out, and nothing of the repository runs.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from reassay.cli.workflow_event import pull_request_of
from reassay.common.errors import LimitError, NotAllowedError, NotFoundError, UsageError
from reassay.common.sentences import count_words

if TYPE_CHECKING:
    from reassay.assessment.cells import AssessmentInput
    from reassay.github.client import Client
    from reassay.sweep.product_changes import ProductChange
    from reassay.sweep.product_reading import ProductObservation
    from reassay.sweep.run_context import RunContext

_PULLS = frozenset({"pull_request", "pull_request_target", "merge_group"})
_SENDING = frozenset({"push", "schedule", "workflow_dispatch"})
_FAIL_ON = ("none", "significant")


@dataclass(frozen=True, slots=True)
class ObserveInputs:
    """The inputs of one run."""

    framework: str
    repository: str
    """The product repository: the workflow's own."""
    event: str
    fails: bool
    """Whether the step fails for what needs a re-assessment."""


def run_observe(environment: Mapping[str, str], out: TextIO) -> int:
    """Runs for one event of the product repository; returns the exit code of the step. Raises ReassayError."""
    from reassay.cli.remote import remote_ports
    from reassay.cli.settings import check_repository, read_settings
    from reassay.github.client import Client

    inputs = _inputs(environment)
    settings = read_settings(environment)
    own = environment.get("REASSAY_OWN_TOKEN", "").strip() or settings.token
    with remote_ports(check_repository(inputs.framework), settings) as ports:
        facts = framework_facts(ports)
        with closing(Client.connect(own, settings.api_url, sleep=ports.clock.sleep)) as client:
            if inputs.event in _PULLS:
                return _warn(inputs, facts, client, environment, out)
            return _send(inputs, facts, ports, client, environment, out)


def framework_facts(ports: "RunContext") -> "AssessmentInput":
    """The register and the ledger of the framework, read with a token that needs no more than `contents: read`."""
    from reassay.assessment.cells import AssessmentInput, snapshots
    from reassay.ledger.history import History
    from reassay.sweep.needed_objects import SETTLING, digests_needed

    content, now = ports.contents.read(), ports.clock.now()
    history = History.of(content.ledger.entries)
    objects = ports.contents.objects(content.ledger, digests_needed(history, now - SETTLING))
    return AssessmentInput(content.register, history, snapshots(objects), now, results=objects)


def _inputs(environment: Mapping[str, str]) -> ObserveInputs:
    framework, repository = environment.get("REASSAY_FRAMEWORK", "").strip(), environment.get("GITHUB_REPOSITORY", "")
    if not framework:
        raise UsageError("mode observe needs the framework repository.", where="framework", remedy="Write OWNER/NAME.")
    event = environment.get("GITHUB_EVENT_NAME", "")
    if not repository or event not in _PULLS | _SENDING:
        remedy = f"Run it on {', '.join(sorted(_PULLS | _SENDING))}."
        raise UsageError(f"mode observe does not know the event '{event[:50]}'.", remedy=remedy)
    fail_on = environment.get("REASSAY_FAIL_ON", "").strip().lower() or "none"
    if fail_on not in _FAIL_ON:
        message = f"'{fail_on[:50]}' is not a valid 'fail-on' of mode observe."
        raise UsageError(message, where="fail-on", remedy="Write none or significant.")
    return ObserveInputs(framework, repository, event, fail_on == "significant")


def _warn(
    inputs: ObserveInputs, facts: "AssessmentInput", client: "Client", environment: Mapping[str, str], out: TextIO
) -> int:
    from reassay.github.product_files import ProductFiles
    from reassay.sweep.product_changes import product_changes
    from reassay.sweep.product_reading import observations_at

    pull = pull_request_of(environment)
    files = ProductFiles(client, inputs.repository)
    base = files.tip(pull.base)
    default = pull.default_branch or files.tip().branch
    after = observations_at(facts.register, files, pull.commit, base.branch, is_default=base.branch == default)
    before = observations_at(facts.register, files, base.commit, base.branch, is_default=base.branch == default)
    changes = product_changes(after, before, facts)
    if not after:
        print(f"{inputs.framework} declares nothing of {inputs.repository} on {base.branch}.", file=out)
    for line in annotations(changes):
        print(line, file=out)
    new = [change for change in changes if change.is_new and change.counts]
    _outputs(environment, {"differences": str(len(changes)), "significant": str(len(new)), "sent": "false"})
    _summarise(environment, inputs, after, changes)
    return int(inputs.fails and bool(new))


def annotations(changes: "Sequence[ProductChange]") -> Iterator[str]:
    """Workflow commands at the lines that say it: a warning for what needs a re-assessment, else a notice."""
    from reassay.cli.workflow_commands import Annotated, annotated, escape

    def place(change: "ProductChange") -> str:
        line = f",line={change.place.line}" if change.place.line else ""
        return f"file={escape(change.place.path, property_=True)}{line},title=reassay"

    return annotated([
        Annotated("warning" if change.counts and change.is_new else "notice", place(change), change.words())
        for change in changes
    ])  # fmt: skip


def _send(  # noqa: PLR0913, PLR0917 -- what a run has
    inputs: ObserveInputs,
    facts: "AssessmentInput",
    ports: "RunContext",
    client: "Client",
    environment: Mapping[str, str],
    out: TextIO,
) -> int:
    from reassay.sweep.product_changes import product_changes
    from reassay.sweep.product_reading import product_observations

    every = product_observations(facts.register, lambda _name: client, only=inputs.repository)
    failed = [own for own in every if own.unavailable or not own.commit]
    if failed:
        why = failed[0].unavailable or next(iter(failed[0].fields.unread.values()), "it could not be read")
        raise UsageError(f"{inputs.repository} could not be read: {why}.", remedy="Give the workflow `contents: read`.")
    sent = sum(_sent(own, ports, ports.clock.now(), out) for own in every)
    if not every:
        print(f"{inputs.framework} declares nothing of {inputs.repository}.", file=out)
    elif sent:
        print(f"Sent {count_words(sent, 'observation')} to {inputs.framework}.", file=out)
    changes = tuple(replace(change, is_new=False) for change in product_changes(every, every, facts))
    for line in annotations(changes):
        print(line, file=out)
    counting = sum(change.counts for change in changes)
    _outputs(
        environment,
        {"differences": str(len(changes)), "significant": str(counting), "sent": str(bool(sent)).lower()},
    )
    _summarise(environment, inputs, every, changes)
    return int(inputs.fails and bool(counting))


def _sent(own: "ProductObservation", ports: "RunContext", now: datetime, out: TextIO) -> bool:
    """Whether the observation was sent; a token that may not send is not a failure, as the framework may read by itself."""
    from reassay.cli.workflow_commands import escape
    from reassay.github.dispatches import send_dispatch
    from reassay.signals.observing.dispatched import EVENT_TYPE, payload_of

    payload = payload_of(own.deployment, own.repository, own.settings, own.commit, now, own.fields)
    try:
        send_dispatch(ports.github.client, ports.repository, EVENT_TYPE, payload)
    except LimitError:
        raise
    except (NotAllowedError, NotFoundError):
        text = (
            f"the observation of {own.deployment} was not sent: the token may not write to {ports.repository}. Give 'token' one"
            " with `contents: write` there, unless the framework reads this repository itself."
        )
        print(f"::notice title=reassay::{escape(text)}", file=out)
        return False
    return True


def _outputs(environment: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    if path := environment.get("GITHUB_OUTPUT"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in outputs.items())
            file.write(f"summary-json={json.dumps(dict(outputs))}\n")


def _summarise(
    environment: Mapping[str, str],
    inputs: ObserveInputs,
    observations: "Sequence[ProductObservation]",
    changes: "Sequence[ProductChange]",
) -> None:
    if path := environment.get("GITHUB_STEP_SUMMARY"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in summary_lines(inputs.framework, observations, changes))


def summary_lines(
    framework: str, observations: "Sequence[ProductObservation]", changes: "Sequence[ProductChange]"
) -> Iterator[str]:
    """The step summary: what needs a re-assessment first, then what else differs; values of the product are inert."""
    from reassay.common.inert import code, prose

    names = list(dict.fromkeys(own.deployment for own in observations))
    yield f"**reassay observe**: {code(framework)} declares {count_words(len(names), 'deployment')} here"
    yield ""
    if not changes:
        yield "This repository agrees with what the framework declares." if names else "Nothing is observed here."
    for change in changes:
        yield f"- {'⚠️ ' if change.counts else ''}{prose(change.words())} ({code(change.place.path)})"
