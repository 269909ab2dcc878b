"""Examples of every command and subcommand, as its help shows them: whole command lines of at most 77 columns.

It holds text alone, because every start of the command line loads it. A test parses each of them and runs those that need no
GitHub.
"""

from collections.abc import Mapping
from typing import Final

EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("reassay init", "reassay status", "reassay help status"),
    "action": ("reassay action      # in a step of a workflow, which sets its variables",),
    "audit-pack": (
        "reassay audit-pack --from 2026-01-01 --to 2026-12-31 audit-2026",
        "reassay audit-pack --from 2026-07-01 --to 2026-12-31 p --sample 25 --seed 7",
        "reassay audit-pack --check audit-2026 --trusted-key ledger-key.pub",
    ),
    "check": ("reassay check", "reassay check --strict --format github", "reassay check --fix --dry-run"),
    "commitments": (
        "reassay commitments list",
        "reassay commitments show eu-ai-act-73",
        "reassay commitments add eu-ai-act-73 --owner safety-lead",
    ),
    "commitments add": ("reassay commitments add eu-ai-act-73 --owner safety-lead --assessor red-team",),
    "commitments list": ("reassay commitments list",),
    "commitments show": ("reassay commitments show eu-ai-act-73",),
    "completion": (
        "reassay completion bash > ~/.local/share/bash-completion/completions/reassay",
        "reassay completion fish > ~/.config/fish/completions/reassay.fish",
    ),
    "demo": ("reassay demo", "reassay demo --headless"),
    "diff": ("reassay diff main HEAD", "reassay diff main HEAD --format json"),
    "doctor": (
        "reassay doctor --repo example-lab/framework",
        "reassay doctor --repo example-lab/framework --ruleset ledger > ledger.json",
        "reassay doctor --server https://reassay.example.org",
    ),
    "evidence": (
        "reassay evidence results.json --mitigation jailbreak-filter",
        "reassay evidence plan-test --at-most 2% --believed 0.3%",
        "reassay evidence ./seal      # a file that is called like a subcommand",
    ),
    "evidence check": ("reassay evidence check r.pdf --salt-file r.pdf.salt --digest sha256:1f...",),
    "evidence plan-test": (
        "reassay evidence plan-test --at-most 2% --believed 0.3%",
        "reassay evidence plan-test --mitigation jailbreak-filter --believed 0.3%",
    ),
    "evidence read": (
        "reassay evidence read results.json",
        "reassay evidence read r.json --mitigation jailbreak-filter --trained-on no",
    ),
    "evidence seal": (
        "reassay evidence seal report.pdf --custodian auditor --until 2030-01-01 \\\n      --summary ok",
    ),
    "explain": (
        "reassay explain jailbreak-filter",
        "reassay explain jailbreak-filter/api --as-of 2026-12-01",
        "reassay explain R-2026-001 --format json",
    ),
    "export": (
        "reassay export --out register.csv",
        "reassay export --like controls.csv --out controls-new.csv",
        "reassay export --kind past-assessments",
    ),
    "gate": (
        "reassay gate --base main --head HEAD",
        "reassay gate --base main --head HEAD --assume-signed board:release-manager",
        "reassay gate --base main --head HEAD --what-if red-team-lead",
    ),
    "help": ("reassay help", "reassay help ledger log"),
    "import": (
        "reassay import controls.csv --dry-run",
        "reassay import controls.csv --map 'Safeguard text=title' --map 'Comments=-'",
        "reassay import --recipe list",
    ),
    "import-history": ("reassay import-history past.csv --attestor internal-audit",),
    "init": (
        "reassay init --owner safety-lead",
        "reassay init --from",
        "reassay init --from openai-preparedness --owner safety-lead",
    ),
    "ledger": (
        "reassay ledger verify",
        "reassay ledger log",
        "reassay ledger show R-2026-001",
        "reassay ledger export --format csv",
        "reassay ledger new-key ledger-key.pem > ledger-key.pub",
    ),
    "ledger export": ("reassay ledger export", "reassay ledger export --format oscal"),
    "ledger log": ("reassay ledger log", "reassay ledger log --format csv"),
    "ledger new-key": ("reassay ledger new-key ledger-key.pem > ledger-key.pub",),
    "ledger show": ("reassay ledger show 4", "reassay ledger show R-2026-001"),
    "ledger verify": (
        "reassay ledger verify",
        "reassay ledger verify --trusted-key ledger-key.pub --anchor 418:9c4e8a7f01b2",
    ),
    "mcp": ("reassay mcp framework      # an MCP client starts it, not a person",),
    "new": (
        "reassay new mitigation input-filter --title Filter --owner safety-lead",
        "reassay new deployment api --title API --audience external --access api",
        "reassay new information-item --title Paper --kind research --source arXiv",
    ),
    "next": ("reassay next",),
    "plan": ("reassay plan", "reassay plan --until 2027-12-31"),
    "release-check": ("reassay release-check --model titan@5 --to public-api",),
    "report": (
        "reassay report site",
        "reassay report site --until 2028-12-31 --no-pictures",
        "reassay report site --base main --head HEAD",
    ),
    "sandbox": ("reassay sandbox", "reassay sandbox --headless"),
    "schema": ("reassay schema", "reassay schema configuration"),
    "serve": (
        "reassay serve",
        "reassay serve --public-url https://reassay.example.org",
        "reassay serve --check",
    ),
    "signals": (
        "reassay signals status",
        "reassay signals read --repo example-lab/framework",
        "reassay signals replay incidents.csv --accepted '6 per year' --first-seen day",
    ),
    "signals read": ("reassay signals read --repo example-lab/framework",),
    "signals replay": (
        "reassay signals replay incidents.csv --accepted '6 per year' --first-seen day",
        "reassay signals replay --mitigation jailbreak-filter",
    ),
    "signals status": ("reassay signals status", "reassay signals status --all"),
    "signals tune": ("reassay signals tune --accepted '6 per year' --accepted '12 per year'",),
    "status": (
        "reassay status",
        "reassay status --overdue --owner safety-lead",
        "reassay status --state triggered --state unknown --sort owner",
        "reassay -C ../framework status --format ics > due.ics",
    ),
    "sweep": (
        "reassay sweep --repo example-lab/framework --dry-run",
        "reassay sweep --repo example-lab/framework --assess filter --because new",
    ),
    "worker": ("reassay worker",),
}
"""By the words of the command after `reassay`; the empty one is the program's."""
