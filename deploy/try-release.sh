#!/usr/bin/env bash
# Uses the built files as a stranger would, in an empty folder: checksums, the wheel, and the Action's archive.
# Usage: try-release.sh FOLDER. PYTHON says which Python the wheel is installed with (python3).
set -euo pipefail
folder="$(cd "$1" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"

printf '== checksums\n'
(cd "$folder" && sha256sum --check --quiet SHA256SUMS)

printf '== the wheel, installed alone\n'
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check "$folder"/*.whl
mkdir framework && cd framework && git init --quiet --initial-branch=main .
../venv/bin/reassay init --owner safety-lead --assessor red-team-lead --timezone UTC
../venv/bin/reassay new mitigation jailbreak-filter --title "Input filter" --owner safety-lead --assessor red-team-lead --every "6 months"
../venv/bin/reassay check
../venv/bin/reassay plan
../venv/bin/reassay report ../report
test -s ../report/index.html && test -s ../report/subjects/jailbreak-filter.html && test -s ../report/calendar.ics
../venv/bin/reassay mcp --help > ../mcp.txt && grep -q '^usage: reassay mcp' ../mcp.txt
cd ..

printf '== the Action, from its archive alone\n'
mkdir action tools && tar -xzf "$folder"/reassay-action-*.tar.gz -C action --strip-components=1
touch output
GITHUB_ACTION_PATH="$work/action" RUNNER_TOOL_CACHE="$work/tools" GITHUB_OUTPUT="$work/output" REASSAY_PYTHON="${PYTHON:-python3}" \
  bash action/.github/action/install.sh
interpreter="$(sed -n 's/^interpreter=//p' output)"
PYTHONPATH="$work/action/bot" "$interpreter" -m reassay --version
printf 'All of it works.\n'
