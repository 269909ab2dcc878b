"""Signals as they are recorded: what a source says, with what its settings add, and only names that the register has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from reassay.common.canonical import digest
from reassay.common.inert import plain
from reassay.common.sentences import names
from reassay.ledger.signals import ReceivedSignal
from reassay.register.register import Register
from reassay.register.signal_sources import SourceSpec
from reassay.signals.received_words import text_object
from reassay.signals.recorded import RecordedSignal
from reassay.signals.source_readings import Signal
from reassay.signals.source_settings import content_of

SHORT: Final = 12
"""Hexadecimal digits of a key in an id; more where two keys would share them."""
LONGEST_SOURCE: Final = 80
"""Characters of a source's id in an id."""
LONGEST_ID: Final = 100
"""Characters of an id of the register, which these are, too."""


@dataclass(frozen=True, slots=True)
class ResolvedSignals:
    """The signals of one reading as they are recorded."""

    signals: tuple[ReceivedSignal, ...] = ()
    """Each key once, in order of the first date."""
    objects: Mapping[str, bytes] = field(default_factory=dict)
    """Their words, by digest."""
    problems: tuple[str, ...] = ()
    """What the register does not have, each a sentence."""


def resolve(
    signals: Sequence[Signal],
    spec: SourceSpec,
    recorded: Mapping[str, RecordedSignal],
    register: Register,
    now: datetime,
) -> ResolvedSignals:
    """The signals of a reading as they are recorded."""
    taken = {name: own.signal.key for name, own in recorded.items()}
    by_id: dict[str, Signal] = {}
    for signal in signals:
        name = signal_id(spec.id, signal.key, taken)
        taken[name] = digest(signal.key.encode())
        by_id[name] = _together(by_id[name], signal) if name in by_id else signal
    objects: dict[str, bytes] = {}
    problems: list[str] = []
    resolved = []
    for name, signal in by_id.items():
        words = text_object(signal.title, signal.url, signal.root_cause)
        objects[digest(words)] = words
        own = _Resolution(name, signal, spec, register, now).recorded(digest(words))
        if not own.mitigations and (signal.mitigations or spec.mitigations):
            stated = names(*(plain(each)[:100] for each in (*signal.mitigations, *spec.mitigations)[:5]))
            problems.append(f"{name} names {stated}, which the register does not have, so it bears on no mitigation.")
        resolved.append(own)
    ordered = sorted(resolved, key=lambda own: (own.first_seen_at, own.id))
    return ResolvedSignals(tuple(ordered), objects, tuple(problems))


def signal_id(source: str, key: str, taken: Mapping[str, str]) -> str:
    """The id of a signal: its source and a short digest of its key. `taken` has the digests of keys by id."""
    key_digest = digest(key.encode())
    stem, letters = source[:LONGEST_SOURCE].rstrip("-"), key_digest.removeprefix("sha256:")
    length = SHORT
    while length < len(letters):
        name = f"{stem}-{letters[:length]}"
        if len(name) > LONGEST_ID or taken.get(name, key_digest) == key_digest:
            return name
        length += 2
    return f"{stem}-{letters}"


def _together(first: Signal, second: Signal) -> Signal:
    """Two signals with one key: the later words, the earlier date, the higher severity, and every mitigation."""
    dates = [at for at in (first.first_seen_at, second.first_seen_at) if at is not None]
    severity = first.severity or second.severity
    if first.severity and second.severity and second.severity.reaches(first.severity):
        severity = second.severity
    return replace(
        second,
        first_seen_at=min(dates, default=None),
        severity=severity,
        mitigations=tuple(dict.fromkeys((*first.mitigations, *second.mitigations))),
        root_cause=second.root_cause or first.root_cause,
        withdrawn=first.withdrawn and second.withdrawn,
    )


@dataclass(frozen=True, slots=True)
class _Resolution:
    """One signal, and everything that its record is made from."""

    name: str
    item: Signal
    spec: SourceSpec
    register: Register
    now: datetime

    @property
    def gives(self) -> Literal["incident", "information"]:
        return "information" if getattr(self.spec, "gives", "incidents") == "information" else "incident"

    def recorded(self, text: str) -> ReceivedSignal:
        """The record; `text` is the digest of its words."""
        item, spec, is_incident = self.item, self.spec, self.gives == "incident"
        return ReceivedSignal(
            id=self.name,
            key=digest(item.key.encode()),
            gives=self.gives,
            first_seen_at=min(item.first_seen_at or self.now, self.now),
            occurred_at=item.occurred_at,
            resolved_at=item.resolved_at,
            severity=(item.severity or spec.severity) if is_incident else None,
            incident_kind=(item.incident_kind or spec.incident_kind) if is_incident else None,
            information_kind=None if is_incident else item.information_kind or spec.information_kind,
            mitigations=self._mitigations(),
            deployment=self._deployment(),
            root_cause=digest(plain(item.root_cause).encode()) if item.root_cause else None,
            text=text,
            content=self._content(text),
            withdrawn=item.withdrawn,
        )

    def _mitigations(self) -> tuple[str, ...]:
        """The mitigations that the item names and the register has, by their present ids; else those of the settings.

        Where one of several is not in the register, those of the settings are added: it may have meant one of them.
        """
        own = self._present(self.item.mitigations)
        usual = self._present(self.spec.mitigations)
        is_whole = bool(own) and len(own) == len(self.item.mitigations)
        return tuple(dict.fromkeys([*own, *([] if is_whole else usual)]))

    def _present(self, written: Sequence[str]) -> list[str]:
        register = self.register
        ids = [register.renamed.get(name, name) for name in written]
        return [name for name in ids if name in register.subjects or register.declares_mitigation(name)]

    def _deployment(self) -> str | None:
        """The deployment that the item is about; None, which means any, for one that the register does not have."""
        name = self.item.deployment or self.spec.deployment
        return name if name in self.register.deployments else None

    def _content(self, text: str) -> str:
        """The digest of what the source and its settings say, by which a change is seen; its first date is compared by itself."""
        item, spec = self.item, self.spec
        is_incident = self.gives == "incident"
        return content_of(
            {
                "gives": self.gives,
                "occurred_at": _iso(item.occurred_at),
                "resolved_at": _iso(item.resolved_at),
                "severity": item.severity,
                "kind": item.incident_kind if is_incident else item.information_kind,
                "mitigations": sorted(set(item.mitigations)),
                "deployment": item.deployment,
                "text": text,
                "withdrawn": item.withdrawn,
                "settings": [spec.severity, spec.incident_kind] if is_incident else [spec.information_kind],
                "affects": sorted(spec.mitigations),
                "where": spec.deployment,
            }
        )


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
