"""What-if verdicts in a terminal, and as JSON for programs."""

from collections.abc import Sequence
from typing import TextIO

from reassay.common.inert import plain
from reassay.common.sentences import names
from reassay.common.terminal import console
from reassay.dashboard.what_if import eligible, what_if
from reassay.dashboard.what_if_words import (
    ASSUMPTION,
    NOBODY_ASKED,
    conclusion_words,
    done_words,
    one_role_words,
    people_words,
    rows_words,
)
from reassay.gate.input import GateInput
from reassay.gate.verdict import Verdict
from reassay.gate.views.terminal import paragraph
from reassay.people.people import who


def show_what_if(people: Sequence[str], verdict: Verdict, gate_input: GateInput, out: TextIO) -> None:
    """Writes the verdict once these people have acted, and that they have not."""
    screen = console(out)
    result = what_if(people, verdict, gate_input)
    enforces = gate_input.assessment_input.register.enforces
    comma = "," if len(people) > 1 else ""
    paragraph(screen, (plain(f"What if {people_words(result.people)}{comma} {ASSUMPTION}?"), "bold"))
    paragraph(screen, plain(_done(done_words(result), result.signed, verdict, gate_input)), indent=2)
    if second := one_role_words(result):
        paragraph(screen, plain(second), indent=2)
    style = "green" if result.conclusion == "success" else "bold red"
    more = " Missing even then:" if result.missing else ""
    paragraph(screen, (conclusion_words(result, enforces=enforces), style), more, indent=2)
    for sentence in result.missing:
        paragraph(screen, plain(sentence), indent=4)
    paragraph(screen, NOBODY_ASKED, indent=2)


def _done(words: str, signed: Sequence[int], verdict: Verdict, gate_input: GateInput) -> str:
    """What they would do; where that is nothing, who can do something."""
    able = () if signed else tuple(eligible(verdict, gate_input))
    return f"{words} {who(able)} can." if able else words


def show_assumed(named: Sequence[tuple[str, str]], verdict: Verdict, gate_input: GateInput, out: TextIO) -> None:
    """Writes which sign-offs a verdict assumes."""
    people = names(*(f"@{login.removeprefix('@')} as {role}" for role, login in named))
    rows = [
        row.number
        for row in verdict.rows
        if any(own.counts and gate_input.is_assumed(own.record) for own in row.signatures)
    ]
    what = f"Assumed: {people} signed off {rows_words(rows)}." if rows else f"{people} can sign off nothing here now."
    paragraph(console(out), plain(what))
    paragraph(console(out), NOBODY_ASKED)


def what_if_document(people: Sequence[str], verdict: Verdict, gate_input: GateInput) -> dict[str, object]:
    """The part `what_if` of `reassay/gate/v1`."""
    result = what_if(people, verdict, gate_input)
    return {
        "people": list(result.people),
        "assumes": f"each {ASSUMPTION}",
        "recorded": False,
        "conclusion": result.conclusion,
        "answered": list(result.answered),
        "signed": list(result.signed),
        "in_one_role": list(result.in_one_role),
        "missing": list(result.missing),
    }
