"""Differences in words: one form for the terminal, for reasons of triggers, and for pull requests."""

from reassay.changes.base import Change, FieldChange, say


def field_change_words(field_change: FieldChange | Change) -> str:
    """`audio added to modalities_in`, `users raised from 1k to 5k`, `target removed`."""
    field = field_change.field
    match field_change.change:
        case "added":
            return (
                f"{say(field_change.after)} added to {field}"
                if field_change.before is None and isinstance(field_change.after, list)
                else _named(field_change)
            )
        case "removed":
            return (
                f"{say(field_change.before)} removed from {field}"
                if isinstance(field_change.before, list)
                else f"{field} removed"
            )
        case "declared":
            return f"{say(field_change.after)} declared in {field}"
        case word:
            return f"{field} {word} from {say(field_change.before)} to {say(field_change.after)}"


def _named(field_change: FieldChange | Change) -> str:
    return f"{field_change.field} added: {say(field_change.after)}"


def change_words(change: Change) -> str:
    """The same, for a whole object too."""
    return field_change_words(change) if change.field else change.change
