"""Protection of the ledger's branch: no rewriting, no deletion, and no rule that blocks the bot's commits."""

from collections.abc import Iterator

from reassay.common.sentences import count_words
from reassay.doctor.checks.base import IMPORT, Check, DoctorInput, unknown
from reassay.github.repository_settings import Branch

NAME = "reassay-ledger"


def examine(inputs: DoctorInput) -> Iterator[Check]:
    """Checks force-pushes, deletion, bypass actors, and rules that block the bot."""
    branch = inputs.ledger
    if branch is None:
        yield unknown("ledger-branch", f"The rules of {NAME} could not be read.", "metadata: read")
        return
    yield from _protected(branch)
    yield from _in_the_way(branch)


def _protected(branch: Branch) -> Iterator[Check]:
    missing = [
        word
        for word, is_there in (("force-pushes", branch.no_force_push), ("deletion", branch.no_deletion))
        if not is_there
    ]
    if missing and not branch.classic_seen:
        yield unknown(
            "ledger-branch",
            f"No ruleset blocks {' and '.join(missing)} of {NAME}, and classic protection cannot be read.",
            "administration: read",
        )
    elif missing:
        yield Check(
            "ledger-branch",
            "weak",
            f"Nothing blocks {' and '.join(missing)} of {NAME}.",
            "Anybody with write access can roll the ledger back; only an anchor kept elsewhere would show it.",
            f"{IMPORT} for the ledger. Keep anchors elsewhere too.",
        )
    else:
        yield Check("ledger-branch", "ok", f"Force-pushes and deletion of {NAME} are blocked.")
    if not missing and branch.bypassers is None and not branch.classic_seen:
        yield unknown("ledger-bypass", f"The bypass list of {NAME} cannot be read.", "administration: read")
    elif not missing and branch.bypassers:
        yield Check(
            "ledger-bypass",
            "weak",
            f"{count_words(branch.bypassers, 'actor')} can bypass the rules of {NAME}.",
            "They can roll the ledger back.",
            "Remove them from the ruleset's bypass list.",
        )


def _in_the_way(branch: Branch) -> Iterator[Check]:
    stops = [
        word
        for word, is_there in (
            ("pull requests", branch.needs_pull_request),
            ("required checks", bool(branch.checks)),
            *((f"rules of kind {name}", True) for name in branch.other_rules),
        )
        if is_there
    ]
    if stops:
        yield Check(
            "ledger-writable",
            "weak",
            f"{NAME} requires {' and '.join(stops)}.",
            "The bot commits to it directly, so such rules block it and nothing is recorded.",
            f"Exclude {NAME} from these rules.",
        )
