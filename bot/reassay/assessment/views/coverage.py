"""Coverage for people and for programs: gaps are named, never left as an empty place."""

from collections.abc import Iterable
from datetime import datetime
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from reassay.assessment.coverage import CatalogueCoverage, Coverage
from reassay.common.inert import plain
from reassay.common.terminal import console
from reassay.register.layers import LayerCoverage

GAP = "bold red"


def coverage_document(found: Coverage, at: datetime, provenance: dict[str, str]) -> dict[str, object]:
    """`reassay/coverage/v1`."""
    return {
        "schema": "reassay/coverage/v1",
        "at": at.isoformat(),
        **provenance,
        "threat_models": [
            {
                "threat_model": each.threat_model,
                "audience": str(each.audience),
                "layers": {layer: list(names) for layer, names in each.layers.items()},
                "counted": each.counted,
                "minimum": each.minimum,
                "short": each.is_short,
                "single_point_of_failure": each.single_point,
            }
            for each in found.layers
        ],
        "lifecycle": {str(stage): list(names) for stage, names in found.stages.items()},
        "standards": [
            {
                "catalogue": each.name,
                "known": each.known is not None,
                "cited": {group: list(names) for group, names in each.cited.items()},
                "missing": list(each.missing),
                "unknown_controls": list(each.unknown),
            }
            for each in found.catalogues
        ],
        "languages": [
            {
                "deployment": each.deployment,
                "language": each.language,
                "decided": list(each.decided),
                "not_decided": list(each.not_decided),
            }
            for each in found.languages
        ],
    }


def show_coverage(found: Coverage, footer: Iterable[str], out: TextIO) -> None:
    """Four parts: threat models, lifecycle, standards, languages."""
    screen = console(out)
    _part(screen, "Layers by threat model and audience", "No threat model or no deployment is declared.", found.layers)
    for layer in found.layers:
        _layer(screen, layer)
    _part(screen, "Lifecycle stages", "", found.stages)
    for stage, names in found.stages.items():
        _row(screen, str(stage), ", ".join(names), "" if names else "nothing here")
    _part(screen, "Standards", "No catalogue is cited.", found.catalogues)
    for catalogue in found.catalogues:
        _catalogue(screen, catalogue)
    _part(screen, "Languages by deployment", "No deployment declares its languages.", found.languages)
    for each in found.languages:
        gap = f"never decided on with it: {', '.join(each.not_decided)}" if each.not_decided else ""
        _row(screen, f"{each.deployment} / {plain(each.language)}", ", ".join(each.decided), gap)
    screen.print()
    for line in footer:
        screen.print(Text(plain(line), "dim"))


def _part(screen: Console, heading: str, empty: str, rows: object) -> None:
    screen.print(Text(f"\n{heading}", "bold"))
    if not rows:
        screen.print(f"  {empty}")


def _layer(screen: Console, each: LayerCoverage) -> None:
    shown = "; ".join(f"{layer}: {', '.join(names)}" for layer, names in each.layers.items())
    gaps = []
    if not each.mitigations:
        gaps.append("nothing works against it here")
    elif each.is_short:
        gaps.append(f"{each.counted} of {each.minimum} layers")
    if each.single_point:
        gaps.append(f"{each.single_point} stands alone")
    _row(screen, f"{each.threat_model} / {each.audience}", shown, ", ".join(gaps))


def _catalogue(screen: Console, each: CatalogueCoverage) -> None:
    screen.print(Text(f"  {plain(each.known.title if each.known else each.name)}"))
    for group, names in each.cited.items():
        title = f" {each.known.groups[group]}" if each.known else ""
        _row(screen, f"  {plain(group)}{title}", ", ".join(names), "")
    if each.missing:
        _row(screen, "  cited by nothing", "", ", ".join(each.missing))
    if each.unknown:
        _row(screen, "  not in this catalogue", "", ", ".join(plain(control) for control in each.unknown))
    if each.known is None:
        screen.print(Text("    This program does not have its list, so gaps cannot be named.", "dim"))


def _row(screen: Console, name: str, fine: str, gap: str) -> None:
    screen.print(Text.assemble(f"  {name}", (f"  {gap}" if gap else "", GAP)))
    if fine:
        screen.print(Padding(Text(fine, "dim"), (0, 0, 0, 6), expand=False))
