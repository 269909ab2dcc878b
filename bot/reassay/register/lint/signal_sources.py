"""Errors in sources of signals: ids that the register does not have, and settings that nothing acts on."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from reassay.register.finding import Finding, FindingSeverity, Origin, did_you_mean, quoted
from reassay.register.register import Register
from reassay.register.signal_sources import AtlasSource, Gives, SignalSource, SourceSpec

_WITHOUT_EFFECT: Final[Mapping[Gives, tuple[str, ...]]] = {
    "incidents": ("information_kind",),
    "information": ("severity", "incident_kind"),
    "count": ("severity", "incident_kind", "information_kind", "mitigations"),
    "exposure": ("severity", "incident_kind", "information_kind", "mitigations"),
}
"""Settings that say nothing of what a source gives."""
_FROZEN: Final = "mitre-atlas/atlas-data/main/dist/ATLAS.yaml"


def signal_source_findings(register: Register) -> Iterator[Finding]:
    """The findings about the sources of a configuration that can be read."""
    origin = register.configuration_origin
    if register.configuration_is_broken or origin is None:
        return
    first: dict[str, str] = {}
    for index, source in enumerate(register.configuration.signals.sources):
        yield from _names(source, index, register, origin)
        yield from _without_effect(source, index, origin)
        if isinstance(source, AtlasSource):
            yield from _atlas(source, index, register, origin)
        same = first.setdefault(_read_by(source), source.id)
        if same != source.id:
            message = f"{quoted(source.id)} reads the same as {quoted(same)}, so that each of its items counts twice"
            at = origin.at("signals", "sources", index, "id")
            yield Finding(at, "source-twice", message, "Delete one of them.", FindingSeverity.WARNING)


def missing_file_findings(register: Register, exists: Callable[[str], bool]) -> Iterator[Finding]:
    """Errors for files that sources name and that do not exist."""
    origin = register.configuration_origin
    if register.configuration_is_broken or origin is None:
        return
    for index, source in enumerate(register.configuration.signals.sources):
        path = getattr(source, "path", None)
        if isinstance(path, str) and not exists(path):
            message = f"{quoted(source.id)} reads {quoted(path)}, and there is no such file, so it is blind"
            remedy = "Correct the path (from the root of the repository), or add the file; an empty list is fine."
            yield Finding(origin.at("signals", "sources", index, "path"), "no-such-file", message, remedy)


def _read_by(source: SignalSource) -> str:
    """What is read, as a text: all settings but those that say what it means."""
    return source.model_dump_json(exclude=set(SourceSpec.model_fields))


def _names(source: SignalSource, index: int, register: Register, origin: Origin) -> Iterator[Finding]:
    place = ("signals", "sources", index)
    for number, name in enumerate(source.mitigations):
        if not register.declares_mitigation(register.renamed.get(name, name)):
            yield Finding(
                origin.at(*place, "mitigations", number),
                "unknown-reference",
                f"there is no mitigation {quoted(name)}",
                did_you_mean(name, register.mitigations) or "Declare the mitigation, or delete the name.",
            )
    deployment = source.deployment
    declared = {*register.deployments, *register.broken.get("deployment", ())}
    if deployment is not None and deployment not in declared:
        yield Finding(
            origin.at(*place, "deployment"),
            "unknown-reference",
            f"there is no deployment {quoted(deployment)}",
            did_you_mean(deployment, register.deployments) or "Declare the deployment, or delete the name.",
        )


def _without_effect(source: SignalSource, index: int, origin: Origin) -> Iterator[Finding]:
    for field in _WITHOUT_EFFECT[source.gives]:
        if field in source.model_fields_set:
            message = f"{quoted(source.id)} gives {source.gives}, so nothing acts on '{field}'"
            at = origin.at("signals", "sources", index, field)
            yield Finding(at, "without-effect", message, "Delete it, or correct what the source gives.")


def _atlas(source: AtlasSource, index: int, register: Register, origin: Origin) -> Iterator[Finding]:
    place = ("signals", "sources", index)
    if source.silent_after is not None:
        message = f"{quoted(source.id)} has no dates that are read, so nothing acts on 'silent_after'"
        remedy = "Delete it: a release that cannot be read is blind without it."
        yield Finding(origin.at(*place, "silent_after"), "without-effect", message, remedy)
    links = any(entry.value.atlas for entry in register.threat_models.values())
    if not links and not source.techniques and not register.broken.get("threat-model"):
        message = f"{quoted(source.id)} watches nothing: no threat model names a technique under 'atlas'"
        remedy = "Name those that matter there, or under 'techniques' of the source."
        yield Finding(origin.at(*place, "id"), "without-effect", message, remedy)
    if source.url.endswith(_FROZEN):
        message = f"{quoted(source.id)} reads a file that MITRE does not change any more since version 5.6"
        remedy = "Name dist/v6/ATLAS-latest.yaml there."
        yield Finding(origin.at(*place, "url"), "frozen-source", message, remedy, FindingSeverity.WARNING)
