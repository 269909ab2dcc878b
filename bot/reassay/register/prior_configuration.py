"""An earlier configuration, which stays in force while the one that follows it cannot be read."""

from dataclasses import dataclass

from reassay.register.configuration import Configuration


@dataclass(frozen=True, slots=True)
class PriorConfiguration:
    """The last configuration that could be read, with the commit that had it."""

    configuration: Configuration
    commit: str
    """The newest commit of the default branch that the ledger names and whose configuration can be read."""
    path: str
    """The file that held it."""
    since: str
    """The first commit that is known to have none that can be read."""

    @property
    def folder(self) -> str:
        """Folder of the register, without a trailing slash."""
        return self.configuration.register_folder.rstrip("/")
