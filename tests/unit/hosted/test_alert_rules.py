"""The alert rules of deploy/ name metrics that there are, and fire when they should, by Prometheus's own tool."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
RULES = ROOT / "deploy/prometheus-rules.yml"
PROMTOOL = shutil.which("promtool")
SOURCE = (ROOT / "bot/reassay/hosted/web/operations.py").read_text(encoding="utf-8")
GROUPS = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]


def test_every_metric_of_a_rule_is_one_that_the_server_has() -> None:
    named = {
        name for group in GROUPS for rule in group["rules"] for name in re.findall(r"reassay_[a-z_]+", rule["expr"])
    }
    assert len(named) > 6
    by_repository = {
        f"reassay_repository_{name}" for name in re.findall(r'^        "([a-z_]+)": \(', SOURCE, re.MULTILINE)
    }
    assert named <= set(re.findall(r'"(reassay_[a-z_]+)"', SOURCE)) | by_repository


def test_every_alert_says_what_to_do() -> None:
    for group in GROUPS:
        for rule in group["rules"]:
            assert rule["annotations"].keys() == {"summary", "action"}
            assert rule["labels"]["severity"] in {"warning", "critical"}


def series(name: str, value: float) -> dict[str, str]:
    return {"series": name, "values": f"{value}x3000"}


FIRING = {
    "ReassessmentOverdue": [series('reassay_repository_oldest_overdue_days{repository="a/b"}', 8)],
    "RegisterUnreadable": [series('reassay_repository_register_errors{repository="a/b"}', 1)],
    "IneffectiveOrOrdered": [series('reassay_repository_cells{repository="a/b", state="ineffective"}', 2)],
    "ReassayDown": [series('up{job="reassay"}', 0)],
    "SweepsStopped": [series('reassay_silent{part="sweeps"}', 1)],
    "SweepUnfinished": [series('reassay_repository_unfinished{repository="a/b"}', 1)],
    "DeadLetters": [series('reassay_dead_letters{kind="job"}', 1)],
    "BackupMissing": [series("reassay_backup_seconds", -200 * 86_400)],
}
CALM = [
    series('reassay_repository_oldest_overdue_days{repository="a/b"}', 7),
    series('reassay_repository_register_errors{repository="a/b"}', 0),
    series('reassay_repository_cells{repository="a/b", state="current"}', 9),
    series('up{job="reassay"}', 1),
    series("reassay_database_up", 1),
    series('reassay_repository_unfinished{repository="a/b"}', 0),
    series('reassay_dead_letters{kind="job"}', 0),
    series("reassay_repositories", 1),
    series("reassay_last_sweep_seconds", 90_000),
    series("reassay_backup_seconds", 0),
]


@pytest.mark.long
@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not on this machine")
def test_each_alert_fires_for_its_own_cause_and_none_fires_on_a_calm_server(tmp_path: Path) -> None:
    assert PROMTOOL is not None
    assert set(FIRING) == {rule["alert"] for group in GROUPS for rule in group["rules"]}
    day = 25 * 60
    tests = [
        {
            "interval": "1m",
            "input_series": given,
            "promql_expr_test": [
                {"expr": f'count(ALERTS{{alertname="{name}", alertstate="firing"}})', "eval_time": f"{day}m",
                 "exp_samples": [{"labels": "{}", "value": 1}]},
            ],
        }
        for name, given in FIRING.items()
    ]  # fmt: skip
    silent = [{"expr": 'ALERTS{alertstate="firing"}', "eval_time": f"{day}m", "exp_samples": []}]
    tests.append({"interval": "1m", "input_series": CALM, "promql_expr_test": silent})
    shutil.copy(RULES, tmp_path / "rules.yml")
    file = tmp_path / "tests.yml"
    file.write_text(yaml.safe_dump({"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": tests}))
    for command in (["check", "rules", "rules.yml"], ["test", "rules", "tests.yml"]):
        done = subprocess.run(
            [PROMTOOL, *command], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
