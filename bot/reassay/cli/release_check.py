"""reassay release-check."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_at, add_path

if TYPE_CHECKING:
    from reassay.gate.release import Release
    from reassay.register.register import Register

EPILOG = """\
for pipelines that release without a pull request: reads the register of this checkout and the ledger, and applies the
rules of the merge gate about decisions that must be made before a model is exposed
exits 0 if the release may be made, 1 if not
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    add_path(parser)
    add_at(parser)
    parser.add_argument("--model", metavar="MODEL@VERSION", required=True, help="id and version of a declared model")
    parser.add_argument("--to", metavar="DEPLOYMENT", required=True, help="id of the deployment that would run it")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Prints the verdict; exits 1 if it does not pass. Raises UsageError if model, version or deployment is unknown."""
    from reassay.cli.checkout import open_checkout
    from reassay.common.json_text import to_json
    from reassay.gate.release import release_verdict
    from reassay.gate.views.release import release_document, show_release

    checkout = open_checkout(args, err)
    verdict = release_verdict(_release(args, checkout.register), checkout.assessment_input)
    if args.format == "json":
        out.write(to_json(release_document(verdict)))
    else:
        show_release(verdict, out)
    return int(not verdict.passes)


def _release(args: argparse.Namespace, register: "Register") -> "Release":
    from reassay.common.errors import UsageError
    from reassay.gate.release import Release

    model, at, version = str(args.model).rpartition("@")
    if not (model and at and version):
        raise UsageError(f"'{args.model}' is not a valid MODEL@VERSION.", where="--model", remedy="Write e.g. titan@5.")
    if model not in register.models:
        raise UsageError(f"no model '{model}' is registered.", where="--model", remedy="Declare it under 'models'.")
    registered = register.models[model].value.version
    if registered != version:
        message = f"'{model}' is registered at version {registered}, not {version}."
        raise UsageError(message, where="--model", remedy="Change the version in a pull request; decisions name one.")
    if args.to not in register.deployments:
        raise UsageError(f"no deployment '{args.to}' is registered.", where="--to", remedy="Declare it first.")
    return Release(model, version, args.to)


COMMAND = CliCommand(add_arguments, run, EPILOG)
