"""Changes in words, for the terminal, reasons of triggers, and pull requests."""

from reassay.changes.base import Change, FieldChange, say


def field_change_words(field_change: FieldChange | Change) -> str:
    """A change of a field: `audio added to modalities_in`, `users raised from 1k to 5k`, `retired (was active)`."""
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
        case _ if field_change.before is None:
            return _named(field_change)
        case word if word == field_change.after:
            return f"{word} (was {say(field_change.before)})"
        case word:
            return f"{field} {word} from {say(field_change.before)} to {say(field_change.after)}"


def _named(field_change: FieldChange | Change) -> str:
    return f"{field_change.field} added: {say(field_change.after)}"


def change_words(change: Change) -> str:
    """A change in words, of a field or of a whole object."""
    return field_change_words(change) if change.field else change.change
