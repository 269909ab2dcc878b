"""Whatever can be added by a new file is named in a typed tuple; a file that nobody named is found here."""

from collections.abc import Collection, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import get_type_hints

import pytest

import reassay.assessment.checklists
import reassay.assessment.triggers
import reassay.cli
import reassay.commands
import reassay.doctor.checks
import reassay.evidence.kinds
import reassay.evidence.readers
import reassay.gate.rules
import reassay.imports.recipes
import reassay.register.catalogues
import reassay.signals.sources
from reassay.approvals.command_context import Shows
from reassay.assessment.checklists import CHECKLISTS
from reassay.assessment.triggers import BUILT_IN, TRIGGERS
from reassay.cli import COMMANDS as CLI_COMMANDS
from reassay.cli.command_entry import CliCommand
from reassay.commands.registry import COMMANDS
from reassay.doctor.checks import EXAMINATIONS
from reassay.evidence.kinds import KINDS as CRITERION_KINDS
from reassay.evidence.readers import READERS
from reassay.gate.rules import RULES
from reassay.hosted.rules import events
from reassay.hosted.rules.events import EVENTS
from reassay.hosted.rules.webhook_event import WebhookEvent
from reassay.imports.recipes import RECIPES
from reassay.register.catalogues import CATALOGUES
from reassay.signals.sources import READERS as SOURCE_READERS

HELPERS = {"base"}
COMMAND_HELPERS = HELPERS | {
    "evidence_figures",
    "evidence_receipt",
    "evidence_source",
    "assumed",
    "offers",
    "settlement",
    "result_declaration",
    "stated_figures",
}
READER_HELPERS = {
    "archive",
    "garak_attempt",
    "garak_counts",
    "inspect_log",
    "inspect_samples",
    "json_lines",
    "json_small",
    "json_stream",
    "json_values",
    "junit_document",
    "names",
    "problem_list",
    "promptfoo_row",
    "pyrit_attack",
    "python_constants",
    "run_start",
    "slice_pool",
    "table_rows",
    "tally",
}
SOURCE_HELPERS = {
    "advisory_fields",
    "archives",
    "counter_series",
    "csv_rows",
    "documents",
    "dumps",
    "field_values",
    "issue_forms",
    "json_documents",
    "register_ids",
    "rows",
    "webhook_values",
}
RECIPE_HELPERS = {"requirement_tables", "stated_licences", "verification_standards"}
CLI_HELPERS = {"action_entry", "remote", "settings"}
PLACES: list[tuple[ModuleType, str, Collection[object], set[str]]] = [
    (
        reassay.assessment.triggers,
        "TRIGGER",
        (*BUILT_IN, *TRIGGERS),
        {"base", "clocks", "model_figures"},
    ),
    (reassay.commands, "COMMAND", COMMANDS, {"conclusion", "registry"} | COMMAND_HELPERS),
    (reassay.gate.rules, "RULE", RULES, HELPERS),
    (reassay.assessment.checklists, "CHECKLIST", CHECKLISTS, HELPERS),
    (reassay.register.catalogues, "CATALOGUE", CATALOGUES, HELPERS),
    (reassay.evidence.readers, "READER", READERS, HELPERS | READER_HELPERS),
    (reassay.evidence.kinds, "CRITERION_KIND", CRITERION_KINDS, HELPERS | {"detector", "figures"}),
    (reassay.signals.sources, "READER", SOURCE_READERS, SOURCE_HELPERS),
    (reassay.doctor.checks, "examine", EXAMINATIONS, HELPERS),
    (reassay.imports.recipes, "RECIPE", RECIPES, HELPERS | RECIPE_HELPERS),
]


def files(package: ModuleType) -> Iterator[str]:
    return (file.name for file in iter_modules(package.__path__))


@pytest.mark.parametrize(
    ("package", "value", "named", "helpers"), PLACES, ids=[package.__name__ for package, *_ in PLACES]
)
def test_no_file_is_forgotten(package: ModuleType, value: str, named: Collection[object], helpers: set[str]) -> None:
    modules = [import_module(f"{package.__name__}.{name}") for name in files(package) if name not in helpers]
    forgotten = [module.__name__ for module in modules if vars(module).get(value) not in named]
    assert not forgotten
    assert modules


@pytest.mark.parametrize(("package", "value", "named", "helpers"), PLACES)
def test_nothing_is_named_twice(package: ModuleType, value: str, named: Collection[object], helpers: set[str]) -> None:
    assert len({id(each) for each in named}) == len(named)


def test_no_event_is_forgotten() -> None:
    declared = [value for value in vars(events).values() if isinstance(value, WebhookEvent)]
    assert list(EVENTS) == declared


def test_no_command_of_the_command_line_is_forgotten() -> None:
    modules = {name: import_module(f"reassay.cli.{name}") for name in files(reassay.cli)}
    commands = [name for name, module in modules.items() if isinstance(vars(module).get("COMMAND"), CliCommand)]
    assert sorted(entry.module for entry in CLI_COMMANDS) == sorted(commands)
    assert all(isinstance(entry.load(), CliCommand) for entry in CLI_COMMANDS)
    names = [entry.name for entry in CLI_COMMANDS]
    assert names == sorted(set(names))


def test_commands_and_events_stand_in_alphabetical_order() -> None:
    for names in ([command.name for command in COMMANDS], [event.name for event in EVENTS]):
        assert names == sorted(set(names))


def test_a_command_that_only_shows_something_says_so() -> None:
    results = {command.name: get_type_hints(command.act)["return"] for command in COMMANDS}
    only_shows = {name for name, result in results.items() if result is Shows}
    assert only_shows
    assert {command.name for command in COMMANDS if command.is_showing} == only_shows


def test_what_an_override_does_not_reach() -> None:
    assert [rule.name for rule in RULES if not rule.is_overridable] == ["mergeable", "readable", "ledger", "hold"]
