"""Ids of the register that a source names: those that it does not have are problems, and count for the worse case."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reassay.register.register import Register
from reassay.register.signal_sources import SourceSpec
from reassay.signals.source_readings import Signal, SourceReading
from reassay.signals.sources.field_values import shown
from reassay.signals.sources.rows import listed_problems


def checked_ids(reading: SourceReading, spec: SourceSpec, register: Register) -> SourceReading:
    """The reading with ids that the register has.

    A signal that names an unknown mitigation counts for all that the source names, besides the ones that it names and that exist.
    One that names an unknown deployment counts for the deployment of the source, or for all.
    """
    problems = list(reading.problems)
    signals = tuple(_checked(signal, spec, register, problems) for signal in reading.signals)
    counts = tuple(count for count in reading.counts if count.deployment is None or _has(register, count.deployment))
    unknown = sorted({count.deployment for count in reading.counts if count.deployment} - set(_deployments(register)))
    problems += [f"There is no deployment {shown(name)} in the register; its counts are not taken." for name in unknown]
    return replace(reading, signals=signals, counts=counts, problems=listed_problems(problems))


def _checked(signal: Signal, spec: SourceSpec, register: Register, problems: list[str]) -> Signal:
    names = tuple(_present(signal.mitigations, register))
    unknown = [
        name for name in signal.mitigations if not register.declares_mitigation(register.renamed.get(name, name))
    ]
    if unknown:
        problems.append(
            f"{shown(signal.key)} names the mitigation {shown(unknown[0])}, which the register does not have; it counts for"
            f" all that the source names. Correct the name."
        )
        names = tuple(dict.fromkeys((*names, *spec.mitigations)))
    deployment = signal.deployment
    if deployment is not None and not _has(register, deployment):
        problems.append(
            f"{shown(signal.key)} names the deployment {shown(deployment)}, which the register does not have. Correct the name."
        )
        deployment = None
    return replace(signal, mitigations=names, deployment=deployment)


def _present(names: Sequence[str], register: Register) -> Iterator[str]:
    """The mitigations that are declared, each once, by their present ids."""
    present = (register.renamed.get(name, name) for name in names)
    yield from dict.fromkeys(name for name in present if register.declares_mitigation(name))


def _has(register: Register, deployment: str) -> bool:
    return deployment in _deployments(register)


def _deployments(register: Register) -> frozenset[str]:
    """Ids of the declared deployments, valid or not."""
    return frozenset(register.deployments) | register.broken.get("deployment", frozenset())
