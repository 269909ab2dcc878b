"""The counts of a reading as a sentence. Only a criterion says which outcome is undesired, so outcomes keep their names."""

from typing import Final

from reassay.evidence.reading import Reading

MOST_OUTCOMES: Final = 6
LONGEST_NAME: Final = 60


def reading_words(reading: Reading) -> str:
    """What a file counts of one metric, without the full stop."""
    attempted = f"{reading.attempted:,} attempted"
    if reading.planned is not None:
        attempted += f" of {reading.planned:,} planned"
    parts = [attempted, _outcomes(reading), *_not_assessed(reading)]
    return f"`{short(reading.metric)}` of {short(of_what(reading))}: {'; '.join(parts)}"


def of_what(reading: Reading) -> str:
    """Task and model of a reading, as far as the file names them."""
    models = ", ".join(reading.models_answered or reading.models_asked)
    task = " ".join(filter(None, (reading.task, reading.task_version)))
    return ", ".join(filter(None, (task, models))) or "a task and a model that the file does not name"


def _outcomes(reading: Reading) -> str:
    assessed = sum(number for _, number in reading.totals)
    listed = [f"{short(name)} {number:,}" for name, number in reading.totals[:MOST_OUTCOMES]]
    if len(reading.totals) > MOST_OUTCOMES:
        listed.append(f"{len(reading.totals) - MOST_OUTCOMES} more outcomes")
    return f"{assessed:,} with an outcome" + (f" ({', '.join(listed)})" if listed else "")


def _not_assessed(reading: Reading) -> tuple[str, ...]:
    missing = max(0, (reading.planned or 0) - reading.attempted)
    counts = ((reading.unscored, "not scored"), (reading.errored, "failed"), (missing, "never attempted"))
    return tuple(f"{number:,} {words}" for number, words in counts if number)


def short(name: str) -> str:
    """A name that a file gives, on one line and not too long."""
    plain = unmarked(" ".join(name.split()).replace("`", "'"))
    return plain if len(plain) <= LONGEST_NAME else f"{plain[:LONGEST_NAME]}…"


def unmarked(text: str) -> str:
    """A text in which nothing reads as the beginning or the end of an HTML comment, which frame what a bot wrote."""
    return text.replace("<!--", "<! --").replace("-->", "-- >")
