"""A dashboard of a real ledger: a sweep's report and a clone give the same, down to signed entries and counted results."""

import base64
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reassay.dashboard.build import build_dashboard
from reassay.dashboard.gather import DashboardOptions, input_of_checkout, input_of_report
from reassay.dashboard.values import Dashboard
from reassay.ledger.store.configured_keys import LedgerKeys
from reassay.sweep.report import Report
from reassay.sweep.repository.checkout import Checkout, open_checkout
from tests.lab import Lab
from tests.sweep.test_story_evidence import DECLARED, REGISTER, rows

KEY = base64.b64encode(bytes(range(32))).decode()
OPTIONS = DashboardOptions(version="1.2.3")


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    files = {"framework/register.yml": REGISTER.replace(b"mode: record", b"mode: remind")}
    lab = make_lab({**files, "results/first.json": rows(range(175))})
    lab = replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY)))
    lab.later(hours=4)
    lab.fine()
    return lab


def said(lab: Lab, text: str) -> Report:
    lab.later(minutes=2)
    lab.say("red-team-lead", 1, text)
    lab.later(minutes=1)
    return lab.fine()


def cloned(lab: Lab, folder: Path) -> Checkout:
    address = lab.box.url.replace("://", f"://x-access-token:{lab.settings.token}@")
    subprocess.run(["git", "clone", "--quiet", f"{address}/{lab.name}.git", str(folder)], check=True)
    return open_checkout(folder, lab.box.clock.now().isoformat())


def without_surroundings(dashboard: Dashboard, account: int) -> Dashboard:
    """Only what follows from register and ledger. A clone knows no accounts, so it shows their numbers."""
    text = dashboard.model_dump_json().replace(f"account {account}", "red-team-lead")
    surroundings = {"provenance": (), "trust": "", "swept": None, "repository": "", "at": dashboard.at}
    return Dashboard.model_validate_json(text).model_copy(update=surroundings)


def test_a_report_and_a_clone_give_the_same_dashboard(lab: Lab, tmp_path: Path) -> None:
    said(lab, f"/reassay evidence results/first.json {DECLARED}")
    report = said(lab, "/reassay conclude effective because nothing got through")
    checkout = cloned(lab, tmp_path / "clone")
    swept = input_of_report(report, checkout.objects, OPTIONS)
    assert swept is not None
    by_sweep = build_dashboard(swept)
    by_clone = build_dashboard(input_of_checkout(checkout, "framework", OPTIONS))
    account = swept.assessment_input.people.accounts["red-team-lead"]
    assert without_surroundings(by_sweep, account) == without_surroundings(by_clone, account)
    assert by_sweep.problems == ()
    (cell,) = by_sweep.cells
    (figure,) = cell.figures
    assert (cell.state, cell.verdict, figure.k, figure.n, figure.verdict) == (
        "current",
        "effective (tested)",
        0,
        175,
        "met",
    )
    (record,) = by_sweep.subjects[0].records[:1]
    assert (record.by, record.reason) == ("red-team-lead", "nothing got through")
    assert {own.trust for own in record.entries} == {"signed"}
    assert all(len(own.digest) == 64 for own in record.entries)
    assert [own.points[0].value for own in by_sweep.series] == [0.0]
    (language,) = by_sweep.languages
    assert (language.language, language.covered) == ("en", ("jailbreak-filter",))
