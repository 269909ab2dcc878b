"""reassay next."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_at, add_path

if TYPE_CHECKING:
    from pathlib import Path

from reassay import __version__


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    add_path(parser)
    add_at(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Prints the next step. Writes no file. Exits 1 if the register cannot be read whole."""
    from pathlib import Path

    from reassay.assessment.views.unreadable import unreadable_part
    from reassay.cli.checkout import footer, open_checkout, say_missing_ledger
    from reassay.common.json_text import to_json
    from reassay.sweep.adoption import Setting, next_step

    checkout = open_checkout(args, err)
    say_missing_ledger(checkout, args.format, out, err)
    setting = Setting(
        has_workflow=_has_workflow(Path(args.path)),
        has_ledger=bool(checkout.ledger.entries),
        ledger_writer=checkout.ledger_writer,
    )
    step = next_step(checkout.assessment_input, setting)
    if args.format == "json":
        document: dict[str, object] = {
            "schema": "reassay/next/v1",
            "step": step.id,
            "what": step.what,
            "why": step.why,
            "how": step.how,
        }
        document |= {**checkout.provenance(__version__), **unreadable_part(checkout.assessment_input)}
        out.write(to_json(document))
    else:
        print(f"Next: {step.what}\nWhy:  {step.why}\nHow:  {step.how}", file=out)
        print("", *footer(checkout), sep="\n", file=out)
    # Without any register the step is to begin.
    return int(not checkout.is_whole and not checkout.absence)


def _has_workflow(root: "Path") -> bool:
    folder = root / ".github" / "workflows"
    files = [*folder.glob("*.yml"), *folder.glob("*.yaml")] if folder.is_dir() else []
    return any("reassay" in file.read_text(encoding="utf-8", errors="replace") for file in files)


COMMAND = CliCommand(add_arguments, run)
