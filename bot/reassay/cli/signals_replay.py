"""reassay signals replay."""

import argparse
from typing import TYPE_CHECKING, Final, TextIO

from reassay.cli.signals_rule import DECIDE_HELP, add_rule

if TYPE_CHECKING:
    from reassay.register.incident_rate import IncidentRateSpec
    from reassay.register.mitigation import Mitigation
    from reassay.register.register import Register
    from reassay.signals.replay.replay import DecisionHabit
    from reassay.signals.replay.series import Series
    from reassay.signals.replay.series_csv import SeriesTable
    from reassay.signals.views.replay import ShownReplay

REPLAY: Final = "replay"
REPLAY_HELP: Final = "show when a rule on incident rates would have alarmed on a historical series"
REPLAY_EPILOG: Final = """\
  reassay signals replay incidents.csv --accepted '6 per year' --first-seen reported
  reassay signals replay incidents.csv --mitigation ID      the rule of the register, over a file
  reassay signals replay --mitigation ID                    over the register's own incidents

exit codes: 0 it was replayed; 1 it was, and the exposure of some days is unknown; 2 the
file, the rule or the register cannot be used
"""
_MOST_BYTES: Final = 50 * 1024 * 1024
BASELINE: Final = 50


def add_replay_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds FILE and the options of this subcommand."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="CSV, a row an incident; the register's incidents if left out"
    )
    add_rule(parser)
    parser.add_argument(
        "--mitigation", metavar="ID", help="replay the trigger of this mitigation instead of a stated rule"
    )
    parser.add_argument("--trigger", metavar="N", help="number of its incident-rate trigger, where it has several")
    parser.add_argument("--register", default=".", metavar="PATH", help="a checkout of the framework repository (.)")
    parser.add_argument(
        "--first-seen", metavar="COLUMN", default="first_seen_at", help="column of the day on which it was first seen"
    )
    parser.add_argument("--occurred", metavar="COLUMN", help="column of the day on which it happened, for the picture")
    parser.add_argument("--cause", metavar="COLUMN", help="column of the root cause; rows of one cause count once")
    parser.add_argument("--count", metavar="COLUMN", help="column of a number, where a row is a day")
    parser.add_argument("--exposure", metavar="COLUMN", help="column of the day's exposure, for a rule by exposure")
    parser.add_argument("--from", dest="began", metavar="DATE", help="first day of the watch (that of the series)")
    parser.add_argument("--until", metavar="DATE", help="last day (that of the series)")
    parser.add_argument("--baseline", metavar="N", help="rows of one day above which they are an import (50)")
    parser.add_argument("--decide", default="at-alarm", metavar="WHEN", help=f"{DECIDE_HELP} (at-alarm)")
    parser.add_argument("--title", metavar="TEXT", help="title of the picture")
    parser.add_argument("--format", choices=("text", "json", "csv", "svg"), default="text", help="svg is the picture")
    parser.add_argument("--quiet", "-q", action="store_true", default=argparse.SUPPRESS, help="print only errors")


def run_replay(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 if the exposure of some days is unknown. Raises UsageError."""
    from reassay.signals.views.replay import replay_document, replay_table, replay_text

    shown = _shown(args)
    if args.format == "svg":
        out.write(_drawn(shown))
    else:
        render = {"text": replay_text, "json": replay_document, "csv": replay_table}[args.format]
        out.write(render(shown))
    if shown.blind and not args.quiet and args.format != "text":
        print(f"reassay: the exposure of {len(shown.blind):,} days is unknown or zero", file=err)
    return int(bool(shown.blind))


def _shown(args: argparse.Namespace) -> "ShownReplay":
    from reassay.common.errors import UsageError
    from reassay.signals.replay.configuration import rule_of, rule_words
    from reassay.signals.replay.replay import replay
    from reassay.signals.views.replay import ShownReplay

    spec, mitigation, register = _spec(args)
    baseline = _baseline(args, register)
    table, series = _series(args, spec, mitigation, register, baseline)
    try:
        rule = rule_of(spec, series.exposure)
    except ValueError as error:
        remedy = "Name the column of the day's exposure with --exposure COLUMN, or state a rule with a figure."
        raise UsageError(f"{error}.", where=f"signals {REPLAY}", remedy=remedy) from error
    habit = _habit(args.decide)
    return ShownReplay(
        replay(rule, series, habit),
        args.title or (mitigation.title if mitigation else "Incidents"),
        rule_words(spec),
        f"every {habit.every.words()}" if habit.every else args.decide.strip(),
        baseline,
        spec.frequency.unit if spec.frequency is not None and not spec.frequency.is_of_time else "",
        table.no_occurrence if table else 0,
    )


def _spec(args: argparse.Namespace) -> "tuple[IncidentRateSpec, Mitigation | None, Register | None]":
    """The rule, and the mitigation and register that it is from."""
    from reassay.cli.signals_rule import stated_rule
    from reassay.common.errors import UsageError

    stated = any((args.accepted, args.more_than, args.window, args.run_length))
    if stated == bool(args.mitigation):
        remedy = "Write --accepted '6 per year', or --mitigation ID."
        wrong = "a rule and a mitigation are both given." if stated else "no rule is given."
        raise UsageError(wrong, where=f"signals {REPLAY}", remedy=remedy)
    if stated:
        if args.file is None:
            raise UsageError(
                "a stated rule needs a file.", where="FILE", remedy="Name a CSV file with a row an incident."
            )
        return stated_rule(args), None, None
    return _of_register(args)


def _of_register(args: argparse.Namespace) -> "tuple[IncidentRateSpec, Mitigation, Register]":
    from pathlib import Path

    from reassay.cli.signals_rule import whole_number
    from reassay.common.errors import UsageError
    from reassay.register.files import WorkingTree, read_register
    from reassay.register.finding import did_you_mean, quoted
    from reassay.register.incident_rate import IncidentRateSpec
    from reassay.register.trigger_specs import flat_triggers

    register = read_register(WorkingTree(Path(args.register)))
    entry = register.mitigations.get(args.mitigation)
    if entry is None:
        hint = did_you_mean(args.mitigation, register.mitigations)
        hint = f"{hint} The register has errors: `reassay check` shows them.".strip() if register.errors else hint
        message = f"there is no mitigation {quoted(args.mitigation)} in the register."
        raise UsageError(message, where="--mitigation", remedy=hint or "`reassay status` lists them.")
    specs = [
        own
        for own in flat_triggers(entry.value.reassess.triggers if entry.value.reassess else ())
        if isinstance(own, IncidentRateSpec)
    ]
    if not specs:
        remedy = "Try one first: state it with --accepted '6 per year'."
        raise UsageError(
            f"{quoted(args.mitigation)} has no incident-rate trigger.", where="--mitigation", remedy=remedy
        )
    if args.trigger is None and len(specs) > 1:
        remedy = f"Choose one with --trigger 1 to --trigger {len(specs)}, in the order of the register."
        raise UsageError(
            f"{quoted(args.mitigation)} has {len(specs)} incident-rate triggers.", where="--trigger", remedy=remedy
        )
    number = whole_number(args.trigger, "--trigger", 1, len(specs)) if args.trigger else 1
    return specs[number - 1], entry.value, register


def _baseline(args: argparse.Namespace, register: "Register | None") -> int:
    from reassay.cli.signals_rule import whole_number

    if args.baseline is not None:
        return whole_number(args.baseline, "--baseline", 1, 1_000_000)
    return register.configuration.signals.baseline if register else BASELINE


def _series(
    args: argparse.Namespace,
    spec: "IncidentRateSpec",
    mitigation: "Mitigation | None",
    register: "Register | None",
    baseline: int,
) -> "tuple[SeriesTable | None, Series]":
    from reassay.common.errors import UsageError
    from reassay.common.instants import read_day
    from reassay.signals.replay.series import register_incidents, series_of

    table = _table(args) if args.file is not None else None
    if table is not None:
        incidents, exposure = table.incidents, table.exposure
    else:
        if mitigation is None or register is None:
            raise TypeError("a rule without a mitigation needs a file")
        incidents, exposure = register_incidents(spec, mitigation.id, register), {}
    began = read_day(args.began, "--from") if args.began else spec.since
    until = read_day(args.until, "--until") if args.until else None
    try:
        return table, series_of(incidents, baseline, began=began, until=until, exposure=exposure)
    except ValueError as error:
        remedy = "Give both --from and --until, or a file with incidents."
        raise UsageError(f"{error}.", where=args.file or args.register, remedy=remedy) from error


def _table(args: argparse.Namespace) -> "SeriesTable":
    from pathlib import Path

    from reassay.common.errors import UsageError
    from reassay.signals.replay.series_csv import SeriesColumns, UnreadableSeriesError, read_series

    path = Path(args.file)
    columns = SeriesColumns(args.first_seen, args.occurred, args.cause, args.count, args.exposure)
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise UsageError(f"it has more than {_MOST_BYTES:,} bytes.", where=args.file, remedy="Split it by year.")
        return read_series(content.decode("utf-8-sig"), columns)
    except OSError as error:
        raise UsageError(f"it cannot be read: {error.strerror}.", where=args.file, remedy="Check its path.") from error
    except UnicodeDecodeError as error:
        raise UsageError("it has bytes that are not UTF-8.", where=args.file, remedy="Save it as UTF-8.") from error
    except UnreadableSeriesError as error:
        where = args.file if error.line is None else f"{args.file}:{error.line}"
        raise UsageError(f"{error}.", where=where, remedy=error.remedy) from error


def _habit(text: str) -> "DecisionHabit":
    from reassay.cli.signals_rule import interval
    from reassay.signals.replay.replay import DecisionHabit

    match text.strip():
        case "at-alarm":
            return DecisionHabit(at_alarm=True)
        case "never":
            return DecisionHabit()
        case every:
            return DecisionHabit(every=interval(every, "--decide"))


def _drawn(shown: "ShownReplay") -> str:
    from reassay.common.drawing_errors import drawing_errors
    from reassay.signals.views.replay import replay_picture

    with drawing_errors("--format svg"):
        from reassay.signals.views.rate_drawing import draw

        return draw(replay_picture(shown)).decode()
