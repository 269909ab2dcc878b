"""Names of models: two may mean the same one, because providers prefix names, and resolve an alias to a dated snapshot of it."""

import re
from collections.abc import Iterable
from typing import Final

from reassay.register.register import Register

_SNAPSHOT: Final = re.compile(r"[-@](?:\d{8}|\d{4}-\d{2}-\d{2})")


def is_model(name: str, names: Iterable[str]) -> bool:
    """Whether a name that a file gives is one of `names`, without the provider's prefix, or a dated snapshot of one.

    What is before a colon is left out of one of both names only: it is a provider in `openai:chat:large`, and the model itself in
    `large:7b` or `large-v1:0`, whose tags are not names.
    """
    return any(
        _is_form_of(form, own)
        for known in names
        for forms, owns in (
            (_with_tails(_forms(name)), _forms(known)),
            (_forms(name), _with_tails(_forms(known))),
        )
        for form in forms
        for own in owns
    )


def names_of_model(written: str, register: Register) -> tuple[str, ...]:
    """The names of a model that a deployment runs: as written there, and the id, title and version of a declared model."""
    entry = register.models.get(written)
    if entry is None:
        return (written,)
    model = entry.value
    return tuple(
        dict.fromkeys(
            (written, model.title, model.version, f"{model.id}-{model.version}", f"{model.title}-{model.version}")
        )
    )


def _forms(name: str) -> tuple[str, ...]:
    """A name, and what is after each slash in it."""
    return _ends(re.sub(r"\s+", "-", name.strip().casefold()), "/")


def _with_tails(forms: Iterable[str]) -> tuple[str, ...]:
    """Forms, and what is after each colon in them where that is not a number."""
    tails = (tail for form in forms for tail in _ends(form, ":")[1:] if not tail.isdigit())
    return (*forms, *tails)


def _ends(name: str, separator: str) -> tuple[str, ...]:
    parts = name.split(separator)
    return tuple(separator.join(parts[start:]) for start in range(len(parts)) if parts[start])


def _is_form_of(form: str, name: str) -> bool:
    return form == name or (form.startswith(name) and _SNAPSHOT.fullmatch(form[len(name) :]) is not None)
