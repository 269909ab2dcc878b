"""The samples of docs/how-to/report-incidents.md do what the page says."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import yaml

from reassay.register.incident import Severity
from reassay.register.signal_sources import FileSource, SignalSource
from reassay.signals.source_readings import ReceivedEvent
from reassay.signals.sources import READERS, dispatch, repository_file
from tests.unit.register.trees import read
from tests.unit.signals.sources.feeds_lab import context, source

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "how-to" / "report-incidents.md").read_text(encoding="utf-8")
YAML = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
REGISTER = {
    "framework/mitigations.yml": "- {id: jailbreak-filter, title: x, owner: safety-lead, every: 6 months, threat_models: [misuse],"
    " reassess: {triggers: [{kind: incident-rate, accepted: 40 per day, stated_by: safety-lead, count: blocked}]}}\n",
    "framework/threat-models.yml": "- {id: misuse, title: x, atlas: [AML.T0054]}\n",
    "ops/incidents.csv": "x\n",
    "ops/blocked.csv": "x\n",
    "data/incidents.csv": "x\n",
}


def sources() -> list[SignalSource]:
    return [
        spec for block in YAML for spec in read(REGISTER | {".github/reassay.yml": block}).configuration.signals.sources
    ]


def test_every_configuration_on_the_page_is_one_that_check_accepts() -> None:
    for block in YAML:
        findings = read(REGISTER | {".github/reassay.yml": block}).findings
        assert [finding for finding in findings if finding.at.path == ".github/reassay.yml"] == []
    kinds = {spec.kind for spec in sources()}
    assert kinds == {"issues", "file", "dispatch", "atlas", "avid", "ai-incident-database"}
    assert kinds <= {reader.kind for reader in READERS}


def test_the_sample_file_is_read_as_the_page_says() -> None:
    (rows,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    spec = next(spec for spec in sources() if spec.id == "incident-log")
    assert isinstance(spec, FileSource)
    reading = repository_file.READER.read(spec, context(files={"ops/incidents.csv": rows.encode()}))
    (signal,) = reading.signals
    assert reading.problems == ()
    assert (signal.key, signal.severity) == ("INC-7", Severity.HIGH)
    assert signal.first_seen_at == datetime(2026, 11, 19, 14, 30, tzinfo=UTC)


def test_the_sample_events_are_read_and_start_the_workflow() -> None:
    workflow = yaml.safe_load(
        (ROOT / "templates/init/workflow.yml")
        .read_text("utf-8")
        .replace("{{branch}}", "main")
        .replace("{{action}}", "reassay/reassay@v0.1.0")
    )
    sent = [json.loads(re.findall(r"<<'JSON'\n(.*?)JSON", PAGE, re.DOTALL)[0])]
    sent += [json.loads(text) for text in re.findall(r"-d '(\{.*?\})'\n", PAGE)]
    assert len(sent) == 2
    events = []
    for number, event in enumerate(sent):
        assert event["event_type"] in workflow[True]["repository_dispatch"]["types"]  # YAML 1.1 reads `on` as true
        events.append(
            ReceivedEvent(
                {**event["client_payload"], "source": "the-source"}, datetime(2026, 11, 30, number, tzinfo=UTC)
            )
        )
    reading = dispatch.READER.read(source("dispatch"), context(events=events))
    assert reading.problems == ()
    assert [signal.key for signal in reading.signals] == ["run-118"]
    assert reading.newest == datetime(2026, 11, 30, 1, tzinfo=UTC)
