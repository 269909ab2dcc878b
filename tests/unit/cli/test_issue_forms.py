"""The issue forms of `reassay init`: GitHub shows them, they ask for no attack content, and what people answer is read."""

import io
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from reassay.cli import main
from reassay.register.files import WorkingTree, read_register
from reassay.register.incident import Severity
from reassay.signals.source_readings import LabelledIssue, SourceReading
from reassay.signals.sources import labelled_issues
from reassay.signals.sources.issue_forms import HEADINGS
from tests.unit.signals.sources.feeds_lab import context, source

FOLDER = Path(".github/ISSUE_TEMPLATE")
FORMS = ("reassay-incident.yml", "reassay-safeguard-vulnerability.yml")
EVERY_FORM = pytest.mark.parametrize("name", FORMS)
TOP = {"name", "description", "title", "labels", "body"}
"""Keys of a form that are used here; GitHub shows none that has an unknown one.
https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""
ATTRIBUTES = {
    "markdown": ({"value"}, {"value"}),
    "textarea": ({"label"}, {"label", "description", "placeholder", "value", "render"}),
    "input": ({"label"}, {"label", "description", "placeholder", "value"}),
    "dropdown": ({"label", "options"}, {"label", "description", "multiple", "options", "default"}),
    "checkboxes": ({"label", "options"}, {"label", "description", "options"}),
}
"""Attributes by type: those that are required, and all."""


def written(root: Path, *arguments: str) -> str:
    out = io.StringIO()
    assert main(["init", str(root), "--owner", "safety-lead", "--without-git", *arguments], out, io.StringIO()) == 0
    return out.getvalue()


def form_of(root: Path, name: str) -> Any:  # noqa: ANN401 -- YAML
    return yaml.safe_load((root / FOLDER / name).read_text(encoding="utf-8"))


@pytest.mark.slow
@EVERY_FORM
@pytest.mark.parametrize("arguments", [(), ("--full",)])
def test_a_form_is_one_that_github_shows(tmp_path: Path, name: str, arguments: tuple[str, ...]) -> None:
    written(tmp_path, *arguments)
    form = form_of(tmp_path, name)
    assert set(form) == TOP
    assert all(isinstance(form[key], str) and form[key] for key in ("name", "description", "title"))
    assert all(isinstance(label, str) for label in form["labels"])
    ids, labels = [], []
    for part in form["body"]:
        required, every = ATTRIBUTES[part["type"]]
        assert required <= set(part["attributes"]) <= every, part
        # A date without quotation marks is no text, and GitHub shows the form to nobody then.
        assert all(isinstance(value, str | list) for value in part["attributes"].values()), part
        assert set(part) <= {"type", "id", "attributes", "validations"}
        assert set(part.get("validations", {})) <= {"required"}
        if part["type"] != "markdown":
            ids.append(part["id"])
            labels.append(part["attributes"]["label"])
            assert re.fullmatch(r"[A-Za-z0-9_-]+", part["id"])
        if part["type"] == "dropdown":
            assert len(set(part["attributes"]["options"])) == len(part["attributes"]["options"])
            assert all(isinstance(option, str) for option in part["attributes"]["options"])
    assert len(ids) == len(set(ids))
    assert len(labels) == len(set(labels))


@EVERY_FORM
def test_no_form_asks_for_attack_content(tmp_path: Path, name: str) -> None:
    written(tmp_path)
    form = form_of(tmp_path, name)
    text = (tmp_path / FOLDER / name).read_text(encoding="utf-8")
    asked = " ".join(part["attributes"]["label"] for part in form["body"] if part["type"] != "markdown")
    assert not re.search(r"prompt|payload|exploit|transcript|reproduc|steps", asked, re.IGNORECASE)
    assert "attack content" in form["description"]
    assert "Report a vulnerability" in text
    assert "SECURITY.md" in text
    pointer = next(part for part in form["body"] if part.get("id") == "pointer")
    assert pointer["attributes"]["label"] == "Where the details are kept"
    promise = next(part for part in form["body"] if part["type"] == "checkboxes")
    assert promise["attributes"]["options"][0]["required"] is True


def test_a_vulnerability_needs_a_place_of_its_details_and_no_details(tmp_path: Path) -> None:
    written(tmp_path)
    parts = {part["id"]: part for part in form_of(tmp_path, FORMS[1])["body"] if "id" in part}
    assert parts["pointer"]["validations"] == {"required": True}
    assert "validations" not in parts["meaning"]


def filed(root: Path, name: str, answers: dict[str, str]) -> str:
    """The body of the issue that GitHub makes of a filed form."""
    sections = []
    for part in form_of(root, name)["body"]:
        if part["type"] == "markdown":
            continue
        answer = answers.get(part["attributes"]["label"], "_No response_")
        if part["type"] == "checkboxes":
            answer = "\n".join(f"- [X] {option['label']}" for option in part["attributes"]["options"])
        if part["type"] == "dropdown" and answer != "_No response_":
            assert answer in part["attributes"]["options"]
        sections.append(f"### {part['attributes']['label']}\n\n{answer}")
    return "\n\n".join(sections)


def read(body: str, gives: str) -> SourceReading:
    created = datetime(2026, 11, 20, 8, tzinfo=UTC)
    issue = LabelledIssue(7, "x", body, created, None, None, "https://github.com/example-lab/framework/issues/7")
    return labelled_issues.READER.read(source("issues", label="incident", gives=gives), context(issues=[issue]))


def test_what_is_answered_in_the_form_for_incidents_is_read(tmp_path: Path) -> None:
    written(tmp_path)
    answers = {
        "What happened": "A leak.", "Severity": "critical", "Kind": "Near miss", "First seen at": "2026-11-19T14:30Z",
        "Occurred at": "2026-11-18", "Mitigations": "jailbreak-filter, staff-training", "Deployment": "public-api",
        "Root cause": "tokenizer-update", "Where the details are kept": "the vault",
    }  # fmt: skip
    reading = read(filed(tmp_path, FORMS[0], answers), "incidents")
    (signal,) = reading.signals
    assert reading.problems == ()
    assert (signal.severity, signal.incident_kind, signal.root_cause) == (
        Severity.CRITICAL, "near-miss", "tokenizer-update"
    )  # fmt: skip
    assert (signal.first_seen_at, signal.occurred_at) == (
        datetime(2026, 11, 19, 14, 30, tzinfo=UTC), datetime(2026, 11, 18, tzinfo=UTC)
    )  # fmt: skip
    assert (signal.mitigations, signal.deployment) == (("jailbreak-filter", "staff-training"), "public-api")


@pytest.mark.parametrize(
    ("option", "kind"),
    [("Safeguard vulnerability", "safeguard-vulnerability"), ("Jailbreak", "jailbreak"), ("Research", "research"),
     ("External incident", "external-incident"), ("Evaluation method", "evaluation-method")],
)  # fmt: skip
def test_what_is_answered_in_the_form_for_vulnerabilities_is_read(tmp_path: Path, option: str, kind: str) -> None:
    written(tmp_path)
    answers = {"Kind": option, "Mitigation": "jailbreak-filter", "First seen at": "2026-11-19"}
    reading = read(filed(tmp_path, FORMS[1], answers), "information")
    (signal,) = reading.signals
    assert reading.problems == ()
    assert (signal.information_kind, signal.mitigations) == (kind, ("jailbreak-filter",))
    assert signal.first_seen_at == datetime(2026, 11, 19, tzinfo=UTC)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("part_type", ["dropdown"])
def test_every_option_of_a_question_that_is_read_is_understood(tmp_path: Path, name: str, part_type: str) -> None:
    written(tmp_path)
    for part in form_of(tmp_path, name)["body"]:
        if part["type"] != part_type:
            continue
        label = part["attributes"]["label"]
        assert label.lower() in HEADINGS
        for option in part["attributes"]["options"]:
            gives = "information" if name == FORMS[1] else "incidents"
            assert read(filed(tmp_path, name, {label: option}), gives).problems == ()


def test_reports_in_private_have_a_link_where_the_repository_has_an_address(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    remote = "git@github.com:Example-Lab/Framework.git"
    subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", remote], check=True)
    written(tmp_path)
    chooser = form_of(tmp_path, "config.yml")
    assert chooser["blank_issues_enabled"] is True
    (link,) = chooser["contact_links"]
    assert set(link) == {"name", "url", "about"}
    assert link["url"] == "https://github.com/example-lab/framework/security/advisories/new"


def test_without_an_address_there_is_no_link_that_leads_nowhere(tmp_path: Path) -> None:
    written(tmp_path)
    assert not (tmp_path / FOLDER / "config.yml").exists()


def test_forms_that_exist_are_kept(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / FORMS[0]).write_text("ours\n", encoding="utf-8")
    out = written(tmp_path)
    assert (tmp_path / FOLDER / FORMS[0]).read_text(encoding="utf-8") == "ours\n"
    assert f"kept   {FOLDER / FORMS[0]} (it exists already)" in out


def test_init_says_what_it_takes_to_have_reports_read(tmp_path: Path) -> None:
    assert "create two labels and name two sources: https://" in written(tmp_path)
    assert "create two labels" not in written(tmp_path)


@pytest.mark.slow
def test_the_sources_in_the_full_configuration_are_right_as_they_stand(tmp_path: Path) -> None:
    """They are comments, because a source whose label does not exist could not be read from the first day."""
    written(tmp_path, "--full")
    path = tmp_path / ".github" / "reassay.yml"
    text = path.read_text(encoding="utf-8")
    assert read_register(WorkingTree(tmp_path)).configuration.signals.sources == ()
    head, _, sources = text.partition("# signals:\n")
    uncommented = re.sub(r"(?m)^# ?", "", f"# signals:\n{sources}")
    path.write_text(head + uncommented, encoding="utf-8")
    register = read_register(WorkingTree(tmp_path))
    assert {finding.code for finding in register.findings} == {"example"}
    labels = [getattr(spec, "label", None) for spec in register.configuration.signals.sources]
    assert labels == [form_of(tmp_path, name)["labels"][0] for name in FORMS]
