"""What `check` found, added up."""

from reassay.common.sentences import names
from reassay.register.register import LISTS, Register, in_words
from reassay.register.views.documents import counts


def sentence(register: Register) -> str:
    """For people, such as `3 errors, 1 warning in 2 files; 14 mitigations and 5 deployments are fine`."""
    found = counts(register)
    wrong = [_many(found[key], word) for key, word in (("errors", "error"), ("warnings", "warning")) if found[key]]
    fine = [_many(found[key], in_words(kind)) for key, kind in LISTS.items() if found[key]]
    first = f"{', '.join(wrong)} in {_many(found['files'], 'file')}" if wrong else "No findings"
    alone = sum(found[key] for key in LISTS) == 1
    second = f"{names(*fine)} {'is' if alone else 'are'} fine" if fine else "nothing can be used yet"
    return f"{first}; {second}."


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
