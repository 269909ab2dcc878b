"""Logs of Inspect AI: `.eval` (a zip archive) and `.json`, of versions since 2024. Petri and ControlArena write them too.

Its maintainers call the format no frozen public specification. So only samples are counted, whose form has stayed the same;
totals of the log serve to see what is missing, and its metrics, `headline` and `completed_samples` (whose meaning has changed)
are not read.
"""

from typing import Final

from reassay.evidence.readers.archive import Archive, is_zip, opened_archive
from reassay.evidence.readers.base import EvidenceReader, ResultFile, ResultOptions, UnreadableResultError, digest_of
from reassay.evidence.readers.inspect_log import HEADER, log_shape, sample_shape
from reassay.evidence.readers.inspect_samples import SINGLE, SampleCounts
from reassay.evidence.readers.json_stream import picked, picked_of_head
from reassay.evidence.readers.json_values import Json, at, count_at, list_at, object_at, text_at, whole_number
from reassay.evidence.readers.names import instant_of, name_of
from reassay.evidence.readers.tally import Tally
from reassay.evidence.reading import Reading

NAME: Final = "inspect"
_VERSIONS: Final = (1, 2)
"""Log versions that are known."""


def _recognises(file: ResultFile) -> bool:
    if is_zip(file):
        try:
            with opened_archive(file) as archive:
                names = set(archive.names())
        except UnreadableResultError:
            # A damaged archive: its first member still tells whose it is, and reading it says what is wrong.
            return b"_journal/start.json" in file.head[:200] or b"samples/" in file.head[:200]
        return bool(names & {"header.json", "_journal/start.json"})
    top = picked_of_head(file.head, {"status": True, "eval": {"*": True}, "version": True})
    return "status" in object_at(top) and bool({"task", "run_id", "model"} & set(object_at(top, "eval")))


def _read(file: ResultFile, options: ResultOptions) -> tuple[Reading, ...]:
    keys = tuple(sorted({*options.slice_by, *([options.cluster_by] if options.cluster_by else [])}))
    counts = SampleCounts(options)
    if is_zip(file):
        with opened_archive(file) as archive:
            header = _archive(archive, keys, counts)
    else:
        with file.open() as stream:
            header = picked(stream, log_shape(keys), counts.add)
    _examine(header, counts)
    return _readings(header, counts, digest_of(file))


def _archive(archive: Archive, keys: tuple[str, ...], counts: SampleCounts) -> Json:
    """The header; samples are counted meanwhile."""
    names = archive.names()
    shape = sample_shape(keys)
    for name in dict.fromkeys(names):
        if name.startswith("samples/") and name.endswith(".json"):
            with archive.member(name) as stream:
                counts.add(picked(stream, shape))
    if len(set(names)) != len(names):
        counts.problems.add("a part of the archive is in it twice, and only its last version was read")
    if "header.json" in names:
        with archive.member("header.json") as stream:
            return picked(stream, HEADER)
    counts.problems.add("the log has no end (header.json is missing): the run died, or is not over")
    with archive.member("_journal/start.json") as stream:
        return picked(stream, HEADER)


def _examine(header: Json, counts: SampleCounts) -> None:
    version = at(header, "version")
    if version is not None and version not in _VERSIONS:
        raise UnreadableResultError(
            f"the log has version {name_of(version) or '?'}, and versions 1 and 2 can be read",
            "Update reassay, or convert the log with `inspect log convert`.",
        )
    status = text_at(header, "status")
    if status != "success":
        counts.problems.add(f"the run did not finish: its status is {name_of(status) or 'unknown'}, and not success")
    if at(header, "invalidated") is not None and at(header, "invalidated") is not False:
        counts.problems.add("the log was invalidated by the people who ran it")
    planned, attempted = planned_of(header), counts.samples.attempted()
    drained = count_at(header, "results", "logged_samples")
    if drained is not None:
        counts.problems.add(
            f"the run was drained: it planned {_number(planned)} samples and logged {drained:,} before it was stopped"
        )
    elif planned is not None and planned != attempted:
        counts.problems.add(f"the run planned {planned:,} samples, and the log has {attempted:,}")
    if planned is None:
        counts.problems.add("the log does not say how many samples were planned")
    if at(header, "results", "early_stopping") is not None:
        counts.problems.add("samples were stopped early by a rule that looked at results")


def _number(count: int | None) -> str:
    return "an unknown number of" if count is None else f"{count:,}"


def planned_of(header: Json) -> int | None:
    """Samples times epochs, after the limit: `total_samples` is the planned number even where fewer were run."""
    total = count_at(header, "results", "total_samples")
    if total is not None:
        return total
    ids = at(header, "eval", "dataset", "sample_ids")
    samples = len(ids) if isinstance(ids, list) and ids else _within_limit(header)
    return None if samples is None else samples * (count_at(header, "eval", "config", "epochs") or 1)


def _within_limit(header: Json) -> int | None:
    samples, limit = count_at(header, "eval", "dataset", "samples"), at(header, "eval", "config", "limit")
    if samples is None or limit is None:
        return samples
    if isinstance(limit, list):
        ends = tuple(whole_number(end) for end in limit)
        if len(ends) != 2 or ends[0] is None or ends[1] is None:  # noqa: PLR2004 -- two ends
            return None
        return max(0, min(samples, ends[1]) - ends[0])
    most = whole_number(limit)
    return None if most is None else min(samples, most)


def _readings(header: Json, counts: SampleCounts, digest: str) -> tuple[Reading, ...]:
    found = set(counts.metrics.by_metric)
    scorers = found | {metric.partition("/")[0] for metric in found}
    for name in _declared(header):
        if name not in scorers and SINGLE not in found:
            counts.metrics.of(name)
    if not counts.samples.attempted():
        raise UnreadableResultError(
            "the log has no samples, so that nothing can be counted"
            + (": they were not logged" if at(header, "eval", "config", "log_samples") is False else ""),
            "Attach the log of a run that kept its samples (`--log-samples`), not its header alone.",
        )
    if not counts.metrics.by_metric:
        raise UnreadableResultError(
            "the log has no scores: the task has no scorer, or no sample got as far as one",
            "Run the task with a scorer, or score the log with `inspect score`.",
        )
    return tuple(
        _reading(header, counts, digest, _named(header, metric), tally.completed(counts.samples))
        for metric, tally in counts.metrics.by_metric.items()
    )


def _named(header: Json, metric: str) -> str:
    """The metric; in logs of version 1 a sample has one score without a name, and the log names the one scorer."""
    if metric != SINGLE:
        return metric
    return name_of(at(header, "results", "scorer", "name")) or next(iter(_declared(header)), SINGLE)


def _declared(header: Json) -> list[str]:
    """Scorers that the log declares, which may have scored nothing."""
    scorers = [name_of(at(scorer, "name")) for scorer in list_at(header, "eval", "scorers")]
    scores = [name_of(at(score, "scorer") or at(score, "name")) for score in list_at(header, "results", "scores")]
    return [name for name in dict.fromkeys([*scorers, *scores]) if name is not None]


def _reading(header: Json, counts: SampleCounts, digest: str, metric: str, tally: Tally) -> Reading:
    if not tally.totals():
        tally.problems.add("no sample has a score of this metric, which is not the same as no failure")
    started = instant_of(at(header, "stats", "started_at")) or instant_of(at(header, "eval", "created"))
    starts = [start for start in (started, counts.first_start) if start is not None]
    model = name_of(at(header, "eval", "model"))
    parts = (counts.problems, counts.samples.problems, tally.problems)
    return Reading(
        metric=metric,
        tool=NAME,
        tool_version=name_of(at(header, "eval", "packages", "inspect_ai")),
        format_version=name_of(at(header, "version")),
        task=name_of(at(header, "eval", "task")),
        task_version=name_of(at(header, "eval", "task_version")),
        models_asked=(model,) if model else (),
        models_answered=tuple(sorted(counts.models)),
        performed_at=min(starts, default=None),
        digest=digest,
        planned=planned_of(header),
        attempted=tally.attempted(),
        prompts=tally.prompts(),
        totals=tally.totals(),
        unscored=tally.unscored,
        errored=tally.errored,
        problems=tuple(dict.fromkeys(sentence for part in parts for sentence in part.sentences())),
        notes=counts.notes.sentences(),
    )


READER = EvidenceReader(name=NAME, title="Inspect AI", recognises=_recognises, read=_read)
