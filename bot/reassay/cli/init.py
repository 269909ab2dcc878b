"""reassay init."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_path

if TYPE_CHECKING:
    from pathlib import Path

    from reassay.register.commitment_sets import CommitmentSet
    from reassay.register.files.scaffold import ScaffoldOptions, ScaffoldResult
    from reassay.register.register import Register

FORMS_PAGE = "https://github.com/reassay/reassay/blob/main/docs/how-to/report-incidents.md"
LIST = ""
"""Value of `--from` without a name."""
EPILOG = """\
on a terminal it asks for what no option gives; elsewhere it asks nothing, and needs --owner
existing files are not changed; exits 1 if the register has errors other than the examples that were written
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    add_path(parser)
    parser.set_defaults(reads_repository=False)
    parser.add_argument(
        "--full",
        action="store_true",
        help="also write a configuration, an example or a page for each kind of object, and schemas",
    )
    parser.add_argument(
        "--from",
        dest="framework",
        nargs="?",
        const=LIST,
        metavar="NAME",
        help="begin with the commitments of a published framework instead of examples; without NAME, list them",
    )
    parser.add_argument("--owner", metavar="LOGIN", help="account that owns the first objects")
    parser.add_argument("--assessor", metavar="LOGIN", help="account that assesses them; the owner alone if left out")
    parser.add_argument("--timezone", metavar="ZONE", help="time zone of due dates, such as Europe/Berlin")
    parser.add_argument("--branch", metavar="NAME", help="default branch of the repository")
    parser.add_argument(
        "--action", metavar="NAME@REF", help="what the workflow runs: your copy of the Action, at a tag or a commit"
    )
    parser.add_argument("--yes", "-y", action="store_true", help="ask nothing: take what git and this machine say")
    parser.add_argument("--without-git", action="store_true", help="write the files even outside a git repository")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Writes missing files and lists them. Raises UsageError for an invalid folder or value; nothing is written then."""
    from pathlib import Path

    from reassay.cli.check_findings import with_check_findings
    from reassay.cli.init_answers import Interview, Proposals
    from reassay.common.calendar import local_date
    from reassay.common.clock import SystemClock
    from reassay.register.files import WorkingTree, read_register
    from reassay.register.files.scaffold import plan_files, write_files
    from reassay.register.views.summary import register_summary

    if args.framework == LIST:
        return _list(out)
    chosen = _set(args.framework) if args.framework is not None else None
    root = Path(args.path)
    has_git = _checked_root(root, may_lack_git=args.without_git)
    register = read_register(WorkingTree(root))
    options = Interview(args, Proposals.of(root, has_git=has_git), out).options(register, root)
    today = local_date(SystemClock().now(), register.configuration.timezone)
    instead = _file_of(chosen, options) if chosen else None
    written = write_files(root, plan_files(register, options, today, full=args.full, instead=instead))
    for line in written.lines():
        print(line, file=out)
    if written.written:
        print(f"\n{_summary(options, written)}", file=out)
    after = with_check_findings(read_register(WorkingTree(root)))
    print(f"\nreassay check: {register_summary(after)}\n\nNext:", file=out)
    for number, step in enumerate(_next_steps(after, written, chosen), start=1):
        print(f"  {number}. {step}", file=out)
    if chosen and not args.quiet:
        from reassay.register.commitment_sets import NOT_ADVICE

        print(f"reassay: {NOT_ADVICE}", file=err)
    return int(any(finding.code not in _to_do() for finding in after.errors))


def _to_do() -> tuple[str, str]:
    from reassay.register.lint.placeholders import EXAMPLE, PLACEHOLDER

    return EXAMPLE, PLACEHOLDER


def _list(out: TextIO) -> int:
    from reassay.register.commitment_sets import NOT_ADVICE, SETS

    for own in SETS:
        print(f"{own.name}\n  {own.title}\n", file=out)
    print(f"To begin with one, run `reassay init --from NAME`. {NOT_ADVICE}", file=out)
    return 0


def _set(name: str) -> "CommitmentSet":
    from reassay.common.errors import UsageError
    from reassay.register.commitment_sets import BY_NAME
    from reassay.register.finding import did_you_mean

    if name not in BY_NAME:
        remedy = did_you_mean(name, sorted(BY_NAME)) or "To list the frameworks, run `reassay init --from`."
        raise UsageError(f"there is no framework {name!r} to begin with.", where="--from", remedy=remedy)
    return BY_NAME[name]


def _file_of(chosen: "CommitmentSet", options: "ScaffoldOptions") -> tuple[str, str]:
    from reassay.register.files.commitment_sets import Responsible, text_of

    return f"commitments/{chosen.name}.yml", text_of(chosen, Responsible(options.owner, options.assessor))


def _checked_root(root: "Path", *, may_lack_git: bool) -> bool:
    """Whether the folder is the root of a git repository. Raises UsageError in a subfolder, and without git unless it may."""
    import os

    from reassay.cli.init_answers import git_root
    from reassay.common.errors import UsageError

    if not root.is_dir():
        raise UsageError("there is no such folder.", where=str(root), remedy="Name a checkout of your repository.")
    top = git_root(root)
    if top is None:
        if may_lack_git:
            return False
        remedy = "Run `git init` first. To write the files without it, add --without-git."
        raise UsageError("this is not a git repository.", where=str(root), remedy=remedy)
    if top != root.resolve():
        message = "this is a folder inside a git repository, and GitHub reads workflows at its root only."
        raise UsageError(message, where=str(root), remedy=f"Run `reassay init {os.path.relpath(top)}` instead.")
    return True


def _summary(options: "ScaffoldOptions", written: "ScaffoldResult") -> str:
    from reassay.register.files.scaffold import WORKFLOW

    who = (
        f"Owner {options.owner}, assessor {options.assessor or 'none: self-assessed'}, "
        if written.wrote_register
        else ""
    )
    zone = f"time zone {options.timezone}, " if written.wrote_settings else ""
    branch = f"branch {options.branch}, " if any(file.path == WORKFLOW for file in written.written) else ""
    text = f"{who}{zone}{branch}".removesuffix(", ")
    return f"{text[:1].upper()}{text[1:]}." if text else "Done."


def _next_steps(after: "Register", written: "ScaffoldResult", chosen: "CommitmentSet | None") -> list[str]:
    example, placeholder = _to_do()
    codes = {finding.code for finding in after.errors}
    steps = []
    if example in codes:
        steps.append(
            "Replace the examples: edit them, or run `reassay new mitigation`. Until then `reassay check` refuses them."
        )
    if placeholder in codes:
        steps.append("Name the people that `reassay check` lists.")
    if chosen and written.wrote_register:
        steps.append("Declare your models, deployments and mitigations: `reassay new model`, `reassay new mitigation`.")
    steps.append("To see what is due, run `reassay status`; to see what comes, run `reassay plan --until DATE`.")
    steps.append(
        "Commit and push. On a public repository nothing is posted until the configuration has `publish: true`."
    )
    if written.wrote_forms:
        steps.append(
            "To have incidents read that people report with the forms, create two labels and name two sources:"
            f" {FORMS_PAGE}"
        )
    return steps


COMMAND = CliCommand(add_arguments, run, EPILOG)
