"""The parts of a log of Inspect AI that are read. The others, such as messages, plans and arguments, may hold harmful text."""

from typing import Final

from reassay.evidence.readers.json_stream import ItemList, Shape

EVAL: Final[Shape] = {
    "created": True,
    "task": True,
    "task_version": True,
    "model": True,
    "dataset": {"samples": True, "sample_ids": True},
    "config": {"limit": True, "epochs": True, "log_samples": True},
    "packages": {"inspect_ai": True},
    "scorers": [{"name": True}],
}
HEADER: Final[dict[str, Shape]] = {
    "version": True,
    "status": True,
    "invalidated": True,
    "eval": EVAL,
    "results": {
        "total_samples": True,
        "logged_samples": True,
        "early_stopping": {},
        "scorer": {"name": True},
        "scores": [{"name": True, "scorer": True}],
    },
    "stats": {"started_at": True},
}
"""`header.json`, and the top of a `.json` log."""
_SCORE: Final[Shape] = {"value": True, "history": [{}], "reason": True, "explanation": True}
"""Shape of a score. Only the beginning of the explanation is kept, which shows a grader without a grade."""
_MESSAGE: Final[Shape] = {"content": True, "tool_calls": [{}]}
"""Read to see whether the model answered at all."""


def sample_shape(metadata: tuple[str, ...]) -> Shape:
    """A sample, with these keys of its metadata."""
    return {
        "id": True,
        "epoch": True,
        "input": True,
        "choices": True,
        "files": True,
        "setup": True,
        "sandbox": True,
        "metadata": dict.fromkeys(metadata, True),
        "scores": {"*": _SCORE},
        "score": _SCORE,
        "error": {},
        "error_retries": [{}],
        "invalidation": {},
        "limit": {"type": True},
        "model_fallbacks": [{"fallback_model": True}],
        "messages": [{"role": True, "source": True}],
        "output": {"model": True, "choices": [{"message": _MESSAGE}]},
        "started_at": True,
    }


def log_shape(metadata: tuple[str, ...]) -> Shape:
    """A `.json` log."""
    return {**HEADER, "samples": ItemList(sample_shape(metadata))}


__all__ = ["EVAL", "HEADER", "log_shape", "sample_shape"]
