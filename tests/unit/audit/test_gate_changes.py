"""changes.csv and sign_offs.csv: who signed a pull request, what let it in, and whether it was merged."""

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from reassay.audit.branch_merges import BranchMerge, merge_lines, merges_by_pull, read_merges
from reassay.common.canonical import canonical, digest
from reassay.ledger.answers import SignedItem
from reassay.ledger.entry import Body, Observation, ObservedName
from reassay.ledger.pull_requests import (
    ChangeAnswered,
    ChangeDissented,
    ChangeHeld,
    ChangeReleased,
    ChangeSigned,
    ChangeWithdrawn,
    Overridden,
)
from reassay.ledger.sweep_records import Bypass
from tests.make import Story, register
from tests.unit.audit.world import (
    END,
    REGISTER,
    SIGNED,
    Year,
    commit_register,
    git_at,
    packed,
    run,
    write_ledger,
)

Rows = list[dict[str, str]]
ENFORCED = REGISTER.replace("mode: record", "mode: enforce").replace(
    "users: [red-team-lead]", "users: [red-team-lead#2]"
)


def rows(pack: Path, name: str) -> Rows:
    with (pack / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def signs(pull: int, head: str, *items: str, says: str = "approve") -> ChangeSigned:
    signed = tuple(SignedItem(item=item, digest=SIGNED) for item in items)
    return ChangeSigned(pull=pull, base="main", head=head, role="red-team", says=says, items=signed)  # type: ignore[arg-type] # a word


def name_of(login: str) -> str:
    return f"name:{digest(canonical(login))}"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """#4 is merged by a merge commit, #5 by squash, #6 overridden and squashed, #8 held, #9 bypassed; one push."""
    place = tmp_path_factory.mktemp("gate")
    folder = place / "framework"
    folder.mkdir()
    git_at(folder, "2026-01-01", "init", "-q", "-b", "main")
    commits = [commit_register(folder, "2026-03-15", ENFORCED)]
    git_at(folder, "2026-05-10", "checkout", "-q", "-b", "work")
    head = commit_register(folder, "2026-05-10", ENFORCED + "# more\n", "anything")
    git_at(folder, "2026-05-12", "checkout", "-q", "main")
    git_at(folder, "2026-05-12", "merge", "-q", "--no-ff", "-m", "brought in by hand", "work")
    squash = commit_register(folder, "2026-05-20", ENFORCED + "# squashed\n", "Add audio (#5)")
    commit_register(folder, "2026-06-03", ENFORCED + "# overridden\n", "Hurry\u2028 (#6)")
    commits.append(squash)
    one = Year(Story(register()))

    def on(day: str, body: Body, actor: int | None = None, said: str | None = None) -> int:
        seq = one.on(day, body, actor, said)
        one.story.entries[-1] = one.story.entries[-1].model_copy(update={"mode": "enforce"})
        return seq

    on("2026-05-01", Observation(swept=True, names=(ObservedName(name=name_of("safety-lead"), id=1),)))
    because = one.keep("it was asked")
    on(
        "2026-05-10",
        ChangeAnswered(
            pull=4, item="deployment/api?why", answer="yes", because=because, role="red-team", signed=SIGNED
        ),
        2,
    )
    on("2026-05-10", ChangeAnswered(pull=4, item="deployment/api?when", answer="no", role="safety"), 1)
    on("2026-05-11", signs(4, head, "deployment/api:step-1", "deployment/lab:review"), 2, "2026-05-11")
    on("2026-05-11", ChangeWithdrawn(pull=4, items=("deployment/lab:review",)), 2)
    on("2026-05-19", signs(5, "d" * 40, "mitigation/filter:review", says="review"), 7)
    on(
        "2026-06-02",
        Overridden(
            pull=6,
            base="main",
            head="e" * 40,
            role="safety",
            because=because,
            subjects=("punctual",),
            until=date(2026, 6, 5),
        ),
        1,
    )
    held = on("2026-06-10", ChangeHeld(pull=8, role="safety", because=because), 1)
    on("2026-06-10", ChangeDissented(pull=8, role="red-team", because=because), 2)
    on("2026-06-11", ChangeReleased(pull=8, held_seq=held), 1)
    on("2026-06-12", signs(8, "f" * 40, "policy:step-1"), 2)
    on("2026-06-20", Bypass(commit="a" * 40, committer=9, why="no-green-verdict", pull=9))
    on("2026-06-21", Bypass(commit="b" * 40, committer=1))
    on("2026-12-31", Observation(swept=True))
    write_ledger(folder, one, commits)
    return packed(place / "pack", folder)


def of(pack: Path, request: str) -> dict[str, str]:
    (row,) = (row for row in rows(pack, "changes") if row["request"] == request)
    return row


@pytest.mark.slow
def test_who_signed_what_and_that_it_was_merged(pack: Path) -> None:
    row = of(pack, "#4")
    assert (row["objects"], row["direction"]) == ("deployment/api; deployment/lab", "looser, not looser")
    assert row["signed"] == (
        "approve as red-team: deployment/api:step-1, deployment/lab:review;"
        " by red-team-lead (2) at 2026-05-11 12:00Z, entry 4, taken back by entry 5"
    )
    assert "deployment/api?why: yes as red-team; by red-team-lead (2)" in row["answers"]
    assert (
        "deployment/api?when: no as safety; by safety-lead (1) at 2026-05-10 12:00Z, entry 3, not signed"
        in row["answers"]
    )
    assert (row["merged"], row["merged_on"], row["merged_by"], row["verdict"]) == (
        "yes",
        "2026-05-12",
        "merge commit",
        "passed",
    )
    assert row["withdrawn"].startswith("red-team-lead (2)")
    assert row["entries"] == "2; 3; 4; 5"


def test_a_squash_is_seen_by_its_number_and_an_override_by_its_entry(pack: Path) -> None:
    squashed, overridden = of(pack, "#5"), of(pack, "#6")
    assert (squashed["merged"], squashed["merged_by"], squashed["verdict"]) == (
        "yes",
        "number in the commit's subject",
        "passed",
    )
    assert (squashed["direction"], "by account 7 at" in squashed["signed"]) == ("not looser", True)
    assert (overridden["verdict"], overridden["objects"], overridden["merged_on"]) == (
        "overridden",
        "punctual",
        "2026-06-03",
    )
    assert "as safety, head eeeeeeeeeeee, until 2026-06-05: it was asked" in overridden["overridden"]


def test_holds_bypasses_and_pushes(pack: Path) -> None:
    held, passed, push = of(pack, "#8"), of(pack, "#9"), of(pack, "push")
    assert "lifted by safety-lead (1) at 2026-06-11" in held["held"]
    assert held["dissented"].startswith("red-team-lead (2)")
    assert (held["merged"], held["verdict"], held["direction"]) == ("not seen", "", "policy")
    assert (passed["verdict"], passed["bypassed"], passed["commit"]) == (
        "bypassed",
        "no-green-verdict, entry 12",
        "a" * 40,
    )
    assert push["bypassed"] == "no-pull-request, by safety-lead (1), entry 13"


def test_sign_offs_have_those_of_pull_requests(pack: Path) -> None:
    found = [
        (row["pull"], row["says"], row["by"], row["taken_back"], row["minutes"]) for row in rows(pack, "sign_offs")
    ]
    assert found == [
        ("4", "answer", "red-team-lead (2)", "", ""),
        ("4", "approve", "red-team-lead (2)", "entry 5", ""),
        ("5", "review", "account 7", "", ""),
        ("8", "approve", "red-team-lead (2)", "", ""),
    ]


def test_the_page_and_the_manifest_say_it_too(pack: Path) -> None:
    page, manifest = (
        (pack / "index.html").read_text(encoding="utf-8"),
        json.loads((pack / "manifest.json").read_bytes()),
    )
    assert "Gate changes" in page
    assert "by red-team-lead (2) at 2026-05-11 12:00Z" in page
    assert manifest["counts"]["changes"] == {
        "pull requests": 5, "merged": 4, "looser": 1, "direction unknown": 2, "overridden": 1, "bypassed": 2, "held": 1,
    }  # fmt: skip
    summary = manifest["summary"]
    assert list(summary)[-1] == "Ledger verification"
    assert summary["Overrides"] == "1: #6"
    assert summary["Bypasses"] == "2: #9, push bbbbbbbbbbbb"
    assert summary["Gate changes"] == "5 pull requests: 4 merged, 1 looser, 2 direction unknown, 1 held"
    assert page.index("Obligations</dt>") < page.index("Ledger verification</dt>") < page.index('id="verify"')


def test_it_is_recomputed_from_the_pack_alone(pack: Path) -> None:
    assert run("audit-pack", "--check", pack)[0] == 0


COMMIT, HEAD, OTHER = "1" * 40, "2" * 40, "3" * 40


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Merge pull request #12 from x/y", "12"),
        ("Add audio (#12)", "12"),
        ("Add audio (#12) again", "-"),
        ("see #12", "-"),
        ('Revert "Add audio (#12)" (#13)', "13"),
        ("(#0)", "-"),
        (f"x\u2028{COMMIT} 9 {HEAD} 7 (#3)", "3"),
        ("tab\tin it (#4)", "4"),
    ],
)  # fmt: skip
def test_the_number_of_a_subject_is_the_one_that_github_writes(subject: str, number: str) -> None:
    for parents, head in ((OTHER, "-"), (f"{OTHER} {HEAD}", HEAD)):
        lines = merge_lines(f"{COMMIT} 100 {parents}\t{subject}\n")
        assert lines == (f"{COMMIT} 100 {head} {number}\n".encode() if (head, number) != ("-", "-") else b"")
        assert [(merge.head or "-", str(merge.pull or "-")) for merge in read_merges(lines.decode())] == (
            [(head, number)] if lines else []
        )


@pytest.mark.parametrize(
    "line", ["", "x", f"{COMMIT} 1 - x", f"{COMMIT} 1 {HEAD}", f"{COMMIT}  1 - 2", f"{COMMIT} 1 - 2 3"]
)
def test_a_line_that_names_no_merge_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="names no merge"):
        read_merges(f"{line}\n")


def test_a_signed_head_goes_before_a_number_that_anybody_can_write() -> None:
    def merge(commit: str, head: str, pull: int | None) -> BranchMerge:
        return next(iter(read_merges(f"{commit} 5 {head or '-'} {pull or '-'}\n")))

    forged, real = merge(COMMIT, "", 4), merge(OTHER, HEAD, None)
    by_pull: Callable[..., object] = lambda heads: merges_by_pull((forged, real), heads).get(4)  # noqa: E731
    assert by_pull({4: frozenset({HEAD})}) == real
    assert by_pull({4: frozenset()}) == forged


@pytest.mark.slow
def test_the_period_has_only_what_is_of_it(tmp_path: Path, pack: Path) -> None:
    """A merge of June is of no period that ends in May, and its signature of May is."""
    source = pack.parent / "framework"
    made = packed(tmp_path / "may", source, end=date(2026, 5, 11))
    assert [(row["request"], row["merged"]) for row in rows(made, "changes")] == [("#4", "not seen")]
    later = packed(tmp_path / "june", source, start=date(2026, 6, 15), end=END)
    assert [row["request"] for row in rows(later, "changes")] == ["#9", "push"]
