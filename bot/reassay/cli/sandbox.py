"""reassay sandbox."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_path

if TYPE_CHECKING:
    from reassay.cli.settings import GitHubSettings
    from reassay.register.register import Register
    from reassay.sweep.report import Report
    from reassay_sandbox.demo.own_repository import OwnRepository

EPILOG = """\
copies the register's folder and .github/ to a GitHub that runs on this machine only, and sweeps there as the Action would:
a plan is proposed in a pull request, merged, and what is due gets its issues. Nothing is sent anywhere.
exits 1 if the register has errors
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    add_path(parser)
    parser.add_argument("--headless", action="store_true", help="print what the sweeps do and exit")
    parser.add_argument("--port", type=int, default=0, help="port of the local GitHub; any free one if left out")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 if the register has errors. Raises UsageError without a register, or if what it needs cannot be installed."""
    from pathlib import Path

    from reassay.common.clock import SystemClock
    from reassay.common.errors import UsageError
    from reassay.register.files import WorkingTree, read_register
    from reassay.register.files.reader import NO_REGISTER

    try:
        from reassay_sandbox.demo.own_repository import copied
    except ModuleNotFoundError:
        from reassay.cli.server_environment import run_in_own_environment, server_requirements

        words = ["sandbox", *(["--headless"] if args.headless else []), f"--port={args.port}", "--", args.path]
        run_in_own_environment(words, server_requirements(), err)
    root = Path(args.path)
    register = read_register(WorkingTree(root))
    absent = next((finding for finding in register.findings if finding.code == NO_REGISTER), None)
    if absent is not None:
        raise UsageError(f"{absent.message}.", where=args.path, remedy=absent.remedy)
    with copied(root, register, SystemClock().now(), args.port) as copy:
        print(f"A GitHub on this machine has a copy of the register, in {copy.name}.", file=out)
        if register.errors and not args.quiet:
            print("reassay: the register has errors; to see them, run `reassay check`", file=err)
        report = _opened(copy, register, out)
        if not args.headless:
            _serve(copy, report, out)
    return int(bool(register.errors))


def _opened(copy: "OwnRepository", register: "Register", out: TextIO) -> "Report":
    """The report of the sweep that opens what is due: the first one, or the one after its plan was merged."""
    report = _sweep(copy)
    if register.configuration.mode is None:
        for pull in copy.repository.pulls():
            print(
                f"\nThe first sweep proposes a plan:\n  #{pull.number} {pull.title}\n  {copy.url(pull.number, 'pull')}",
                file=out,
            )
            copy.repository.merge_as(copy.people[0], pull.number)
            print(f"\n@{copy.people[0]} merges it. The next sweep opens what is due:", file=out)
        report = _sweep(copy)
    issues = copy.repository.issues()
    for issue in issues:
        print(f"  #{issue.number} {issue.title}\n  {copy.url(issue.number)}", file=out)
    if not issues:
        print("  nothing; to see what comes, run `reassay plan --until DATE`", file=out)
    for problem in report.problems:
        print(f"reassay: {problem}", file=out)
    return report


def _settings(copy: "OwnRepository") -> "GitHubSettings":
    from reassay.cli.settings import GitHubSettings
    from reassay.ledger.store.configured_keys import LedgerKeys

    keys = LedgerKeys(key_file=copy.key_file)
    box = copy.box
    return GitHubSettings(copy.token, box.api_url, box.url, write_pause=0.0, ledger_keys=keys)


def _sweep(copy: "OwnRepository") -> "Report":
    from reassay.cli.remote import remote_ports
    from reassay.dashboard.branch_update import sweep_with_dashboard
    from reassay.sweep.interpreters import Budget
    from reassay.sweep.options import Options
    from reassay_sandbox.demo.environment import DemoClock

    with remote_ports(copy.name, _settings(copy), DemoClock(copy.box)) as ports:
        return sweep_with_dashboard(ports, Options(), Budget(), lambda _line: None)


def _serve(copy: "OwnRepository", report: "Report", out: TextIO) -> None:
    """Answers comments until Ctrl-C, and moves the clock where the page's button is pressed."""
    import signal
    import threading
    import webbrowser

    from reassay_sandbox.demo.browser import MOVE, has_screen, move_to_next_event, show_banner

    pending = threading.Event()
    box = copy.box

    def heard(event: str, payload: dict[str, object]) -> None:
        sender = payload.get("sender")
        if event == "issue_comment" and isinstance(sender, dict) and sender.get("type") != "Bot":
            pending.set()

    show_banner(box, report)
    box.on_event(heard)
    box.add_page_action(MOVE, lambda: move_to_next_event(box, lambda: (_sweep(copy),)))
    url = f"{box.url}/{copy.name}/issues"
    print(f"\nOpen {url} and comment, for example `/reassay help`. To stop, press Ctrl-C.", file=out, flush=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    if has_screen():
        webbrowser.open(url)
    try:
        while True:
            pending.wait()
            pending.clear()
            show_banner(box, _sweep(copy))
    except KeyboardInterrupt:
        print("\nStopped. The copy was deleted; your files are as they were.", file=out)


COMMAND = CliCommand(add_arguments, run, EPILOG)
