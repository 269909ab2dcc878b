"""The checkout of a command, and the footer of its views."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from reassay import __version__

if TYPE_CHECKING:
    from reassay.register.configuration import Mode
    from reassay.register.finding import Finding
    from reassay.sweep.repository.checkout import Checkout

_MODES: "Final[Mapping[Mode | None, str]]" = {
    None: "No mode is set yet: nothing is opened before the first plan is accepted.",
    "remind": "Mode remind: issues and conclusions on a person's word; answers and sign-offs are not asked for.",
    "record": "Mode record: conclusions take answers, sign-offs and approval steps; nothing holds a merge back.",
    "advise": "Mode advise: works as record, and pull requests get a verdict; the check always passes, so nothing is held back.",
    "enforce": "Mode enforce: works as record, and the check of a pull request fails until it is decided and signed.",
}
"""What each mode does."""
_PLACES: "Final" = 3
"""Most places of errors in a footer."""


def open_checkout(args: argparse.Namespace, err: TextIO) -> "Checkout":
    """The checkout at PATH as of --at; prints one line if its register has errors. Raises ReassayError."""
    from reassay.sweep.repository.checkout import open_checkout as opened

    checkout = opened(Path(args.path), args.at)
    errors = len(checkout.register.errors)
    if errors and not args.quiet:
        print(
            f"reassay: {errors} error{'s' if errors > 1 else ''} in the register; `reassay check` shows them", file=err
        )
    return checkout


def _words_on_trust(checkout: "Checkout") -> str:
    """Whether the ledger is signed, and what the mode does."""
    mode = _MODES[checkout.register.configuration.mode]
    if checkout.register.configuration.app_id is None:
        mode += " Trust: advisory, because no App of one's own is configured (`reassay doctor`)."
    if checkout.situation.history.signed:
        return f"The ledger is signed; `reassay ledger verify` checks it, with the key you trust. {mode}"
    return f"The ledger is unsigned: it records who said what, and proves nothing by itself. {mode}"


def footer(checkout: "Checkout") -> tuple[str, ...]:
    """The lines below a view: its sources, the trust in its ledger, and errors of the register."""
    made = checkout.provenance(__version__)
    ledger = "no ledger yet" if made["ledger"] == "0" else f"ledger {made['ledger']}"
    lines = [f"Register {made['register']}, {ledger}, reassay {made['version']}."]
    if made["ledger"] != "0":
        lines.append(_words_on_trust(checkout))
    if checkout.register.errors:
        lines.append(_errors_line(checkout.register.errors))
    return tuple(lines)


def _errors_line(errors: "Sequence[Finding]") -> str:
    places = list(dict.fromkeys(f"{error.at.path}:{error.at.line}" for error in errors))
    further = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
    count = f"{len(errors)} error{'s' if len(errors) > 1 else ''}"
    return f"{count} at {', '.join(places[:_PLACES])}{further}: entries with errors are not shown. Run `reassay check`."
