"""The findings of `check` as one sentence."""

from reassay.common.sentences import count_words, names
from reassay.register.register import LISTS, Register, in_words
from reassay.register.views.documents import counts


def register_summary(register: Register) -> str:
    """The totals of `check`, for example `14 mitigations and 5 deployments valid, 3 errors, 1 warning.`."""
    count = counts(register)
    valid = [count_words(count[key], in_words(kind)) for key, kind in LISTS.items() if count[key]]
    findings = [
        count_words(count[key], word) for key, word in (("errors", "error"), ("warnings", "warning")) if count[key]
    ]
    return f"{', '.join([f'{names(*valid)} valid' if valid else 'Nothing valid', *(findings or ['no findings'])])}."
