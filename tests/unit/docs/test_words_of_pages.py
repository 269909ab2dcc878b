"""What pages name exists: options, verbs, inputs, states, modes; no page speaks of a version that has passed."""

import argparse
import io
import re
from collections.abc import Iterator
from typing import get_args

import pytest
import yaml

from docs.generate import pages
from reassay.assessment.cell_status import State
from reassay.cli import build_parser
from reassay.cli.action import run_action
from reassay.commands.registry import COMMANDS
from reassay.register.configuration import Mode
from tests.unit.docs.page_commands import FENCE, PAGES, ROOT

TEXTS = {page: file.read_text(encoding="utf-8") for page, file in PAGES.items()}
WRITTEN = {page: text for page, text in TEXTS.items() if page not in pages()}
"""Without those that are generated."""
FOREIGN = frozenset({"--first-parent", "--force"})
"""Options of other programs that sentences name."""
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
PASSED = re.compile(
    r"\b(not (?:yet )?(?:a )?part of this version|in this version|not (?:yet )?implemented|coming soon|planned for a later)\b",
    re.IGNORECASE,
)


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:  # argparse has no public way to list them
        yield from action.option_strings
        if isinstance(action, argparse._SubParsersAction):
            for part in action.choices.values():
                yield from options(part)


def spans(text: str) -> list[str]:
    """What stands in code within sentences."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", FENCE.sub("", text))


@pytest.mark.parametrize("page", TEXTS)
def test_options_that_a_sentence_names_exist(page: str) -> None:
    known = frozenset(options(build_parser())) | FOREIGN
    named = {span.split()[0].split("=")[0] for span in spans(TEXTS[page]) if re.match("--[a-z]", span)}
    assert sorted(named - known) == [], "if it is an option of another program, add it to FOREIGN"


@pytest.mark.parametrize("page", TEXTS)
def test_slash_commands_that_a_sentence_names_exist(page: str) -> None:
    verbs = {verb.name for verb in COMMANDS}
    named = {match[1] for span in spans(TEXTS[page]) if (match := re.match(r"/reassay ([a-z-]+)", span))}
    assert sorted(named - verbs) == []


def test_no_page_speaks_of_a_version_that_has_passed() -> None:
    assert {page: match[0] for page, text in WRITTEN.items() if (match := PASSED.search(text))} == {}


def test_links_to_a_section_lead_to_a_heading_that_is_there() -> None:
    lost = []
    for page, text in TEXTS.items():
        for target, section in re.findall(r"\]\((?!https?://)([^)#\s]*)#([^)\s]+)\)", FENCE.sub("", text)):
            place = ((ROOT / page).parent / target).resolve() if target else ROOT / page
            if place.suffix == ".md" and place.exists() and section not in headings(place.read_text(encoding="utf-8")):
                lost.append(f"{page}: {target}#{section}")
    assert lost == []


def headings(text: str) -> set[str]:
    """The addresses of a page's headings, as GitHub makes them."""
    lines = re.findall(r"^#+ (.+?) *$", FENCE.sub("", text), re.MULTILINE)
    plain = [re.sub(r"\]\([^)]*\)", "]", line).lower() for line in lines]
    slugs = [re.sub(r"[^\w -]", "", line).replace(" ", "-") for line in plain]
    return {
        slug if number == 0 else f"{slug}-{number}"
        for at, slug in enumerate(slugs)
        for number in [slugs[:at].count(slug)]
    }


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), ["README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page not in TEXTS:
            continue
        reached.add(page)
        for link in LINK.findall(TEXTS[page]):
            place = (ROOT / page).parent / link
            if place.resolve().is_relative_to(ROOT.resolve()):
                waiting.append(place.resolve().relative_to(ROOT.resolve()).as_posix())
    lost = [page for page in TEXTS if page.startswith("docs/") and page not in reached]
    assert lost == [], "link them from README.md, or from a page that it links to"


def test_the_states_of_the_page_are_those_of_the_code() -> None:
    """Four are in the picture of a due date; the table lists the others, most urgent first."""
    table = TEXTS["docs/explanation/cells-and-clocks.md"].split("Other states of a cell")[1].split("\n\n")[1]
    table = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", table)
    rows = [name.strip() for row in re.findall(r"^\| ([a-z, -]+) \|", table, re.MULTILINE) for name in row.split(",")]
    assert rows == ["state", *(str(state) for state in State if state not in {"current", "due-soon", "due", "overdue"})]


@pytest.mark.parametrize("page", ["docs/how-to/adopt-in-steps.md", "docs/explanation/trust.md"])
def test_the_modes_of_a_table_are_those_of_the_code(page: str) -> None:
    rows = re.findall(r"^\| `([a-z]+)` \|", TEXTS[page], re.MULTILINE)
    assert rows == list(get_args(Mode))


def test_inputs_and_outputs_of_the_how_to_are_those_of_the_action() -> None:
    page = TEXTS["docs/how-to/run-in-github-actions.md"]
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    section = page.split("## Inputs")[1].split("\n## ")[0]
    named = {
        name for row in re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE) for name in re.findall(r"`([\w-]+)`", row)
    }
    assert named > {"fail-on", "token"}
    assert named <= set(action["inputs"])
    shown = set(re.findall(r"`([\w-]+)`", page.split("## Outputs\n")[1].split("\n\n")[1]))
    assert shown <= set(action["outputs"])


def test_what_fail_on_takes_is_what_the_page_says() -> None:
    """The Action itself says which words it takes, when it refuses another one."""
    accepted = set()
    for mode, extra in (
        ("sweep", {}),
        ("observe", {"REASSAY_FRAMEWORK": "lab/framework", "GITHUB_REPOSITORY": "lab/product"}),
    ):
        out = io.StringIO()
        environment = {
            "REASSAY_MODE": mode,
            "REASSAY_FAIL_ON": "nonsense",
            "GITHUB_REPOSITORY": "lab/framework",
            "GITHUB_EVENT_NAME": "schedule",
            **extra,
        }
        assert run_action(environment, out, out) == 2
        remedy = re.search(r"not a valid 'fail-on'.*?[Ww]rite ([a-z, ]+)\.", out.getvalue())
        assert remedy, out.getvalue()
        accepted |= set(remedy[1].replace(",", " or ").split(" or ")) - {"none"}
    row = next(
        line for line in TEXTS["docs/how-to/run-in-github-actions.md"].splitlines() if line.startswith("| `fail-on`")
    )
    assert set(re.findall(r"`([a-z]+)`", row.split("|")[2])) - {"observe"} == {word.strip() for word in accepted}
    description = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]["fail-on"]["description"]
    assert all(re.search(rf"\b{word.strip()}\b", description) for word in accepted)
