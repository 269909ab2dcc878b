"""The evidence items that the register had at the commits of decisions, for exports."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from reassay.assessment.joined import joining
from reassay.common.calendar import zone
from reassay.common.errors import ReassayError
from reassay.git.git import Git
from reassay.register.commitment import Commitment
from reassay.register.evidence_item import EvidenceItem
from reassay.register.files.git_tree import GitTree
from reassay.register.files.reader import read_register
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register
from reassay.register.trigger_specs import AnyTrigger, EvidenceStaleSpec, flat_triggers

_COMMIT = re.compile(r"[0-9a-f]{40,64}")


@dataclass(frozen=True, slots=True)
class RegisterEvidence:
    """Registers by commit; those that the clone does not have are left out."""

    registers: Mapping[str, Register]

    def about(self, commit: str, subject: str, until: date) -> tuple[EvidenceItem, ...]:
        """The items about a subject that were gathered by a day, by id; none if the commit is not in the clone."""
        register = self.registers.get(commit)
        items = (entry.value for entry in register.evidence_items.values()) if register else ()
        own = (item for item in items if subject in item.mitigations and item.performed_at <= until)
        return tuple(sorted(own, key=lambda item: item.id))

    def days_in(self, commit: str) -> tzinfo:
        """The time zone in which the register counts days; UTC if the commit is not in the clone."""
        register = self.registers.get(commit)
        return zone(register.configuration.timezone) if register else UTC

    def expiry(self, commit: str, subject: str, item: EvidenceItem, until: date) -> date | None:
        """The last day on which decisions may rest on an item: its `valid_until`, or by the age that the subject allows.

        Commitments that are in force on the day of the decision may allow less.
        """
        register = self.registers[commit]
        entry = register.subjects.get(subject)
        value = entry.value if entry else None
        triggers: tuple[AnyTrigger, ...] = value.triggers if isinstance(value, Commitment) else ()
        if isinstance(value, Mitigation):
            own = value.reassess.triggers if value.reassess else ()
            joined = (spec for commitment in joining(value, register, until) for spec in commitment.triggers)
            triggers = (*own, *joined)
        allowed = [spec.older_than for spec in flat_triggers(triggers) if isinstance(spec, EvidenceStaleSpec)]
        days = [span.after(item.performed_at) for span in allowed]
        return min((day for day in (item.valid_until, *days) if day is not None), default=None)


def register_evidence(git: Git, commits: Iterable[str]) -> RegisterEvidence:
    """The registers of some commits. A shallow clone lacks most of them; what cannot be read gives no items."""
    registers = {}
    for commit in sorted(set(commits)):
        # A ledger may hold any text here, and git must not take it for an option.
        if not _COMMIT.fullmatch(commit) or git.ask("cat-file", "-e", f"{commit}^{{commit}}")[0] != 0:
            continue
        try:
            registers[commit] = read_register(GitTree(git, commit))
        except ReassayError:
            continue
    return RegisterEvidence(registers)
