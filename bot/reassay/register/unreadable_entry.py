"""Entries of a register that cannot be used, as far as they can still be read."""

from dataclasses import dataclass

from reassay.register.finding import Finding, FindingSeverity


@dataclass(frozen=True, slots=True)
class UnreadableEntry:
    """A place of the register that declares an object, or may declare one, and cannot be used."""

    finding: Finding
    """Why, and where. A warning: its file is not read, so that objects which were in it may be missing."""
    kind: str | None = None
    """Kind of the object; None if it cannot be told, so that it may be of any kind."""
    id: str | None = None
    """Id of the object; None if it cannot be told, so that it may be any object."""
    owner: str | None = None
    """The owner that it names; None if it names none in a readable form."""
    deployments: tuple[str, ...] = ()
    """The deployments that it names."""
    formerly: tuple[str, ...] = ()
    """The former ids that it claims."""

    @property
    def is_error(self) -> bool:
        """Whether it has an error, and is not only left unread."""
        return self.finding.severity is FindingSeverity.ERROR

    def may_be(self, kind: str) -> bool:
        """Whether it may declare an object of a kind."""
        return self.kind is None or self.kind == kind
