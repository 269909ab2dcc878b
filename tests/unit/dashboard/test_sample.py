"""The sample has something in every field, and the hostile one is poisoned everywhere."""

from collections.abc import Iterator

from pydantic import BaseModel

from reassay.dashboard.values import Dashboard
from tests.unit.dashboard.sample import LONG_WORD, POISON, empty, hostile, sample, with_texts


def filled(value: object, field: str = "") -> Iterator[tuple[str, bool]]:
    """Each field of each model, and whether it has something."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            own, where = getattr(value, name), f"{type(value).__name__}.{name}"
            yield where, own not in (None, "", (), False)
            yield from filled(own, where)
    elif isinstance(value, tuple):
        for item in value:
            yield from filled(item, field)


def test_every_field_has_something() -> None:
    has: dict[str, bool] = {}
    for field, is_filled in filled(sample()):
        has[field] = has.get(field, False) or is_filled
    assert [field for field, is_filled in has.items() if not is_filled] == []


def test_every_text_is_hostile_and_each_field_has_a_long_word_or_its_id() -> None:
    texts: list[tuple[str, str]] = []

    def seen(field: str, text: str) -> str:
        texts.append((field, text))
        return text

    with_texts(hostile(), seen)
    assert texts
    assert [field for field, text in texts if any(word not in text for word in POISON)] == []
    assert hostile().timezone == "Europe/Berlin"
    assert sum(LONG_WORD in text for _, text in texts) > 50


def test_they_survive_json() -> None:
    for value in (sample(), empty(), hostile()):
        assert Dashboard.model_validate_json(value.model_dump_json()) == value
