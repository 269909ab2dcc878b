"""Coverage as terminal text and as a JSON document; gaps are stated in words."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.coverage import CatalogueCoverage, Coverage, LanguageCoverage
from reassay.assessment.evidence_coverage import EvaluationCoverage
from reassay.assessment.views.unreadable import unreadable_part
from reassay.common.inert import plain
from reassay.common.terminal import console
from reassay.register.layers import LayerCoverage

GAP = "bold red"


def coverage_document(
    coverage: Coverage, assessment_input: AssessmentInput, provenance: dict[str, str]
) -> dict[str, object]:
    """The document `reassay/coverage/v1`."""
    return {
        "schema": "reassay/coverage/v1",
        "at": assessment_input.now.isoformat(),
        **provenance,
        **unreadable_part(assessment_input),
        "threat_models": [
            {
                "threat_model": layers.threat_model,
                "audience": str(layers.audience),
                "layers": {layer: list(names) for layer, names in layers.layers.items()},
                "declared": layers.declared,
                "counted": layers.counted,
                "not_counted": dict(layers.uncounted),
                "common_causes": list(layers.shared_causes),
                "minimum": layers.minimum,
                "short": layers.is_short,
                "single_point_of_failure": layers.single_point,
            }
            for layers in coverage.layers
        ],
        "control_kinds": [
            {
                "threat_model": own.threat_model,
                "kinds": {str(kind): list(names) for kind, names in own.kinds.items()},
                "unstated": list(own.unstated),
                "gap": own.gap or None,
            }
            for own in coverage.control_kinds
        ],
        "lifecycle": {str(stage): list(names) for stage, names in coverage.stages.items()},
        "functions": {str(function): list(names) for function, names in coverage.functions.items()},
        "actors": {actor: list(names) for actor, names in coverage.actors.items()},
        "weights": list(coverage.weights),
        "standards": [
            {
                "catalogue": catalogue.name,
                "known": catalogue.catalogue is not None,
                "cited": {group: list(names) for group, names in catalogue.cited.items()},
                "missing": list(catalogue.missing),
                "unknown_controls": list(catalogue.unknown),
            }
            for catalogue in coverage.catalogues
        ],
        "languages": [
            {
                "deployment": language.deployment,
                "language": language.language,
                "decided": list(language.decided),
                "not_decided": list(language.not_decided),
                "covered": list(language.covered),
                "not_covered": list(language.not_covered),
            }
            for language in coverage.languages
        ],
        "contexts": [
            {
                "deployment": context.deployment,
                "covered": list(context.covered),
                "not_covered": list(context.not_covered),
            }
            for context in coverage.contexts
        ],
        "evaluations": [
            {
                "mitigation": own.mitigation,
                "kinds": {kind: list(sources) for kind, sources in own.kinds.items()},
                "unstated": list(own.unstated),
                "on_a_word": list(own.on_a_word),
                "gap": own.gap or None,
            }
            for own in coverage.evaluations
        ],
    }


def show_coverage(coverage: Coverage, footer: Iterable[str], out: TextIO) -> None:
    """Prints coverage in parts: threat models, kinds of control, lifecycle, standards, evaluations, deployments, languages."""
    screen = console(out)
    _part(
        screen, "Layers by threat model and audience", "No threat model or no deployment is declared.", coverage.layers
    )
    for layer in coverage.layers:
        _layer(screen, layer)
    _part(
        screen, "Kinds of control by threat model", "No mitigation states its kind of control.", coverage.control_kinds
    )
    for own in coverage.control_kinds:
        kinds = [f"{kind}: {', '.join(names)}" for kind, names in own.kinds.items()]
        kinds += [f"kind not stated: {', '.join(own.unstated)}"] if own.unstated else []
        _row(screen, own.threat_model, "; ".join(kinds), own.gap)
    _part(screen, "Lifecycle stages", "", coverage.stages)
    for stage, names in coverage.stages.items():
        _row(screen, str(stage), ", ".join(names), "" if names else "no mitigation")
    _stated(screen, coverage)
    _part(screen, "Standards", "No catalogue is cited.", coverage.catalogues)
    for catalogue in coverage.catalogues:
        _catalogue(screen, catalogue)
    _part(screen, "Kinds of evaluation by mitigation", "No mitigation is active.", coverage.evaluations)
    for evaluation in coverage.evaluations:
        _evaluation(screen, evaluation)
    _part(screen, "Evidence by deployment", "No deployment is declared.", coverage.contexts)
    for context in coverage.contexts:
        _row(screen, context.deployment, _covered(context.covered), _bare(context.not_covered))
    _part(screen, "Evidence by language", "No deployment declares its languages.", coverage.languages)
    for (deployment, covered, bare), rows in groupby(coverage.languages, key=_alike):
        languages = ", ".join(plain(row.language) for row in rows)
        _row(screen, f"{deployment} / {languages}", _covered(covered), _bare(bare))
    screen.print()
    for line in footer:
        screen.print(Text(plain(line), "dim"))


def _stated(screen: Console, coverage: Coverage) -> None:
    """Parts that are shown only where mitigations state them."""
    if coverage.functions:
        _part(screen, "NIST AI RMF functions", "", coverage.functions)
    for function, names in coverage.functions.items():
        _row(screen, str(function), ", ".join(names), "" if names else "no mitigation")
    if coverage.actors:
        _part(screen, "Actors", "", coverage.actors)
    for actor, names in coverage.actors.items():
        _row(screen, plain(actor), ", ".join(names), "")
    if coverage.weights:
        _part(screen, "Where weights are held", "", coverage.weights)
        _row(screen, "weights", ", ".join(coverage.weights), "")


def _alike(language: LanguageCoverage) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """What languages of a deployment share that stand in one row."""
    return language.deployment, language.covered, language.not_covered


def _covered(names: Sequence[str]) -> str:
    return ", ".join(names)


def _bare(names: Sequence[str]) -> str:
    return f"declared, no evidence: {', '.join(names)}" if names else ""


def _evaluation(screen: Console, evaluation: EvaluationCoverage) -> None:
    kinds = [f"{kind} ({', '.join(map(plain, sources))})" for kind, sources in evaluation.kinds.items()]
    others = (("kind not stated", evaluation.unstated), ("stated without a file", evaluation.on_a_word))
    kinds += [f"{words}: {', '.join(map(plain, sources))}" for words, sources in others if sources]
    _row(screen, evaluation.mitigation, "; ".join(kinds), evaluation.gap)


def _part(screen: Console, heading: str, empty: str, rows: object) -> None:
    screen.print(Text(f"\n{heading}", "bold"))
    if not rows:
        screen.print(f"  {empty}")


def _layer(screen: Console, coverage: LayerCoverage) -> None:
    shown = "; ".join(f"{layer}: {', '.join(names)}" for layer, names in coverage.layers.items())
    gaps = []
    if not coverage.mitigations:
        gaps.append("no active mitigation")
    else:
        short = f", {coverage.minimum} are required" if coverage.is_short else ""
        gaps += (
            [f"declared {coverage.declared}, counted {coverage.counted}{short}"] if short or coverage.uncounted else []
        )
    if coverage.shared_causes:
        gaps.append(f"layers with one cause of failure count as one: {', '.join(map(plain, coverage.shared_causes))}")
    if coverage.single_point:
        gaps.append(f"{coverage.single_point} is the only mitigation" + (" that counts" if coverage.counted else ""))
    _row(screen, f"{coverage.threat_model} / {coverage.audience}", shown, ", ".join(gaps))
    for name, why in coverage.uncounted.items():
        screen.print(Padding(Text(f"{name} does not count: {plain(why)}", "dim"), (0, 0, 0, 6), expand=False))


def _catalogue(screen: Console, coverage: CatalogueCoverage) -> None:
    screen.print(Text(f"  {plain(coverage.catalogue.title if coverage.catalogue else coverage.name)}"))
    for group, names in coverage.cited.items():
        title = f" {coverage.catalogue.groups[group]}" if coverage.catalogue else ""
        _row(screen, f"  {plain(group)}{title}", ", ".join(names), "")
    if coverage.missing:
        _row(screen, "  not cited", "", ", ".join(coverage.missing))
    if coverage.unknown:
        _row(screen, "  not in this catalogue", "", ", ".join(plain(control) for control in coverage.unknown))
    if coverage.catalogue is None:
        screen.print(Text("    reassay does not have its list of controls, so it cannot name gaps.", "dim"))


def _row(screen: Console, name: str, fine: str, gap: str) -> None:
    screen.print(Text.assemble(f"  {name}", (f"  {gap}" if gap else "", GAP)))
    if fine:
        screen.print(Padding(Text(fine, "dim"), (0, 0, 0, 6), expand=False))
