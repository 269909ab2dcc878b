"""The rulesets that the doctor prints are what GitHub takes to create one, and they protect what the doctor looks at."""

import json
from typing import get_args

import pytest

from reassay.doctor.rulesets import RulesetName, ruleset
from reassay.register.configuration import Configuration
from reassay_sandbox import Exchange
from tests.contract import description

CONFIGURATIONS = (
    Configuration(),
    Configuration(mode="advise"),
    Configuration(mode="enforce", app_id=7),
)


@pytest.mark.skipif(not description.is_there(), reason=description.REASON)
@pytest.mark.parametrize("name", get_args(RulesetName))
@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_github_takes_the_ruleset(name: RulesetName, configuration: Configuration) -> None:
    body = json.dumps(ruleset(name, "main", configuration)).encode()
    path = "/api/v3/repos/example-lab/framework/rulesets"
    sent = Exchange("POST", path, "", body, 201, b"", "", None, is_write=True, committed=True)
    assert description.violations([sent]) == []
    broken = Exchange(
        "POST", path, "", body.replace(b'"active"', b'"on"'), 201, b"", "", None, is_write=True, committed=True
    )
    assert description.violations([broken]) != []


def test_the_check_is_required_of_the_app_where_there_is_a_gate() -> None:
    remind, advise, enforce = (ruleset("default", "trunk", own) for own in CONFIGURATIONS)
    assert "required_status_checks" not in json.dumps(remind)
    assert '[{"context": "reassay/trunk"}]' in json.dumps(advise)
    assert '[{"context": "reassay/trunk", "integration_id": 7}]' in json.dumps(enforce)


def test_the_ledger_is_neither_deleted_nor_rewritten_and_nothing_else_stops_the_bot() -> None:
    own = ruleset("ledger", "main", Configuration())
    assert own["rules"] == [{"type": "deletion"}, {"type": "non_fast_forward"}]
    assert own["conditions"] == {"ref_name": {"include": ["refs/heads/reassay-ledger"], "exclude": []}}
    assert own["bypass_actors"] == []
