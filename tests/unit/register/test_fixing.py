"""`reassay check --fix`: exactly the places that can only have been meant one way, and nothing else."""

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.changes.guarded_paths import is_guarded
from reassay.cli import main
from reassay.common.meant import dates_meant, interval_meant, range_meant
from reassay.register.files import read_register
from reassay.register.files.fixing import fixed_register
from reassay.register.files.memory_files import MemoryFiles
from reassay.register.finding import FindingSeverity
from reassay.register.mechanical_fixes import is_slip
from tests.examples import examples
from tests.unit.register.trees import written

ENTRY = "mitigations:\n  - {{id: filter, title: Filter, assessor: red-team-lead, {}}}\n"
FINE = "owner: safety-lead, every: 6 months"


def fixed(text: str, path: str = "framework/m.yml") -> str:
    """The text after all fixes."""
    result = fixed_register(MemoryFiles({path: text.encode()}), read_register, is_guarded)
    return result.files[0].after.decode() if result.files else text


@pytest.mark.parametrize(
    ("written_as", "right"),
    [
        ("owner: safety-lead, every: 6m", FINE),
        ("owner: safety-lead, every: '6mo'", "owner: safety-lead, every: '6 months'"),
        ("owner: safety-lead, every: 180d", "owner: safety-lead, every: 180 days"),
        ("owner: safety-lead, every: 1y", "owner: safety-lead, every: 1 year"),
        ("owner: '@safety-lead', every: 6 months", "owner: 'safety-lead', every: 6 months"),
        ("owner: @safety-lead, every: 6 months", FINE),
        ("owner: @safety-lead, every: 6m", FINE),
        ("owner: safety-lead, evry: 6 months", FINE),
        ("ownre: safety-lead, every: 6 months", FINE),
        (f"{FINE}, last_assessed: 31.12.2025", f"{FINE}, last_assessed: 2025-12-31"),
        (f"{FINE}, last_assessed: 12/31/2025", f"{FINE}, last_assessed: 2025-12-31"),
        (f"{FINE}, last_assessed: 2025/6/1", f"{FINE}, last_assessed: 2025-06-01"),
        (f"{FINE}, last_assessed: 06.06.2025", f"{FINE}, last_assessed: 2025-06-06"),
    ],
)
def test_what_can_only_have_been_meant_one_way_is_fixed(written_as: str, right: str) -> None:
    assert fixed(ENTRY.format(written_as)) == ENTRY.format(right)


@pytest.mark.parametrize(
    "written_as",
    [
        f"{FINE}, last_assessed: 05.06.2025",
        f"{FINE}, last_assessed: 31.12.25",
        f"{FINE}, last_assessed: 31.02.2025",
        "owner: safety-lead, every: P6MM",
        "owner: safety-lead, every: 4 to 6 months",
        "owner: safety-lead, every: 6 moons",
        "owner: safety-lead, frequency: 6 months",
        "owner: safety-lead, evry: 6 months, every: 1 year",
        "owner: '@example-lab/safety', every: 6 months",
        "owner: '@safety lead', every: 6 months",
        f"{FINE}, description: @safety-lead wrote this",
        f"{FINE}, title: other",
    ],
)
def test_what_a_person_has_to_decide_is_left(written_as: str) -> None:
    assert fixed(ENTRY.format(written_as)) == ENTRY.format(written_as)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (
            "mitigations:\n  - id: a\n\ttitle: A\n    owner: safety-lead\n    every: 1 year\n",
            "mitigations:\n  - id: a\n    title: A\n    owner: safety-lead\n    every: 1 year\n",
        ),
        (
            "mitigations:\n- id: a\n\t title: A\n",
            "mitigations:\n- id: a\n\t title: A\n",
        ),
    ],
)
def test_a_tab_becomes_the_blanks_with_which_the_file_can_be_read(text: str, right: str) -> None:
    assert fixed(text) == right


def test_a_fix_that_would_bring_another_error_is_not_made() -> None:
    """Reading it would show that its id is taken."""
    twice = ENTRY.format(FINE) + "  - {id: filter, title: Twin, owner: safety-lead, evry: 1 year}\n"
    assert fixed(twice) == twice


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_comments_line_ends_and_byte_order_marks_stay(start: str, end: str) -> None:
    text = f"{start}# a: 31.12.2025{end}{ENTRY.format('owner: @safety-lead, every: 6m  ')}".replace("\n", end)
    text = text.replace("\r\r", "\r")
    right = text.replace("@safety-lead", "safety-lead").replace("6m ", "6 months ")
    assert fixed(text) == right


def test_front_matter_is_fixed_and_its_prose_is_not() -> None:
    text = "---\nid: filter\ntitle: Filter\nowner: '@safety-lead'\nevery: 6m\n---\n\n@safety-lead tests it every 6m.\n"
    right = text.replace("'@safety", "'safety").replace("every: 6m", "every: 6 months")
    assert fixed(text, "framework/mitigations/filter.md") == right


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".github/reassay.yml", "timezone: UTC\nmode: remind\nroles: {safety: {users: ['@safety-lead']}}\n"),
        ("framework/a.yml", "timezone: UTC\nroles: {safety: {users: ['@safety-lead']}}\n"),
    ],
)
def test_the_policy_is_left_alone_and_that_is_said(
    tmp_path: Path, path: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, {path: text, "framework/m.yml": ENTRY.format(FINE)})
    code, out = check(tmp_path, "--fix")
    assert code == 1
    assert f"{path}:" in out
    assert "belongs to the policy and is left alone" in out
    assert (tmp_path / path).read_text() == text


def check(root: Path, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    return main(["check", str(root), *arguments], out, io.StringIO()), out.getvalue()


def test_it_shows_a_diff_writes_once_and_keeps_the_mode(tmp_path: Path) -> None:
    file = tmp_path / "framework" / "m.yml"
    written(tmp_path, {"framework/m.yml": ENTRY.format("owner: @safety-lead, evry: 6 months")})
    file.chmod(0o640)
    before = file.read_bytes()
    code, out = check(tmp_path, "--fix", "--dry-run")
    assert (code, file.read_bytes()) == (1, before)
    assert "-  - {id: filter, title: Filter, assessor: red-team-lead, owner: @safety-lead, evry: 6 months}\n" in out
    assert "+  - {id: filter, title: Filter, assessor: red-team-lead, owner: safety-lead, every: 6 months}\n" in out
    code, again = check(tmp_path, "--fix")
    assert code == 0
    assert out.splitlines()[:6] == again.splitlines()[:6]
    assert file.read_text() == ENTRY.format(FINE)
    assert file.stat().st_mode & 0o777 == 0o640
    changed = file.stat().st_mtime_ns
    assert "@@" not in check(tmp_path, "--fix")[1]
    assert file.stat().st_mtime_ns == changed
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--dry-run",), "only valid with --fix"), (("--fix", "--format", "json"), "not valid with")],
)
def test_options_that_do_not_go_together_are_refused(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    err = io.StringIO()
    assert main(["check", str(tmp_path), *arguments], io.StringIO(), err) == 2
    assert words in err.getvalue()


OWNERS = ("safety-lead", "@safety-lead", "'@safety-lead'", "@example/team", "'@a b'", "''")
INTERVALS = ("6 months", "6m", "180d", "P6MM", "4-6 months", "@soon", "0d")
DATES = ("2025-12-31", "31.12.2025", "05.06.2025", "12/31/2025", "31.12.25", "2025-13-01", "@x")
KEYS = ("every", "evry", "evrey", "frequency", "ev")


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("a", "b", "c")),
            st.sampled_from(OWNERS),
            st.sampled_from(KEYS),
            st.sampled_from(INTERVALS),
            st.sampled_from(DATES),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(("\n", "\r\n")),
)
def test_every_other_byte_stays_no_error_comes_and_a_second_run_changes_nothing(
    rows: list[tuple[str, str, str, str, str]], end: str
) -> None:
    lines = ["# 31.12.2025 @safety-lead 6m", "mitigations:"]
    for name, owner, key, every, day in rows:
        lines += [f"  - id: {name}  # evry", f"    title: {name}", f"    owner: {owner}   # @x"]
        lines += [f"    {key}: {every}", f"    last_assessed: {day}  ", ""]
    text = end.join(lines)
    after = fixed(text)
    assert fixed(after) == after
    assert len(text.split(end)) == len(after.split(end))
    for old, new in zip(text.split(end), after.split(end), strict=True):
        if old != new:
            assert old.strip().startswith(("owner:", *(f"{key}:" for key in KEYS), "last_assessed:"))
            assert old.partition("#")[2] == new.partition("#")[2]
    errors = [errors_of(own) for own in (text, after)]
    if not any("yaml-syntax" in error for error in errors[0]):
        assert set(errors[1]) <= set(errors[0])
    assert len(errors[1]) <= len(errors[0]) or any("yaml-syntax" in error for error in errors[0])


def errors_of(text: str) -> list[tuple[str, str]]:
    findings = read_register(MemoryFiles({"framework/m.yml": text.encode()})).findings
    return [(own.code, own.message) for own in findings if own.severity is FindingSeverity.ERROR]


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)))
def test_a_date_is_certain_where_its_day_is_no_month(day: date) -> None:
    for text in (f"{day.day}.{day.month}.{day.year:04}", f"{day.month}/{day.day}/{day.year:04}"):
        meant = dates_meant(text)
        assert day in meant
        assert (len(meant) == 1) is (day.day > 12 or day.day == day.month)
    assert dates_meant(f"{day.year:04}/{day.month}/{day.day}") == (day,)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("6m", "6 months"), ("1 y", "1 year"), ("2W", "2 weeks"), ("6min", None), ("0d", None), ("m", None)],
)
def test_a_number_with_a_letter_is_an_interval(text: str, meant: str | None) -> None:
    assert interval_meant(text) == meant


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("4 to 6 months", ("4 months", "6 months")),
        ("every 3-6 months", ("3 months", "6 months")),
        ("1 or 2 years", ("1 year", "2 years")),
        ("6 to 4 months", None),
        ("6 months", None),
    ],
)
def test_a_range_has_two_ends(text: str, ends: tuple[str, str] | None) -> None:
    assert range_meant(text) == ends


@pytest.mark.parametrize(
    ("wrong", "right", "is_one"),
    [
        ("evry", "every", True),
        ("everyy", "every", True),
        ("evrey", "every", True),
        ("ewery", "every", True),
        ("every", "every", False),
        ("evr", "every", False),
        ("frequency", "every", False),
        ("ownre", "owner", True),
    ],
)
def test_a_slip_is_one_letter_or_a_swap(wrong: str, right: str, is_one: bool) -> None:
    assert is_slip(wrong, right) is is_one


def test_the_remedies_name_what_to_write() -> None:
    wrong = ENTRY.format("owner: safety-lead, every: 4 to 6 months, last_assessed: 05.06.2025")
    findings = read_register(MemoryFiles({"framework/m.yml": wrong.encode()})).findings
    remedies = {finding.code: finding.remedy for finding in findings}
    assert "'reassess: {every: 6 months, at_least_after: 4 months}'" in remedies["not-a-duration"]
    assert remedies["not-a-date"] == "Write 2025-06-05 or 2025-05-06."
    conflict = b"mitigations:\n<<<<<<< HEAD\n  - id: a\n=======\n  - id: b\n>>>>>>> other\n"
    (finding,) = read_register(MemoryFiles({"framework/m.yml": conflict})).findings
    assert (finding.code, finding.at.line) == ("merge-conflict", 2)
