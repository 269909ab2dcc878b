#!/usr/bin/env bash
# Runs the sweep. Everything untrusted comes by the environment and is never part of a command.
set -euo pipefail
# Only this Action's own folder: nothing of the repository it works on is importable.
export PYTHONPATH="$GITHUB_ACTION_PATH/bot" PYTHONSAFEPATH=1 PYTHONDONTWRITEBYTECODE=1
exec "$REASSAY_INTERPRETER" -m reassay action
