"""Law 10: the ledger never shrinks. A run that finds less than it has published itself refuses, and says so.

Generated histories in memory for the comparison, and generated attacks on a real branch for everything that follows.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.ledger.entry import LedgerIdentity, Record
from reassay.ledger.loss import PublishedAnchor, ledger_loss
from reassay.ledger.state import LedgerState, entries_for, read_anchor
from reassay.ledger.store.branch import additions
from reassay.sweep.ledger_refusal import LOST
from reassay.sweep.report import Report
from tests.gate_lab import API, AUDIO, FILES, GateLab
from tests.lab import Lab, make_lab
from tests.make import TODAY, at
from tests.unit.ledger.worlds import IDENTITY, ring, superseded

__all__ = ["make_lab"]
LEDGER = "reassay-ledger"


# In memory: every cut, every other chain, every extension.


def chain(reasons: Sequence[str], key: str | None, earlier: LedgerState | None = None) -> LedgerState:
    """A ledger with one entry for each reason, after an earlier one."""
    before = earlier or LedgerState()
    keyring = ring(key) if key else None
    records = [superseded(number, reason) for number, reason in enumerate(reasons, len(before.entries))]
    if key and not before.entries:
        from reassay.ledger.keys import KeyAdded

        introduction = KeyAdded(public_key=ring(key).signer.public_key, how="first")  # type: ignore[union-attr]
        records = [Record(body=introduction), *records]
    entries = entries_for(records, len(before.entries), IDENTITY, ("main", "c" * 40), at(TODAY))
    return additions(before, entries, {}, keyring)[1]


def cut(state: LedgerState, count: int) -> LedgerState:
    """The ledger without its last entries."""
    kept = len(state.entries) - count
    if kept <= 0:
        return LedgerState()
    return replace(state, entries=state.entries[:kept], last_digest=state.digest_of(kept))


def anchors(state: LedgerState, seqs: Sequence[int]) -> list[PublishedAnchor]:
    texts = [read_anchor(state.anchor_of(seq)) for seq in seqs]
    return [PublishedAnchor(anchor, "a comment on #1") for anchor in texts if anchor]


REASONS = st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=12)


@given(REASONS, REASONS, st.sampled_from([None, "old"]), st.data())
def test_a_ledger_that_only_grew_has_every_anchor(
    first: list[str], more: list[str], key: str | None, data: st.DataObject
) -> None:
    state = chain(first, key)
    seqs = data.draw(st.lists(st.integers(1, len(state.entries)), max_size=5))
    assert ledger_loss(state, anchors(state, seqs)) is None
    assert ledger_loss(chain(more, key, state), anchors(state, seqs)) is None


@given(REASONS, st.sampled_from([None, "old"]), st.data())
def test_any_cut_below_any_published_anchor_is_a_loss(reasons: list[str], key: str | None, data: st.DataObject) -> None:
    state = chain(reasons, key)
    published = data.draw(st.integers(1, len(state.entries)))
    kept = data.draw(st.integers(0, published - 1))
    shorter = cut(state, len(state.entries) - kept)
    loss = ledger_loss(shorter, anchors(state, [1, published]))
    assert loss is not None
    assert loss.evidence.anchor.seq == published
    # However far another history then goes on from there.
    other = chain(["z"] * 20, key, shorter) if kept else chain(["z"] * 20, "thief" if key else None)
    assert ledger_loss(other, anchors(state, [published])) is not None


@given(REASONS, st.data())
def test_the_same_entries_signed_by_another_key_are_another_ledger(reasons: list[str], data: st.DataObject) -> None:
    ours, theirs = chain(reasons, "old"), chain(reasons, "thief")
    seq = data.draw(st.integers(1, len(ours.entries)))
    assert ledger_loss(theirs, anchors(ours, [seq])) is not None


# On the wire.


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    return GateLab.of(make_lab(dict(FILES)))


def attacks(gate: GateLab) -> dict[str, Callable[[str], None]]:
    """Ways to make the branch less than it was; each is given the commit that it has."""
    repo, git, clock = gate.lab.repo, gate.lab.repo._repo().git, gate.lab.box.clock

    def back(to: str) -> None:
        repo.push_over(LEDGER, to, "auditor")

    def orphan(files: dict[str, bytes]) -> None:
        tree = git.tree([(path, "100644", git.blob(data)) for path, data in files.items()], None)
        back(git.commit_tree(tree, [], "begin", "auditor", clock.now()))

    def rolled_back(head: str) -> None:
        older = git.run("rev-list", head).decode().split()
        back(random.Random(len(older)).choice(older[1:]))

    def other_chain(_head: str) -> None:
        entries = entries_for([superseded(n) for n in range(40)], 0, _identity(gate), ("main", "c" * 40), clock.now())
        orphan(dict(additions(LedgerState(), entries, {})[0]))

    def other_key(_head: str) -> None:
        from reassay.ledger.keys import KeyAdded

        thief = ring("thief")
        first = Record(body=KeyAdded(public_key=thief.signer.public_key, how="first"))  # type: ignore[union-attr]
        bodies = [first, *(superseded(number) for number in range(40))]
        entries = entries_for(bodies, 0, _identity(gate), ("main", "c" * 40), clock.now())
        orphan(dict(additions(LedgerState(), entries, {}, thief)[0]))

    def tail_cut(head: str) -> None:
        """The last entry is removed with a commit on top, and the head put back."""
        before = git.run("rev-parse", f"{head}^").decode().strip()
        tree = git.run("rev-parse", f"{before}^{{tree}}").decode().strip()
        back(git.commit_tree(tree, [head], "cut", "auditor", clock.now()))

    def deleted(_head: str) -> None:
        repo.delete_branch_as("auditor", LEDGER)

    return {
        "rolled back": rolled_back,
        "deleted": deleted,
        "another chain": other_chain,
        "another key": other_key,
        "tail cut": tail_cut,
    }


def _identity(gate: GateLab) -> LedgerIdentity:
    return IDENTITY.model_copy(update={"repository_id": gate.lab.repo.id})


def refused(report: Report) -> bool:
    return any(problem.what == "ledger" for problem in report.problems)


def loss_issues(lab: Lab) -> list[tuple[int, str]]:
    return [(issue.number, issue.state) for issue in lab.repo.issues() if "ledger" in issue.title.lower()]


@pytest.mark.parametrize(
    "name",
    [
        "rolled back",
        *(
            pytest.param(attack, marks=pytest.mark.long)
            for attack in ("deleted", "another chain", "another key", "tail cut")
        ),
    ],
)
def test_a_lost_ledger_is_refused_until_it_is_restored(gate: GateLab, name: str) -> None:
    lab = gate.lab
    gate.sweep()
    green = gate.propose({"README.md": b"Another word.\n"}, branch="words")
    gated = gate.propose({API: AUDIO})
    assert gate.judge(green).conclusion == "SUCCESS"
    gate.judge(gated)
    gate.say("safety-lead", gated, "/reassay hold because it is not tested")
    head = lab.repo.head(LEDGER)
    assert head
    threads = {issue.number: issue.body for issue in lab.repo.issues()}

    attacks(gate)[name](head)
    left = lab.repo.head(LEDGER)
    lab.later(minutes=5)
    lab.say("red-team-lead", gated, "/reassay unhold")
    report = lab.sweep()
    assert refused(report)
    assert lab.repo.head(LEDGER) == left, "nothing was written to the ledger"
    assert gate.check(green).conclusion == gate.check(gated).conclusion == "FAILURE"
    assert "ledger" in gate.check(green).title.lower()
    ((number, state),) = loss_issues(lab)
    assert state == "open"
    assert {issue.number: issue.body for issue in lab.repo.issues() if issue.number != number} == threads
    assert "push --force origin" in lab.repo.issue(number).body or name == "another key"

    # Twice is as once; a run about one pull request and one about an issue refuse as well.
    lab.later(minutes=5)
    with lab.box.readonly():
        assert refused(lab.sweep())
        assert refused(lab.sweep(pull=gated))
        assert refused(lab.sweep(issue=min(threads)) if threads else lab.sweep())

    # Restored: what was asked for meanwhile is answered, and the issue is closed.
    if lab.repo.head(LEDGER):
        lab.repo.push_over(LEDGER, head, "safety-lead")
    else:
        lab.repo._repo().git.set_branch(LEDGER, head, None)
    lab.later(minutes=5)
    lab.fine()
    assert [state for _, state in loss_issues(lab)] == ["closed"]
    assert gate.check(green).conclusion == "SUCCESS"
    assert gate.check(gated).conclusion == "FAILURE"
    with lab.box.readonly():
        lab.fine()

    # The same again: the same issue.
    attacks(gate)[name](lab.repo.head(LEDGER) or "")
    lab.later(minutes=5)
    assert refused(lab.sweep())
    assert loss_issues(lab) == [(number, "open")]


def test_nothing_is_open_any_more_and_the_branch_is_deleted(lab: Lab) -> None:
    lab.fine()
    for issue in lab.repo.issues():
        who = "red-team-lead" if "filter" in issue.title else "safety-lead"
        lab.say(who, issue.number, "/reassay conclude effective because tested")
    lab.fine()
    assert {issue.state for issue in lab.repo.issues()} == {"closed"}
    lab.later(days=90)
    lab.repo.delete_branch_as("auditor", LEDGER)
    assert refused(lab.sweep())
    assert lab.repo.head(LEDGER) is None, "no new ledger begins"
    assert LOST in lab.titles()


def test_the_issue_remembers_what_was_lost_when_every_other_trace_is_gone(lab: Lab) -> None:
    lab.fine()
    lab.repo.delete_branch_as("auditor", LEDGER)
    assert refused(lab.sweep())
    for issue in lab.repo.issues():
        if issue.title != LOST:
            lab.repo.delete_issue(issue.number)
    lab.later(minutes=5)
    assert refused(lab.sweep())
    assert lab.repo.head(LEDGER) is None
    with lab.box.readonly():
        assert refused(lab.sweep())
    assert lab.titles() == [LOST]


def test_a_new_repository_begins_its_ledger(lab: Lab) -> None:
    lab.fine()
    assert lab.repo.head(LEDGER)


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    return make_lab()


def test_an_anchor_counts_only_from_the_bot_in_this_repository_and_unedited(lab: Lab) -> None:
    lab.fine()
    lab.fine()
    first = lab.repo.issues()[0]
    forged = f"<!-- reassay:comment x -->\n<!-- reassay:ledger {lab.repo.id} 900:{'a' * 32} -->\n"
    stranger = lab.say("auditor", first.number, forged)
    lab.fine()
    lab.say("auditor", first.number, "/reassay conclude effective because " + forged.replace("\n", " "))
    lab.fine()
    own = next(
        comment
        for comment in lab.repo.issue(first.number).comments
        if comment.id != stranger and comment.author.startswith("reassay")
    )
    lab.repo.edit_comment_as("auditor", first.number, own.id, forged)
    lab.fine()
    elsewhere = f"<!-- reassay:comment y -->\n<!-- reassay:ledger 4711 900:{'a' * 32} -->\nTransferred."
    lab.repo.comment_as("reassay[bot]", first.number, elsewhere)
    lab.fine()
    # The bot's own, never edited: believed, and so fails closed.
    lab.repo.comment_as("reassay[bot]", first.number, forged.replace("comment x", "comment z"))
    assert refused(lab.sweep())
