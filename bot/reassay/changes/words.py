"""Differences in words: one form for the terminal, for reasons of triggers, and for pull requests."""

from reassay.changes.base import Change, Half, say


def half_words(half: Half | Change) -> str:
    """`audio added to modalities_in`, `users raised from 1k to 5k`, `target removed`."""
    field = half.field
    match half.change:
        case "added":
            return (
                f"{say(half.after)} added to {field}"
                if half.before is None and isinstance(half.after, list)
                else _named(half)
            )
        case "removed":
            return f"{say(half.before)} removed from {field}" if isinstance(half.before, list) else f"{field} removed"
        case "declared":
            return f"{say(half.after)} declared in {field}"
        case word:
            return f"{field} {word} from {say(half.before)} to {say(half.after)}"


def _named(half: Half | Change) -> str:
    return f"{half.field} added: {say(half.after)}"


def change_words(change: Change) -> str:
    """The same, for a whole object too."""
    return half_words(change) if change.field else change.change
