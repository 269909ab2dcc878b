"""reassay gate."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli._command import CliCommand
from reassay.cli._options import add_at, add_path

if TYPE_CHECKING:
    from reassay.approvals.proposal import Proposal
    from reassay.cli._range import Range

EPILOG = """\
Offline nobody knows who wrote or pushed the commits, which reviews there are, or who holds a team: the verdict is about
content, and about what the ledger of this checkout records for --pull. Exit code 1 if it would not pass.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add_path(parser)
    add_at(parser)
    parser.add_argument("--base", metavar="REF", required=True, help="what is merged into")
    parser.add_argument("--head", metavar="REF", required=True, help="what is merged")
    parser.add_argument(
        "--base-name", metavar="BRANCH", help="name of the branch, for signatures of the ledger (--base)"
    )
    parser.add_argument(
        "--pull", metavar="N", type=int, help="number of the pull request, for what the ledger records of it"
    )
    parser.add_argument(
        "--assume-signed",
        metavar="ROLE:PERSON",
        action="append",
        default=[],
        help="what if: take this person's signature as given, for every row that the role signs; may be repeated",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, _err: TextIO) -> int:
    """Decides from a checkout; writes nothing anywhere."""
    from reassay.cli._range import read_range
    from reassay.gate.decide import decide
    from reassay.gate.input import GateInput
    from reassay.sweep.repository.checkout import situation_of

    assumed = tuple(_assumed(each) for each in args.assume_signed)
    found = read_range(args.path, args.base, args.head)
    # The rules are the base's: a checkout that stands at the head must not judge itself.
    situation = situation_of(found.git, found.registers.base, found.ledger, args.at)
    facts = GateInput(_proposal(found, args), situation, assumed=assumed)
    verdict = decide(facts)
    if args.format == "json":
        from reassay.common.json_text import to_json
        from reassay.gate.views.documents import gate_document

        out.write(to_json(gate_document(verdict, facts)))
    else:
        from reassay.gate.views.terminal import show_verdict

        show_verdict(verdict, facts, out)
    return int(not verdict.passes)


def _proposal(found: "Range", args: argparse.Namespace) -> "Proposal":
    from reassay.approvals.proposal import Proposal as Made

    name = str(args.base_name or args.base).removeprefix("origin/")
    return Made(
        base_ref=name,
        base_commit=found.base,
        head=found.head,
        base=found.registers.base,
        merged=found.registers.merged,
        files=found.registers.files,
        pulls=(args.pull,) if args.pull else (),
        heads={args.pull: found.head} if args.pull else {},
        mergeable="yes" if found.mergeable else "no",
    )


def _assumed(text: str) -> tuple[str, str]:
    from reassay.common.errors import UsageError

    role, colon, person = text.partition(":")
    if not (role and colon and person):
        raise UsageError(f"'{text}' is not ROLE:PERSON.", where="--assume-signed", remedy="Write safety-lead:alice.")
    return role, person


COMMAND = CliCommand(add_arguments, run, EPILOG)
