"""A sweep with a key signs what it writes and says so; one without it then writes nothing."""

import base64
from dataclasses import replace

from reassay.ledger.store.configured_keys import LedgerKeys
from reassay.sweep.views.report import as_step_summary
from tests.lab import Lab

KEY = base64.b64encode(bytes(range(32))).decode()


def test_the_words_say_whether_the_record_is_signed(lab: Lab) -> None:
    signing = replace(lab.settings, ledger_keys=LedgerKeys(key=KEY))
    report = lab.sweep(settings=signing)
    assert report.problems == ()
    assert report.assessment_input is not None
    assert report.assessment_input.history.signed
    assert all("recorded and signed with the ledger's key" in issue.body for issue in lab.repo.issues())
    assert "signed with the ledger's key" in as_step_summary(lab.sweep(settings=signing))
    with lab.box.readonly():
        assert lab.sweep(settings=signing).done == ()


def test_once_signed_a_run_without_the_key_writes_nothing_and_says_why(lab: Lab) -> None:
    lab.sweep(settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY)))
    lab.later(days=60)
    lab.repo.commit({"framework/more.yml": b"mitigations:\n  - {id: new, title: New, owner: safety-lead}\n"})
    with lab.box.readonly():
        report = lab.sweep()
    assert any("no key is configured" in problem.message for problem in report.problems)


def test_a_ledger_begun_unsigned_goes_on_signed(lab: Lab) -> None:
    lab.fine()
    lab.say("red-team-lead", 1, "/reassay conclude effective because tested")
    report = lab.sweep(settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY)))
    assert report.problems == ()
    entries = report.content.ledger.entries if report.content else ()
    assert [entry.signed for entry in entries] == sorted(entry.signed for entry in entries)
    assert entries[-1].signed
    assert not entries[0].signed
