"""The recipes of CONTRIBUTING call constructors as they are, and name the list of modules where one has to be listed."""

import ast
import inspect
import re

import pytest

from reassay.assessment.checklists.base import Checklist
from reassay.assessment.triggers.base import BuiltInTrigger, StatedTrigger
from reassay.cli.command_entry import CliCommand
from reassay.commands.base import SlashCommand
from reassay.evidence.readers.base import EvidenceReader
from reassay.gate.rules.base import GateRule
from reassay.imports.recipes.base import Recipe
from reassay.register.catalogues.base import Catalogue
from tests.unit.docs.page_commands import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = {title: body for title, _, body in (part.partition("\n") for part in TEXT.split("\n### ")[1:])}
TYPES = (
    BuiltInTrigger,
    Catalogue,
    Checklist,
    CliCommand,
    EvidenceReader,
    GateRule,
    Recipe,
    SlashCommand,
    StatedTrigger,
)
CONSTRUCTORS = {constructor.__name__: inspect.signature(constructor) for constructor in TYPES}
CALL = re.compile(rf"`(?:[A-Z]+ = )?((?:{'|'.join(CONSTRUCTORS)})\([^`]*\))`")
FLAG = re.compile(r"`(\w+)=(?:True|False)`")
AT_THE_TOP_OF_A_ROOM = re.compile(r"`bot/reassay/[a-z]+/<\w+>\.py`")


def problem_of(code: str) -> str:
    """What is wrong with a call; `...` stands for arguments that are left out. Empty if nothing is."""
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    signature = CONSTRUCTORS[ast.unparse(call.func)]
    keywords = {keyword.arg or "" for keyword in call.keywords}
    if any(isinstance(argument, ast.Constant) and argument.value is Ellipsis for argument in call.args):
        return ", ".join(sorted(keywords - signature.parameters.keys()))
    try:
        signature.bind(*call.args, **dict.fromkeys(keywords))
    except TypeError as error:
        return str(error)
    return ""


def test_every_constructor_of_a_recipe_is_called_with_what_it_needs() -> None:
    calls = CALL.findall(TEXT)
    assert {code.partition("(")[0] for code in calls} == set(CONSTRUCTORS)
    assert {code: problem for code in calls if (problem := problem_of(code))} == {}


@pytest.mark.parametrize(
    "code", ["StatedTrigger(KIND, MODEL, evaluate)", "GateRule(NAME, x)", "GateRule(..., is_new=1)"]
)
def test_a_call_that_does_not_work_is_noticed(code: str) -> None:
    assert problem_of(code)


@pytest.mark.parametrize("title", [title for title, body in RECIPES.items() if FLAG.search(body)])
def test_the_options_that_a_recipe_names_are_there(title: str) -> None:
    parameters = {
        name for code in CALL.findall(RECIPES[title]) for name in CONSTRUCTORS[code.partition("(")[0]].parameters
    }
    assert set(FLAG.findall(RECIPES[title])) <= parameters


def test_a_recipe_for_a_file_at_the_top_of_a_room_names_the_list_of_modules() -> None:
    at_the_top = {title for title, body in RECIPES.items() if AT_THE_TOP_OF_A_ROOM.search(body)}
    assert {"CLI command", "Kind of register object", "Slash command"} <= at_the_top
    assert {title for title in at_the_top if "`.importlinter`" not in RECIPES[title]} == set()
