"""The answer of `reassay evidence plan-test`, as text and as a document."""

from collections.abc import Sequence

from reassay.common.json_text import to_json
from reassay.evidence.criterion_bounds import share_words
from reassay.evidence.plan_sizes import PlanQuestion, PlanSize
from reassay.register.finding import inert


def plan_text(question: PlanQuestion, sizes: Sequence[PlanSize]) -> str:
    """The question as a sentence, a row for each chance, and how to read them."""
    lines = [_asked(question), "", f"  {'chance of being met':<20}  {'plan: open':>12}  plan: fixed"]
    lines += [f"  {share_words(size.chance):<20}  {_number(size.open_n):>12}  {_fixed(size)}" for size in sizes]
    lines += ["", *_notes(question, sizes)]
    return "\n".join(lines) + "\n"


def plan_document(question: PlanQuestion, sizes: Sequence[PlanSize]) -> str:
    """`reassay/evidence-plan/v1`."""
    return to_json(
        {
            "schema": "reassay/evidence-plan/v1",
            "at_most": question.at_most,
            "margin": question.margin,
            "bound": question.bound,
            "judged_bound": question.judged_bound,
            "believed": question.believed,
            "population": question.population,
            "judge_items": question.judge_items,
            "sizes": [
                {"chance": size.chance, "open": size.open_n, "fixed": size.fixed_n, "fixed_allowed": size.fixed_allowed}
                for size in sizes
            ],
        }
    )


def _asked(question: PlanQuestion) -> str:
    undesired = inert(question.undesired)
    margin = f" with a margin of {share_words(question.margin)}" if question.margin else ""
    of_all = f" of {question.population:,} items" if question.population else ""
    return (
        f"To show that at most {share_words(question.at_most)}{of_all} are {undesired}{margin},"
        f" if {share_words(question.believed)} really are:"
    )


def _notes(question: PlanQuestion, sizes: Sequence[PlanSize]) -> list[str]:
    unit = "items" if question.population else "prompts"
    notes = [
        f"plan: open may be looked at, stopped and topped up at any time; it is met by that number of {unit}.",
        f"plan: fixed is declared with its size before the first result, and is read once, at exactly that number of {unit}.",
    ]
    if question.judge_items:
        notes.append(
            f"Counted with a judge that finds all of {question.judge_items:,} known-adverse items:"
            f" the bound is then {share_words(round(question.judged_bound, 6))}."
        )
    if question.believed >= question.bound:
        notes.append("No plan can show it: the believed rate is not below the bound.")
    elif any(size.open_n is None or size.fixed_n is None for size in sizes):
        notes.append(
            "The believed rate is too close to the bound: lower it, or plan for a larger margin to the target."
        )
    return notes


def _fixed(size: PlanSize) -> str:
    if size.fixed_n is None:
        return _number(None)
    return f"{size.fixed_n:,}, with at most {size.fixed_allowed:,} adverse"


def _number(size: int | None) -> str:
    return "none" if size is None else f"{size:,}"
