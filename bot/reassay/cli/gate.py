"""reassay gate."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_at, add_path

if TYPE_CHECKING:
    from reassay.approvals.proposal import Proposal
    from reassay.cli.commit_range import CommitRange

EPILOG = """\
computed offline, without authors, pushes, reviews and team members: the verdict covers the content, and what the ledger of
this checkout records for --pull
exits 0 if the change has all that the gate asks for, 1 if not; in mode advise too, which blocks nothing
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
        help="treat every row of this role as signed off by this person; repeatable",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, _err: TextIO) -> int:
    """Prints the verdict; exits 1 if it does not pass. Writes no file."""
    from reassay.cli.commit_range import read_range
    from reassay.gate.decide import decide
    from reassay.gate.input import GateInput
    from reassay.sweep.repository.checkout import assessment_input_of

    assumed = tuple(_assumed(text) for text in args.assume_signed)
    commit_range = read_range(args.path, args.base, args.head)
    # The rules of the base decide: a change must not judge itself.
    assessment_input = assessment_input_of(
        commit_range.git, commit_range.registers.base, commit_range.ledger.commit, args.at
    )
    facts = GateInput(_proposal(commit_range, args), assessment_input, assumed=assumed)
    verdict = decide(facts)
    if args.format == "json":
        from reassay.common.json_text import to_json
        from reassay.gate.views.documents import gate_document

        out.write(to_json(gate_document(verdict, facts)))
    else:
        from reassay.gate.views.terminal import show_verdict

        show_verdict(verdict, facts, out)
    return int(not verdict.passes)


def _proposal(commit_range: "CommitRange", args: argparse.Namespace) -> "Proposal":
    from reassay.approvals.proposal import LedgerProblem, Proposal

    place, configuration = commit_range.ledger, commit_range.registers.base.configuration
    how = f"Fetch it: `{place.fetch}`. If that finds no branch, no sweep has run yet: create it with `reassay sweep`."
    problem = LedgerProblem("the ledger is not in this clone, so sign-offs, decisions and holds are not read", how)
    name = str(args.base_name or args.base).removeprefix("origin/")
    return Proposal(
        base_ref=name,
        base_commit=commit_range.base,
        head=commit_range.head,
        base=commit_range.registers.base,
        merged=commit_range.registers.merged,
        files=commit_range.registers.files,
        pulls=(args.pull,) if args.pull else (),
        heads={args.pull: commit_range.head} if args.pull else {},
        mergeable="yes" if commit_range.mergeable else "no",
        ledger=problem if place.is_unread and configuration.mode is not None else None,
    )


def _assumed(text: str) -> tuple[str, str]:
    from reassay.common.errors import UsageError

    role, colon, person = text.partition(":")
    if not (role and colon and person):
        raise UsageError(
            f"'{text}' is not a valid ROLE:PERSON.", where="--assume-signed", remedy="Write e.g. safety-lead:alice."
        )
    return role, person


COMMAND = CliCommand(add_arguments, run, EPILOG)
