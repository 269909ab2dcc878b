"""What the commands of pages are given in place of OWNER/NAME and the like, and why some are not run.

Each table is closed: a line that no page uses fails, and so does a command that needs a line and has none.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.unit.audit.world import git_at


@dataclass(slots=True)
class Place:
    """Where the commands of one page run, and what they have printed up to now."""

    folder: Path
    output: list[str] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """`seq:digest` of the newest entry of the ledger."""
        return (self.folder / "anchors.txt").read_text(encoding="utf-8").split()[0]

    @property
    def tip(self) -> str:
        """The commit of the ledger's branch."""
        return git_at(self.folder, "2027-01-15", "rev-parse", "reassay-ledger")

    def sealed(self) -> str:
        """The digest that `reassay evidence seal` of this page printed; before one, that of nothing."""
        digests = re.findall(r"sha256:[0-9a-f]{64}", "\n".join(self.output))
        return digests[-1] if digests else f"sha256:{'0' * 64}"


PLACEHOLDERS: Mapping[str, str | Callable[[Place], str]] = {
    r"\b\d+:[0-9a-f]{12}\b|\bSEQ:DIGEST\b": lambda place: place.anchor,
    r"sha256:\.\.\.": Place.sealed,
    r"\bCOMMIT\b": lambda place: place.tip,
    r"\bOWNER/NAME\b": "example-lab/framework",
    r"\bR-(?:\.\.\.|YYYY-NNN)": "R-2026-001",
    r"signals replay(?=$| --format json$)": "signals replay --mitigation jailbreak-filter",
    r"(?<=signals tune) (?=--accepted)": " --runs 20 ",
    r"new-key ledger-key.pem > ledger-key.pub": "new-key another.pem > another.pub",
    r"(?<=explain )ID\b": "jailbreak-filter",
    r"\bSEQ\b": "2",
    r"(?<=commitments )(show|add) NAME\b": r"\1 eu-ai-act-73",
    r"(?<=seal )FILE\b|(?<=check )FILE\b|\bFILE(?=\.salt)": "report.pdf",
    r"(?<=evidence )FILE\b": "results.json",
    r"\bLOGIN\b|\byour-login\b": "safety-lead",
    r"/tmp/framework": "../other",
    r"Safeguard text=title": "Control name=title",
    r"(?<='nach Plan=1 year' --value 'Turnus:laufend=unspecified')$": " --force",
    r"(?<=new mitigation )jailbreak-filter\b": "another-filter",
}
"""What stands for something else, as a pattern, and what it becomes here. The first lines come first."""

NOT_RUN: Mapping[str, str] = {
    r"reassay serve\b": "starts a server; tests/hosted/test_serve.py runs it",
    r"reassay worker\b": "starts a process that needs a database; tests/hosted/test_serve.py runs it",
    r"reassay demo\b": "starts a server; .ci/run runs it",
    r"reassay sandbox\b": "starts a server; tests/sweep/test_newcomer.py runs it",
    r"git clone https": "needs the network",
    r"reassay import (?:--recipe (?!list)|\S+ --recipe|site/|controls.yaml|catalog.json|component-)": "reads a catalogue that is not here; "
    "tests/unit/docs/test_bring_a_catalogue.py and tests/unit/imports run it",
    r"reassay mcp\b": "serves a client until that ends; tests/unit/cli/mcp_server/test_mcp.py runs it",
    r"reassay completion\b": "writes into the home folder; tests/unit/cli/test_command_line.py runs it",
    r"pipx? run\b|pipx install\b": "needs a package index; deploy/try-release.sh installs the wheel",
    r"bash deploy/try-release.sh\b|sha256sum\b": "needs built packages; tests/unit/deploy/test_release.py runs it",
    r"reassay doctor\b": "needs GitHub; tests/sweep/test_doctor.py runs it",
    r"reassay sweep\b": "needs GitHub; tests/sweep runs it",
    r"reassay signals read\b": "needs GitHub; tests/sweep/test_signals.py runs it",
    r"pip install\b": "needs a package index",
    r"\.ci/run\b": "runs this test, among all others",
    r"gh\b": "needs GitHub and its command line",
    r"curl\b": "needs GitHub or a server",
    r"(?:f|p)=|\{ printf|jq\b|openssl\b": "needs jq and openssl; tests/unit/ledger/test_envelope.py does the same with openssl",
}
"""Pattern of the beginning of a command, and why no test of pages runs it. Its command and options are checked all the same."""

EXITS: Mapping[str, tuple[int, str]] = {
    r"reassay gate\b": (1, "blocked is the answer: the proposal has no signature"),
    r"reassay import --recipe list": (0, "it lists the recipes"),
    r"reassay import(-history)?\b": (1, "the sheet has rows and values that a person has to look at"),
    r"reassay export (?:\S+ )?--like\b": (1, "the sheet has a row that is not in the register"),
    r"reassay evidence (?:read )?results.json\b": (1, "114 attacks are too few to meet the criterion"),
    r"reassay release-check\b": (1, "refused is the answer: a re-assessment is overdue"),
}
"""Pattern of the beginning of a command that exits with another code than 0, the code, and what it means."""


def filled(text: str, place: Place) -> tuple[str, frozenset[str]]:
    """The command as it is run, and the placeholders that it has."""
    used = set()
    for pattern, value in PLACEHOLDERS.items():
        becomes = value if isinstance(value, str) else value(place).replace("\\", r"\\")
        text, count = re.subn(pattern, becomes, text)
        if count:
            used.add(pattern)
    return text, frozenset(used)


def matching(table: Mapping[str, object], text: str) -> str | None:
    """The first pattern that the text begins with, variables before it aside."""
    bare = re.sub(r"^(?:[A-Z][A-Z0-9_]*=\S* )+", "", text)
    return next((pattern for pattern in table if re.match(pattern, bare)), None)
