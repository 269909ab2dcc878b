"""The verdict on a release, in a terminal and as JSON."""

from typing import TextIO

from reassay.common.inert import plain
from reassay.common.terminal import console
from reassay.gate.release import ReleaseVerdict
from reassay.gate.views.documents import node_document
from reassay.gate.views.terminal import show_node


def show_release(verdict: ReleaseVerdict, out: TextIO) -> None:
    """Writes the verdict with its rules and next steps."""
    screen, release = console(out), verdict.release
    what = f"{release.model} {release.version} on {release.deployment}"
    screen.print(plain(f"{what}: {'may be released' if verdict.passes else f'blocked: {verdict.tree.why}'}"))
    for node in verdict.tree.children:
        show_node(node, 2, screen)


def release_document(verdict: ReleaseVerdict) -> dict[str, object]:
    """`reassay/release-check/v1`."""
    release = verdict.release
    return {
        "schema": "reassay/release-check/v1",
        "conclusion": verdict.conclusion,
        "model": release.model,
        "version": release.version,
        "deployment": release.deployment,
        "tree": node_document(verdict.tree),
    }
