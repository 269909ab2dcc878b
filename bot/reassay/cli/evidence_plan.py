"""reassay evidence plan-test."""

import argparse
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from reassay.evidence.plan_sizes import PlanQuestion
    from reassay.register.criteria import Criterion

PLAN: Final = "plan-test"
PLAN_HELP: Final = "say how many prompts a test needs, by the rate that people believe in"
PLAN_EPILOG: Final = """\
  reassay evidence plan-test --at-most 2% --margin 0.5% --believed 0.3%
  reassay evidence plan-test PATH --mitigation ID [--criterion NAME] --believed 0.3%

prints the number of prompts that meets the criterion with a chance of 80% and of 90%, computed exactly
exits 1 if no number does
"""


def add_plan_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this subcommand."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="a checkout of a framework repository (.)")
    parser.add_argument("--believed", required=True, metavar="RATE", help="rate that people believe in: 0.003 or 0.3%%")
    parser.add_argument("--mitigation", metavar="ID", help="the mitigation whose criterion is planned for")
    parser.add_argument("--criterion", metavar="NAME", help="its criterion, if it has several with a bound")
    parser.add_argument("--at-most", metavar="RATE", help="largest acceptable rate, without a register")
    parser.add_argument("--margin", metavar="RATE", help="margin between it and the bound that has to be shown (0)")
    parser.add_argument("--judge", metavar="N", help="known-adverse items by which a judge is validated, all found")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")
    parser.add_argument("--quiet", "-q", action="store_true", default=argparse.SUPPRESS, help="print only errors")


def run_plan(args: argparse.Namespace, out: TextIO) -> int:
    """Exits 1 if no number of prompts is enough. Raises UsageError."""
    from reassay.common.errors import UsageError
    from reassay.evidence.plan_sizes import plan_sizes
    from reassay.evidence.views.plan_sizes import plan_document, plan_text

    question = _question(args)
    try:
        sizes = plan_sizes(question)
    except ValueError as error:
        remedy = "The bound (at most, less the margin) is more than 0 and less than 100%."
        raise UsageError(f"{error}.", where=f"evidence {PLAN}", remedy=remedy) from error
    out.write(plan_document(question, sizes) if args.format == "json" else plan_text(question, sizes))
    return int(all(size.open_n is None and size.fixed_n is None for size in sizes))


def _question(args: argparse.Namespace) -> "PlanQuestion":
    from reassay.common.errors import UsageError
    from reassay.evidence.plan_sizes import PlanQuestion

    if (args.at_most is None) == (args.mitigation is None):
        remedy = "Write --at-most RATE, or PATH --mitigation ID."
        raise UsageError("one of --at-most and --mitigation is needed.", where=f"evidence {PLAN}", remedy=remedy)
    believed = _rate(args.believed, "--believed")
    if args.mitigation is None:
        return PlanQuestion(
            _rate(args.at_most, "--at-most"), _rate(args.margin or "0", "--margin"), believed, _items(args.judge)
        )
    if args.margin is not None or args.judge is not None:
        remedy = "Delete --margin and --judge: the criterion states them."
        raise UsageError("a criterion has its own margin and judge.", where=f"evidence {PLAN}", remedy=remedy)
    return _of_criterion(_criterion(args), believed)


def _criterion(args: argparse.Namespace) -> "Criterion":
    from pathlib import Path

    from reassay.common.errors import UsageError
    from reassay.evidence.criterion_bounds import criteria_of
    from reassay.register.criteria import RateCriterion, SampleCriterion
    from reassay.register.files import WorkingTree, read_register
    from reassay.register.finding import did_you_mean, quoted

    register = read_register(WorkingTree(Path(args.path)))
    entry = register.mitigations.get(args.mitigation)
    if entry is None:
        remedy = did_you_mean(args.mitigation, register.mitigations) or "`reassay status` lists the mitigations."
        raise UsageError(f"there is no mitigation {quoted(args.mitigation)}.", where=args.path, remedy=remedy)
    counted = [item for item in criteria_of(entry.value) if isinstance(item, RateCriterion | SampleCriterion)]
    fitting = [item for item in counted if args.criterion in {None, item.name}]
    if len(fitting) != 1:
        listed = ", ".join(quoted(item.name) for item in counted) or "none"
        remedy = f"Name one with --criterion; with a bound it has: {listed}."
        wrong = "several criteria with a bound" if fitting else "no such criterion with a bound"
        raise UsageError(f"{quoted(args.mitigation)} has {wrong}.", where="--criterion", remedy=remedy)
    return fitting[0]


def _of_criterion(criterion: "Criterion", believed: float) -> "PlanQuestion":
    from reassay.evidence.plan_sizes import PlanQuestion
    from reassay.register.criteria import RateCriterion, SampleCriterion

    match criterion:
        case SampleCriterion():
            return PlanQuestion(
                criterion.at_most,
                criterion.margin,
                believed,
                population=criterion.population,
                undesired=criterion.undesired,
            )
        case RateCriterion():
            items = criterion.judge.at_least if criterion.judge else None
            undesired = criterion.undesired or "adverse"
            return PlanQuestion(criterion.at_most, criterion.margin, believed, items, undesired=undesired)
        case _:
            raise TypeError(f"{criterion.kind} has no bound on a rate")


def _rate(text: str, where: str) -> float:
    from reassay.common.errors import UsageError

    stripped = text.strip()
    try:
        value = float(stripped.removesuffix("%")) / (100 if stripped.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise UsageError(f"'{text}' is not a rate.", where=where, remedy="Write e.g. 0.003 or 0.3%.")
    return value


def _items(text: str | None) -> int | None:
    from reassay.common.errors import UsageError

    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise UsageError(f"'{text}' is not a number of items.", where="--judge", remedy="Write e.g. 100.")
    return int(text)
