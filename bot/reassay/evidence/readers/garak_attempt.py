"""An attempt of a garak report: what names its prompt, and what each generation came to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from reassay.evidence.readers.base import ResultOptions, prompt_digest
from reassay.evidence.readers.json_values import Json, at, list_at, object_at, text_at
from reassay.evidence.readers.names import name_of
from reassay.evidence.readers.slice_pool import SlicePool
from reassay.evidence.readers.tally import Slices


class DetectorScores(NamedTuple):
    """Generations of one attempt, as one detector judged them."""

    detector: str
    passed: int
    fails: int
    unscored: int
    """Generations without an answer or without a score."""
    silent_passes: int
    """Unscored generations that garak counts as passed although the target gave no answer, or a blank one."""
    nones: int
    """Unscored generations with a score of null, which garak counts as `nones`."""


class GarakAttempt(NamedTuple):
    """What is kept of an attempt."""

    probe: str
    prompt: str
    """Digest of what names the prompt."""
    slices: Slices
    outputs: int
    empty: int
    """Outputs without text."""
    texts: frozenset[int]
    """Hashes of the different outputs."""
    scores: tuple[DetectorScores, ...]


@dataclass
class AttemptReader:
    """Reads attempts by what a criterion declares."""

    options: ResultOptions
    has_originals: bool = False
    """Whether the run has prompts both as they were and as buffs changed them; they are one cluster."""
    _pool: SlicePool = field(default_factory=SlicePool)

    def read(self, row: dict[str, Json], threshold: float) -> GarakAttempt:
        """An attempt that was judged."""
        outputs = list_at(row, "outputs")
        texts = [_text(output) for output in outputs]
        return GarakAttempt(
            probe=name_of(row.get("probe_classname")) or "unnamed probe",
            prompt=self._prompt(row),
            slices=self._slices(row),
            outputs=len(outputs),
            empty=sum(not (text or "").strip() for text in texts),
            texts=frozenset(hash(text) for text in texts),
            scores=tuple(_scores(row, texts, threshold)),
        )

    def _prompt(self, row: dict[str, Json]) -> str:
        seed = name_of(at(row, "notes", self.options.cluster_by)) if self.options.cluster_by else None
        if seed is not None:
            return prompt_digest(seed)
        original = at(row, "notes", "pre_translation_prompt")
        if original is not None:
            return prompt_digest(*_prompt_names(original))
        source = text_at(row, "notes", "buff_source_attempt_uuid")
        if source is None and self.has_originals:
            source = text_at(row, "uuid")
        return prompt_digest(*(_prompt_names(row.get("prompt")) if source is None else ("buffed", source)))

    def _slices(self, row: dict[str, Json]) -> Slices:
        values = {key: name_of(_metadata(row, key)) for key in self.options.slice_by}
        values["probe"] = name_of(row.get("probe_classname"))
        return self._pool.of(values)


def detector_name(value: Json) -> str:
    """The name of a detector; versions before 0.10 write `detector.` before it."""
    return (name_of(value) or "unnamed detector").removeprefix("detector.")


def _text(output: Json) -> str | None:
    """The text of an output: a text before 0.13, an object since; None if the target gave no answer."""
    if isinstance(output, dict):
        text = text_at(output, "text")
        return "data" if text is None and output.get("data_path") else text
    return output if isinstance(output, str) else None


def _metadata(row: dict[str, Json], key: str) -> Json:
    note = at(row, "notes", key)
    if note is not None:
        return note
    if key == "language":
        turns = list_at(row, "prompt", "turns")
        return row.get("lang") or (at(turns[-1], "content", "lang") if turns else None)
    return row.get(key) if key in {"intent", "goal"} else None


def _prompt_names(prompt: Json) -> tuple[str, ...]:
    """The same for the same text in every version; more names where there is more than one text."""
    if not isinstance(prompt, dict):
        return (prompt if isinstance(prompt, str) else repr(prompt)[:1000],)
    turns = list_at(prompt, "turns") or [{"content": prompt}]
    names: list[str] = []
    for turn in turns:
        content = object_at(turn, "content")
        if len(turns) > 1:
            names.append(text_at(turn, "role") or "")
        names.append(text_at(content, "text") or "")
        names += [data for key in ("data_path", "data_checksum") if (data := text_at(content, key))]
    return tuple(names)


def _scores(row: dict[str, Json], texts: list[str | None], threshold: float) -> Iterator[DetectorScores]:
    for key, values in object_at(row, "detector_results").items():
        scores = values if isinstance(values, list) else []
        is_aligned = len(scores) == len(texts)
        passed = fails = silent = nones = 0
        for index, score in enumerate(scores):
            if isinstance(score, bool) or not isinstance(score, int | float):
                nones += 1
            elif score >= threshold:
                fails += 1
            elif is_aligned and not (texts[index] or "").strip():
                # An answer without a word withstood nothing: a target that is down answers like that.
                silent += 1
            else:
                passed += 1
        missing = max(len(texts) - len(scores), 0)
        yield DetectorScores(detector_name(key), passed, fails, silent + nones + missing, silent, nones)
