"""Credentials of the bot, and whether mode and ledger match."""

from collections.abc import Iterator

from reassay.doctor.checks.base import Check, DoctorInput
from reassay.people.trust_level import SHARED, advisory_app, is_own_app, trust_level


def examine(inputs: DoctorInput) -> Iterator[Check]:
    """Checks the credentials, the mode and the signatures of the ledger."""
    yield _credentials(inputs)
    yield from _mode(inputs)


def _credentials(inputs: DoctorInput) -> Check:
    configuration = inputs.assessment_input.register.configuration
    if trust_level(configuration.app_id, inputs.viewer, inputs.acting_app) == "enforced":
        return Check("credentials", "ok", f"An own GitHub App is used: {inputs.viewer}.")
    if is_own_app(inputs.viewer):
        return _unnamed(inputs.viewer, advisory_app(configuration.app_id, inputs.acting_app), inputs.acting_app)
    if inputs.viewer == SHARED:
        what = "The workflow's token is used, which every workflow of this repository has."
    elif is_own_app(inputs.ledger_writer) and configuration.app_id is None:
        return _unnamed(inputs.ledger_writer, advisory_app(None, None), None)
    else:
        what = f"This token belongs to a person: @{inputs.viewer}. The bot may use another one."
        if inputs.ledger_writer:
            what += f" The ledger was last written as {inputs.ledger_writer}."
    return Check(
        "credentials",
        "weak",
        what,
        "Anybody with write access can add a workflow that posts, records and reports checks under the same name.",
        "Use an own GitHub App, store its key in an environment limited to the default branch, and set `app_id`.",
    )


def _unnamed(account: str, words: str, app: int | None) -> Check:
    number = str(app) if app is not None else "<the App's id>"
    return Check(
        "credentials",
        "weak",
        f"The GitHub App {account} writes here, and the record is {words}.",
        "Nothing says that this App is the bot: another App that is installed here could write in its place.",
        f"Write `app_id: {number}` and, for the hosted App, `writer: app` into the configuration.",
    )


def _mode(inputs: DoctorInput) -> Iterator[Check]:
    configuration, history = inputs.assessment_input.register.configuration, inputs.assessment_input.history
    if configuration.mode is None:
        yield Check("mode", "unknown", "No mode is set yet.", "Nothing is recorded until then.", "Run `reassay next`.")
    elif configuration.mode == "advise":
        yield Check(
            "mode",
            "weak",
            "Mode advise: the check of a pull request always passes.",
            "A change without sign-off can be merged.",
            "Set `mode: enforce` once the verdicts are as you want them.",
        )
    elif configuration.records and not history.signed:
        yield Check(
            "ledger-signed",
            "weak",
            "Mode record with an unsigned ledger.",
            "Anybody with write access to the branch can rewrite it; the bot records nothing without a key.",
            "Create a key with `reassay ledger new-key`, and configure it.",
        )
    elif not history.signed:
        yield Check(
            "ledger-signed",
            "weak",
            "Mode remind with an unsigned ledger.",
            "Anybody with write access to the branch can rewrite it.",
            "Configure a key: docs/how-to/sign-the-ledger.md.",
        )
    else:
        yield Check("ledger-signed", "ok", "The ledger is signed.")
