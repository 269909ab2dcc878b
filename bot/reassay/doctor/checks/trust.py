"""By whose credentials the bot acts, and whether mode and ledger go together."""

from collections.abc import Iterator

from reassay.doctor.checks.base import Check, DoctorInput
from reassay.people.trust_level import SHARED, trust_level

ORDER = 10


def examine(inputs: DoctorInput) -> Iterator[Check]:
    """Advisory or enforced; signed or not."""
    yield _credentials(inputs)
    yield from _mode(inputs)


def _credentials(inputs: DoctorInput) -> Check:
    configuration = inputs.situation.register.configuration
    if trust_level(configuration.app_id, inputs.viewer) == "enforced":
        return Check("credentials", "ok", f"An App of one's own acts here: {inputs.viewer}.")
    if inputs.viewer == SHARED:
        what = "The workflow's own token acts here, which every workflow of this repository has."
    elif inputs.viewer.endswith("[bot]"):
        what = f"{inputs.viewer} acts here, and the configuration does not name it as its App."
    else:
        what = f"This token is a person's: @{inputs.viewer}. The bot may act with another one."
    return Check(
        "credentials",
        "weak",
        what,
        "Whoever may write to the repository can write a workflow that posts, records and reports checks in the same name.",
        "Let an App of your own act, with its key in an environment bound to the default branch, and set `app_id`.",
    )


def _mode(inputs: DoctorInput) -> Iterator[Check]:
    configuration, history = inputs.situation.register.configuration, inputs.situation.history
    if configuration.mode is None:
        yield Check(
            "mode", "unknown", "No mode is set yet.", "Nothing is recorded before it is.", "Run `reassay next`."
        )
    elif configuration.mode == "advise":
        yield Check(
            "mode",
            "weak",
            "Mode advise: the check of a pull request passes, whatever its verdict is.",
            "A change that nobody has signed can be merged.",
            "Write `mode: enforce` once the verdicts are what you want.",
        )
    elif configuration.records and not history.signed:
        yield Check(
            "ledger-signed",
            "weak",
            "Mode record, and the ledger is not signed.",
            "Who may write to the branch can rewrite it, every digest included; the bot itself records nothing without a key.",
            "Make a key with `reassay ledger new-key`, and give it to the run.",
        )
    elif not history.signed:
        yield Check(
            "ledger-signed",
            "weak",
            "Mode remind with an unsigned ledger.",
            "Who may write to the branch can rewrite it.",
            "Give the run a key: docs/how-to/sign-the-ledger.md.",
        )
    else:
        yield Check("ledger-signed", "ok", "The ledger is signed.")
