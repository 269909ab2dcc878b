"""MITRE ATLAS (https://github.com/mitre-atlas/atlas-data): changed content of the techniques that threat models link.

Its changelog, its version field and its dates are not read: releases carry wrong versions, and v4.6.0 changed every date
without changing a technique. The first reading, and the first of a newly linked technique, only set a baseline.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from reassay.common.canonical import canonical, digest
from reassay.register.base import Status
from reassay.register.register import Register
from reassay.register.signal_sources import AtlasSource
from reassay.signals.source_readings import Signal, SourceContext, SourceReader, SourceReading, SourceUnreadError
from reassay.signals.sources.documents import yaml_document
from reassay.signals.sources.field_values import LONGEST_LINE
from reassay.signals.sources.rows import listed_problems

_LINK: Final = re.compile(rb"(?!.*\.\.)[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*\.ya?ml\s*")
"""The content of a symbolic link as GitHub's raw addresses serve it: `dist/v6/ATLAS-latest.yaml` is the name of a release."""
_MOST_LINKS: Final = 3
_TECHNIQUE: Final = re.compile(r"AML\.T[0-9]{4}(\.[0-9]{3})?")
_SHOWN_DIGEST: Final = 16
_CONTENT: Final = ("name", "description")
"""Fields of a technique that are its content. What others say of it (tactics, references, maturity) changes with every
reorganisation of the file."""


@dataclass(frozen=True, slots=True)
class _Technique:
    """A technique of a release."""

    name: str
    digest: str
    """Digest of the content."""


def _read(spec: AtlasSource, context: SourceContext) -> SourceReading:
    links = _links(spec, context.register)
    if not links:
        problem = (
            "No threat model names an ATLAS technique under 'atlas', and neither does the source under 'techniques'; "
            "name those that matter."
        )
        return SourceReading(problems=(problem,))
    problems: list[str] = []
    techniques = _techniques(_release(spec.url, context), spec.url, problems)
    watched = {name: technique for name, technique in techniques.items() if name in links or parent_of(name) in links}
    before = _position(context.position, problems)
    for name in sorted(links):
        if name not in techniques:
            was = "is no longer" if before and name in before.digests else "is not"
            problems.append(
                f"{name}, which {links[name].by}, {was} in {spec.url}; see what became of it, and correct the id."
            )
    signals = tuple(_changes(watched, before, links)) if before else ()
    return SourceReading(
        signals=signals, problems=listed_problems(problems), position=_kept(watched, links, before).as_document()
    )


@dataclass(frozen=True, slots=True)
class _Link:
    """What links a technique."""

    by: str
    """Words for a sentence."""
    mitigations: tuple[str, ...]
    """Mitigations against the threat models that link it; none if only the source names it."""


def parent_of(technique: str) -> str:
    """The technique of a sub-technique; of a technique itself."""
    return technique[:9]


def _links(spec: AtlasSource, register: Register) -> Mapping[str, _Link]:
    """The techniques to watch. Whoever links a technique means its sub-techniques as well."""
    linking: dict[str, list[str]] = {name: [] for name in spec.techniques}
    for name, entry in register.threat_models.items():
        for technique in entry.value.atlas:
            linking.setdefault(technique, []).append(name)
    return {
        technique: _Link(
            f"the threat model '{models[0]}' links" if models else "the source names",
            tuple(
                name
                for name, entry in register.mitigations.items()
                if entry.value.status is not Status.RETIRED and set(models) & set(entry.value.threat_models)
            ),
        )
        for technique, models in linking.items()
    }


def _release(url: str, context: SourceContext) -> bytes:
    """The content of a release. Raises SourceUnreadError."""
    address = url
    for _ in range(_MOST_LINKS + 1):
        body = context.http.get(address).body
        if len(body) > LONGEST_LINE or not _LINK.fullmatch(body):
            return body
        address = urljoin(address, body.decode("ascii").strip())
    raise SourceUnreadError(f"{url} leads from one name to the next and to no release. Name a release.")


def _techniques(raw: bytes, url: str, problems: list[str]) -> Mapping[str, _Technique]:
    """The techniques of a release by id. Raises SourceUnreadError."""
    document = yaml_document(raw, url)
    objects = list(_objects(document)) if isinstance(document, dict) else []
    techniques: dict[str, _Technique] = {}
    for name, fields in objects:
        if not isinstance(name, str) or not _TECHNIQUE.fullmatch(name):
            continue
        texts = {field: " ".join(str(fields.get(field) or "").split()) for field in _CONTENT}
        if not all(texts.values()):
            problems.append(f"{name} has no name or no description in {url}; what it has is compared.")
        content = {**texts, **({"deprecated": True} if fields.get("deprecated") is True else {})}
        technique = _Technique(texts["name"], digest(canonical(content)))
        if techniques.setdefault(name, technique) != technique:
            problems.append(f"{name} stands twice with different content in {url}; the first is compared.")
    if not techniques:
        raise SourceUnreadError(
            f"{url} has no techniques of MITRE ATLAS. Name a release, for example dist/v6/ATLAS-2026.08.yaml."
        )
    return techniques


def _objects(document: Mapping[str, object]) -> Iterator[tuple[object, Mapping[str, object]]]:
    """Ids and fields in each layout: since 2026 a mapping by id, before it lists below `matrices`, before 4.0 one list."""
    matrices = document.get("matrices")
    lists = (
        [matrix.get("techniques") for matrix in matrices if isinstance(matrix, dict)]
        if isinstance(matrices, list)
        else []
    )
    for group in (document.get("techniques"), *lists):
        if isinstance(group, dict):
            yield from ((name, fields) for name, fields in group.items() if isinstance(fields, dict))
        elif isinstance(group, list):
            yield from ((fields.get("id"), fields) for fields in group if isinstance(fields, dict))


@dataclass(frozen=True, slots=True)
class _Position:
    """What the last reading saw."""

    digests: Mapping[str, str]
    """Digest of the content by technique."""
    linked: frozenset[str]
    """Techniques that were linked themselves: a sub-technique of one of these that is new was added since."""

    def as_document(self) -> Mapping[str, object]:
        """The reading position as a document of the ledger."""
        return {"techniques": dict(sorted(self.digests.items())), "linked": sorted(self.linked)}


def _position(document: Mapping[str, object] | None, problems: list[str]) -> _Position | None:
    """None before the first reading, and if what was kept cannot be understood, which is a problem."""
    if document is None:
        return None
    digests, linked = document.get("techniques"), document.get("linked")
    if isinstance(digests, dict) and isinstance(linked, list) and all(isinstance(name, str) for name in linked):
        return _Position({name: str(value) for name, value in digests.items()}, frozenset(linked))
    problems.append(
        "What the last reading kept cannot be understood, so that changes since then are unknown; compare by hand."
    )
    return None


def _kept(watched: Mapping[str, _Technique], links: Mapping[str, _Link], before: _Position | None) -> _Position:
    """A linked technique that is gone is kept as it was, so that it counts as changed if it comes back with other content."""
    gone = {name: value for name, value in (before.digests if before else {}).items() if name in links}
    return _Position({**gone, **{name: own.digest for name, own in watched.items()}}, frozenset(links))


def _changes(watched: Mapping[str, _Technique], before: _Position, links: Mapping[str, _Link]) -> Iterator[Signal]:
    for name, technique in sorted(watched.items()):
        earlier = before.digests.get(name)
        if earlier is None:
            # Newly linked: nothing to compare with. A sub-technique of one that was linked is new there.
            if name in before.linked or parent_of(name) in before.linked:
                yield _signal(name, f"added {name}: {technique.name}", technique.digest, links)
        elif earlier != technique.digest:
            yield _signal(name, f"changed {name}: {technique.name}", technique.digest, links)
    for name in sorted(before.digests):
        if name not in watched and name not in links and parent_of(name) in links:
            yield _signal(name, f"removed {name}", before.digests[name], links, "-removed")


def _signal(name: str, change: str, content: str, links: Mapping[str, _Link], suffix: str = "") -> Signal:
    mitigations = {
        mitigation: None
        for technique in (name, parent_of(name))
        if technique in links
        for mitigation in links[technique].mitigations
    }
    return Signal(
        key=f"{name}@{content.rpartition(':')[2][:_SHOWN_DIGEST]}{suffix}",
        title=f"MITRE ATLAS {change}"[:LONGEST_LINE],
        first_seen_at=None,
        mitigations=tuple(mitigations),
        url=f"https://atlas.mitre.org/techniques/{name}",
    )


READER = SourceReader("atlas", AtlasSource, frozenset({"action", "app"}), is_pushed=False, read=_read)
