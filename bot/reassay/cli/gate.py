"""reassay gate."""

import argparse
from typing import TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_at, add_path

EPILOG = """\
computed offline, without authors, pushes, reviews and team members: the verdict covers the content, and what the ledger of
this checkout records for --pull
exits 0 if the change has all that the gate asks for, 1 if not; in mode advise too, which blocks nothing. --assume-signed
counts for that, --what-if does not: it adds what the verdict would be. Neither records anything or asks anybody, and neither
counts a sign-off that the person could not give
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    add_path(parser)
    add_at(parser)
    parser.add_argument("--base", metavar="REF", required=True, help="revision that is merged into")
    parser.add_argument("--head", metavar="REF", required=True, help="revision with the changes")
    parser.add_argument(
        "--base-name", metavar="BRANCH", help="name of the base branch, to find its sign-offs in the ledger (--base)"
    )
    parser.add_argument(
        "--pull", metavar="N", type=int, help="number of the pull request, to find its sign-offs in the ledger"
    )
    parser.add_argument(
        "--assume-signed",
        metavar="ROLE:PERSON",
        action="append",
        default=[],
        help="judge as if this person, who has the role, had signed off every row of it that they may; repeatable",
    )
    parser.add_argument(
        "--what-if",
        metavar="LOGIN",
        action="append",
        default=[],
        help="also say what the verdict would be if this person answered yes to every open question of theirs, and signed off"
        " every row that they may; repeatable, and they act in the order named",
    )
    parser.set_defaults(scratch=None)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, _err: TextIO) -> int:
    """Prints the verdict; exits 1 if it does not pass. Writes no file."""
    from reassay.cli.range_input import RangeQuestion, range_input
    from reassay.gate.decide import decide

    named = tuple(_assumed(text) for text in args.assume_signed)
    question = RangeQuestion(args.base, args.head, args.at, args.base_name, args.pull, named, args.scratch)
    facts = range_input(args.path, question)
    verdict = decide(facts)
    if args.format == "json":
        from reassay.common.json_text import to_json
        from reassay.gate.views.documents import gate_document

        document = gate_document(verdict, facts)
        if args.what_if:
            from reassay.dashboard.what_if_views import what_if_document

            document["what_if"] = what_if_document(args.what_if, verdict, facts)
        out.write(to_json(document))
    else:
        from reassay.gate.views.terminal import show_verdict

        show_verdict(verdict, facts, out)
        if named:
            from reassay.dashboard.what_if_views import show_assumed

            show_assumed(named, verdict, facts, out)
        if args.what_if:
            from reassay.dashboard.what_if_views import show_what_if

            show_what_if(args.what_if, verdict, facts, out)
    return int(not verdict.passes)


def _assumed(text: str) -> tuple[str, str]:
    from reassay.common.errors import UsageError

    role, colon, person = text.partition(":")
    if not (role and colon and person):
        raise UsageError(
            f"'{text}' is not a valid ROLE:PERSON.", where="--assume-signed", remedy="Write e.g. safety-lead:alice."
        )
    return role, person


COMMAND = CliCommand(add_arguments, run, EPILOG)
