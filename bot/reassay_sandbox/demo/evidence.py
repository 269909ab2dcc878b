"""The steps of the demo that are about numbers: too few, topped up, concluded, verified offline."""

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from reassay.cli import main
from reassay.common.calendar import day_words
from reassay.ledger.history import Reassessment
from reassay_sandbox.demo.environment import REPOSITORY, DemoEnvironment
from reassay_sandbox.demo.numbers import DECLARED, FIRST, MORE, result_file
from reassay_sandbox.demo.story_step import StoryStep
from reassay_sandbox.keeping import SandboxFiles

RUN = 7001
"""Number of the workflow's run with the further result."""
EFFECTIVE = f"/reassay conclude effective because none of {FIRST + MORE} attacks got through"
_STILL_NEEDED = f"{MORE} more prompts without an adverse one would meet it"


def evidence_steps(demo: DemoEnvironment, chosen: Reassessment, who: str) -> Iterator[StoryStep]:
    """From the first result to a criterion that is met; `who` assesses."""
    if chosen.issue is None:
        raise LookupError("the re-assessment has no issue")
    repo, number, now = demo.box.repo(REPOSITORY), chosen.issue, demo.box.clock.now()
    repo.commit({"results/suffixes.json": result_file(range(FIRST), now)}, message="results", author=who)
    command = f"/reassay evidence results/suffixes.json {DECLARED}"
    told = _said(demo, who, number, command)
    refused = _said(demo, who, number, EFFECTIVE)
    yield StoryStep(
        f"{_today(demo)}: @{who} brings {FIRST} attacks of which none got through",
        f"> {command}\n\n{_indented(told)}\n\n> {EFFECTIVE}\n\n{_indented(refused)}\n",
        (
            ("the file was counted", f"{FIRST} attempted" in told),
            ("that is too few to show the bound", "insufficient" in told),
            ("the reply says how many more are needed", _STILL_NEEDED in told),
            ("'effective' is refused until they are there", "1 criterion is not met" in refused),
        ),
    )
    SandboxFiles(repo).upload_artifact(RUN, "suffixes", {"more.json": result_file(range(FIRST, FIRST + MORE), now)})
    command = f"/reassay evidence artifact:{RUN}/suffixes {DECLARED}"
    told = _said(demo, who, number, command)
    body = repo.issue(number).body
    yield StoryStep(
        f"{_today(demo)}: {MORE} more, from an artifact of a workflow",
        f"> {command}\n\n{_indented(told)}\n",
        (
            ("the criterion is met", "attacks that get through': met" in told),
            ("the issue lists both results", "results/suffixes.json" in body and f"artifact:{RUN}/suffixes" in body),
        ),
    )


def verified_step(demo: DemoEnvironment, chosen: Reassessment) -> StoryStep:
    """An auditor verifies the ledger and the verdict in a clone, without GitHub."""
    source = demo.box.dispatcher.store.repos[REPOSITORY].git.folder
    with TemporaryDirectory(prefix="reassay-demo-", ignore_cleanup_errors=True) as folder:
        clone = str(Path(folder) / "clone")
        subprocess.run(["git", "clone", "--quiet", str(source), clone], check=True, capture_output=True)
        verified, verify_text = _run("ledger", "verify", clone)
        explained, explain_text = _run("explain", chosen.id, clone)
    return StoryStep(
        f"{_today(demo)}: an auditor checks it in a clone, offline",
        f"$ reassay ledger verify\n{verify_text}\n$ reassay explain {chosen.id}\n{explain_text}\n",
        (
            ("the ledger verifies", verified == 0),
            (
                "the verdict is the same, computed again from the recorded counts",
                explained == 0 and _SAME in _plain(explain_text),
            ),
        ),
    )


_SAME = "computed again from the recorded inputs, it is the same"


def _run(*words: str) -> tuple[int, str]:
    out = io.StringIO()
    return main(words, out, io.StringIO()), out.getvalue()


def _said(demo: DemoEnvironment, who: str, number: int, text: str) -> str:
    """The reply to a comment, without its marker."""
    demo.say(who, number, text)
    body = demo.box.repo(REPOSITORY).issue(number).comments[-1].body
    return "\n".join(line for line in body.replace("\u2060", "").splitlines() if not line.startswith("<!--"))


def _today(demo: DemoEnvironment) -> str:
    return day_words(demo.box.clock.now().date(), year=True)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
