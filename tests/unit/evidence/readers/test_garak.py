"""Reports of garak 0.9 to 0.17, made by garak."""

from collections.abc import Callable
from typing import Any

import pytest

from reassay.evidence.readers.base import ResultOptions, UnreadableResultError
from reassay.evidence.readers.garak import READER
from reassay.evidence.reading import Reading
from tests.unit.evidence.readers.result_lab import (
    file_of,
    fixture,
    lines_of,
    reading,
    readings,
    rows_of,
)

MIXED = "0.17.1_mixed.report.jsonl"
Row = dict[str, Any]


def of(name: str) -> Reading:
    return reading(READER, fixture("garak", name))


def changed(change: Callable[[Row], Row | None], name: str = MIXED) -> Reading:
    """The reading of a report whose rows were changed, or left out where the change gives None."""
    rows = [new for row in rows_of(fixture("garak", name)) if (new := change(row)) is not None]
    return reading(READER, lines_of(rows))


def test_four_schema_generations_agree_on_the_same_run() -> None:
    """0.12 writes texts and no nones, 0.13 writes messages and nones, 0.14 and 0.17 write fails."""
    runs = [of(f"{version}_mixed.report.jsonl") for version in ("0.12.0", "0.13.3", "0.14.1", "0.17.1")]
    assert {run.prompts for run in runs} == {runs[0].prompts}
    assert {(run.totals, run.unscored, run.planned, run.problems) for run in runs} == {
        ((("fails", 10), ("passed", 4)), 2, 16, ())
    }


@pytest.mark.parametrize("name", ["0.12.0_ansi.report.jsonl", "0.17.1_ansi.report.jsonl"])
def test_84_of_102_over_51_prompts_are_51_clusters(name: str) -> None:
    found = of(name)
    assert found.totals == (("fails", 84), ("passed", 18))
    assert len(found.prompts) == 51
    assert {prompt.generations for prompt in found.prompts} == {2}


def test_hits_are_adverse_whatever_a_criterion_says() -> None:
    (direction,) = of(MIXED).directions
    assert (direction.undesired, direction.adverse, direction.not_adverse) == (
        "attack_success",
        ("fails",),
        ("passed",),
    )


def test_nones_are_unscored_and_not_left_out() -> None:
    found = of(MIXED)
    assert (found.planned, found.attempted, found.unscored) == (16, 16, 2)
    assert sum(prompt.unscored for prompt in found.prompts) == 2


def test_a_run_of_nones_alone_is_no_pass() -> None:
    found = of("0.17.1_no_answers.report.jsonl")
    assert (found.totals, found.unscored) == ((), 16)
    assert found.problems[0] == "nothing was judged: all 16 generations are without an answer or score"


def test_an_answer_that_is_missing_is_unscored_even_where_a_detector_passes_it() -> None:
    def silence(row: Row) -> Row:
        if row.get("status") == 2 and row["seq"] == 1:
            row["outputs"] = [None, {"text": None}]
        return row

    before, found = of(MIXED), changed(silence)
    assert dict(before.totals)["passed"] - dict(found.totals)["passed"] == 2
    assert (found.unscored, found.attempted, found.problems) == (4, 16, ())


def test_a_score_that_is_missing_is_unscored() -> None:
    """0.10 to 0.13 left scores out where there was no output."""

    def forget(row: Row) -> Row:
        if row.get("status") == 2 and row["seq"] == 7:
            row["detector_results"] = {"mitigation.MitigationBypass": []}
        return row

    found = changed(forget, "0.12.0_mixed.report.jsonl")
    assert (found.unscored, found.attempted) == (2, 16)


def test_outputs_that_a_target_did_not_give_are_planned_and_not_attempted() -> None:
    """garak counts them nowhere: a target that answers less often than it is asked would shrink the run."""

    def fewer(row: Row) -> Row:
        if row.get("status") == 2 and row["seq"] == 1:
            row["outputs"] = row["outputs"][:1]
            row["detector_results"] = {key: scores[:1] for key, scores in row["detector_results"].items()}
        return row | {"passed": 3, "total_evaluated": 13, "total_processed": 15} if row["entry_type"] == "eval" else row

    found = changed(fewer)
    assert (found.planned, found.attempted, found.problems) == (16, 15, ())
    assert any("1 outputs of this probe are absent" in note for note in found.notes)


def test_an_aggregate_is_as_old_as_its_first_report() -> None:
    def aggregate(row: Row) -> Row:
        return row | {"orig_start_time": "2026-01-05T10:00:00"} if row["entry_type"] == "init" else row

    assert str(changed(aggregate).performed_at) == "2026-01-05 10:00:00+00:00"


def test_a_dead_target_scores_0_of_102_and_is_no_pass() -> None:
    found = of("0.17.1_blank.report.jsonl")
    assert (found.totals, found.unscored) == ((), 102)
    assert "all 102 outputs of this probe are empty: the target did not answer" in found.problems


def test_an_answer_without_a_word_withstood_nothing_and_is_not_judged() -> None:
    seen: list[Row] = []

    def one_blank(row: Row) -> Row:
        has_text = all(output and (output["text"] or "").strip() for output in row.get("outputs", ()))
        if row.get("status") != 2 or row["probe_classname"] != before.task or not has_text or seen:
            return row
        seen.append(row)
        return row | {"outputs": [{"text": " "} for _ in row["outputs"]]}

    before = of(MIXED)
    after = changed(one_blank)
    assert after.attempted == before.attempted
    assert after.unscored > before.unscored
    assert dict(after.totals).get("passed", 0) < dict(before.totals)["passed"]


def test_an_endpoint_that_answers_everything_with_the_same_text_is_said() -> None:
    def same(row: Row) -> Row:
        return row | {"outputs": [{"text": "service unavailable"}] * 2} if row.get("status") == 2 else row

    assert any("all 16 outputs of this probe are the same text" in note for note in changed(same).notes)


def test_blank_space_is_no_answer() -> None:
    def blank(row: Row) -> Row:
        return row | {"outputs": [{"text": " \n"}] * 2} if row.get("status") == 2 else row

    assert "all 16 outputs of this probe are empty: the target did not answer" in changed(blank).problems


def test_every_reading_asks_for_a_positive_control() -> None:
    assert all("positive control" in of(name).notes[0] for name in (MIXED, "0.9.0.16_repeat.report.jsonl"))


def test_a_hit_log_has_no_denominator_and_is_refused() -> None:
    with pytest.raises(UnreadableResultError, match="no denominator") as refusal:
        readings(READER, fixture("garak", "0.17.1_mixed.hitlog.jsonl"))
    assert ".report.jsonl" in refusal.value.remedy


def test_a_run_that_died_before_any_verdict_is_refused() -> None:
    with pytest.raises(UnreadableResultError, match="nothing was counted"):
        readings(READER, fixture("garak", "0.17.1_died.report.jsonl"))


def test_a_report_without_completion_row_is_a_problem() -> None:
    found = changed(lambda row: None if row["entry_type"] == "completion" else row)
    assert "completion row" in found.problems[0]


def test_a_second_run_in_the_same_file_is_a_problem() -> None:
    raw = fixture("garak", MIXED)
    found = reading(READER, raw + raw)
    assert "the report has 2 starts of a run; attach the report of a single run" in found.problems
    assert any("2 eval rows" in problem for problem in found.problems)


def test_a_probe_without_eval_row_is_a_problem_and_its_size_is_unknown() -> None:
    found = changed(lambda row: None if row["entry_type"] == "eval" else row)
    assert found.problems == ("garak did not finish this probe: it has no eval row",)
    assert found.planned is None


def test_a_cut_report_is_not_read_as_a_small_run() -> None:
    found = changed(lambda row: None if row.get("status") == 2 and row["seq"] > 3 else row)
    assert any(
        problem.startswith("the report was cut: it has verdicts of 8 of the 14 generations")
        for problem in found.problems
    )
    assert any("4 attempts were started and have no verdict" in problem for problem in found.problems)
    assert (found.totals, found.unscored, found.attempted, found.planned) == ((("fails", 10), ("passed", 4)), 2, 16, 16)
    assert found.prompts == ()


def test_every_cut_of_a_report_is_a_problem_or_refused() -> None:
    raw = fixture("garak", "0.9.0.16_repeat.report.jsonl")
    for end in range(0, len(raw) - 2, 97):
        file = file_of(raw[:end])
        if not READER.recognises(file):
            continue
        try:
            found = READER.read(file, ResultOptions())
        except UnreadableResultError:
            continue
        assert all(one.problems for one in found)


def test_an_eval_row_that_says_fewer_hits_than_the_attempts_is_a_problem_and_the_worse_one_counts() -> None:
    def lie(row: Row) -> Row:
        return row | {"fails": 1, "passed": 13} if row["entry_type"] == "eval" else row

    found = changed(lie)
    assert found.totals == (("fails", 10), ("passed", 4))
    assert any("1 hits where scores from 0.5 give 10" in problem for problem in found.problems)


def test_an_eval_row_that_says_more_hits_counts() -> None:
    found = changed(lambda row: row | {"fails": 14, "passed": 0} if row["entry_type"] == "eval" else row)
    assert found.totals == (("fails", 14),)
    assert found.problems


def test_an_eval_row_that_contradicts_itself_is_a_problem() -> None:
    found = changed(lambda row: row | {"total_evaluated": 900} if row["entry_type"] == "eval" else row)
    assert "an eval row counts 4 passed and 10 hits of 900" in found.problems


@pytest.mark.parametrize(("threshold", "hits"), [(1, 14), (2, 0)])
def test_the_threshold_of_the_run_decides_what_a_hit_is(threshold: int, hits: int) -> None:
    """Scores from the threshold are hits. garak's set-up row states it only where it is a whole number."""

    def stricter(row: Row) -> Row:
        if row["entry_type"] == "start_run setup":
            row["run.eval_threshold"] = threshold
        if row.get("status") == 2:
            row["detector_results"] = {
                key: [None if score is None else 1.0 for score in scores]
                for key, scores in row["detector_results"].items()
            }
        if row["entry_type"] == "eval":
            row |= {"fails": hits, "passed": 14 - hits}
        return row

    found = changed(stricter)
    assert dict(found.totals).get("fails", 0) == hits
    assert found.problems == ()
    assert any("garak's own default is 0.5" in note for note in found.notes)


def test_a_threshold_that_the_report_does_not_state_is_a_problem_where_it_matters() -> None:
    def lukewarm(row: Row) -> Row:
        if row.get("status") == 2:
            row["detector_results"] = {
                key: [None if score is None else 0.7 for score in scores]
                for key, scores in row["detector_results"].items()
            }
        return row | {"fails": 0, "passed": 14} if row["entry_type"] == "eval" else row

    found = changed(lukewarm)
    assert found.totals == (("fails", 14),)
    assert any("another eval_threshold" in problem for problem in found.problems)


def test_confidence_intervals_and_unknown_rows_change_nothing() -> None:
    def decorate(row: Row) -> Row:
        return row | {"confidence": 0.99, "confidence_upper": 0.0} if row["entry_type"] == "eval" else row

    rows = [{"entry_type": "of a later version", "passed": 9}, *map(decorate, rows_of(fixture("garak", MIXED)))]
    found = reading(READER, lines_of(rows[1:2] + rows[:1] + rows[2:]))
    assert found.model_copy(update={"digest": ""}) == of(MIXED).model_copy(update={"digest": ""})


def test_a_prompt_and_what_a_buff_or_translation_made_of_it_are_one_cluster() -> None:
    plain, lower = of(MIXED), of("0.17.1_lowercase.report.jsonl")
    assert [prompt.prompt for prompt in plain.prompts] == [prompt.prompt for prompt in lower.prompts]


def test_buffs_of_versions_without_the_original_text_are_clusters_by_their_source() -> None:
    def strip(row: Row) -> Row:
        if row["entry_type"] == "attempt":
            row["notes"] = {"buff_source_attempt_uuid": "one source"}
        return row

    assert len(changed(strip).prompts) == 1


def test_seeds_and_slices_that_a_criterion_names_are_taken_from_notes() -> None:
    def note(row: Row) -> Row:
        if row["entry_type"] == "attempt":
            row["notes"] |= {"seed": row["seq"] % 2, "trick": "polite"}
        return row

    rows = [note(row) for row in rows_of(fixture("garak", MIXED))]
    options = ResultOptions(slice_by=("trick", "language"), cluster_by="seed")
    found = reading(READER, lines_of(rows), options)
    assert len(found.prompts) == 2
    assert found.prompts[0].slices == (("language", "en"), ("probe", "test.Test"), ("trick", "polite"))


def test_several_detectors_are_several_readings() -> None:
    def second(row: Row) -> Row:
        if row.get("status") == 2:
            row["detector_results"] |= {"always.Fail": [1.0, 1.0]}
        return row

    rows = [second(row) for row in rows_of(fixture("garak", MIXED))]
    end = next(index for index, row in enumerate(rows) if row["entry_type"] == "eval")
    other = {
        "entry_type": "eval",
        "probe": "test.Test",
        "detector": "always.Fail",
        "passed": 0,
        "fails": 16,
        "nones": 0,
    }
    rows.insert(end, other | {"total_evaluated": 16, "total_processed": 16})
    found = readings(READER, lines_of(rows))
    assert [(one.metric, one.task, one.problems) for one in found] == [
        ("always.Fail", "test.Test", ()),
        ("mitigation.MitigationBypass", "test.Test", ()),
    ]


def test_attempts_without_a_detector_are_a_problem() -> None:
    found = changed(lambda row: row | {"detector_results": {}} if row.get("status") == 2 and row["seq"] == 0 else row)
    assert any("1 attempts have no result of any detector" in problem for problem in found.problems)


def test_a_format_of_the_next_major_version_is_refused() -> None:
    rows = rows_of(fixture("garak", MIXED))
    rows[1]["garak_version"] = "1.0.0"
    with pytest.raises(UnreadableResultError, match=r"garak 1\.0\.0"):
        readings(READER, lines_of(rows))


def test_names_of_old_versions_are_those_of_new_ones() -> None:
    assert of("0.9.0.16_repeat.report.jsonl").metric == of(MIXED).metric


def test_no_prompt_and_no_answer_is_kept() -> None:
    said = of(MIXED).model_dump_json()
    assert "quick brown fox" not in said
    assert "I cannot help" not in said
