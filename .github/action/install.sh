#!/usr/bin/env bash
# Installs the locked requirements into a folder of the runner's tool cache; a complete one is used again.
# Reads REASSAY_PYTHON, GITHUB_ACTION_PATH, RUNNER_TOOL_CACHE (or RUNNER_TEMP); writes interpreter=PATH to GITHUB_OUTPUT.
# Nothing of the workspace takes part: Python runs isolated (-I), and installers run in a folder of their own.
# Must also run in bash 3.2, the one that macOS has.
set -euo pipefail

fail() {
  printf '::error title=reassay::%s\n' "$1"
  exit 2
}

remedy='Add actions/setup-python with python-version 3.11 or later before this step, or name one with the input python.'
if [ "${RUNNER_OS:-}" = Windows ]; then fail 'Windows runners are not supported; use ubuntu-latest or macos-latest.'; fi
python="$(command -v "${REASSAY_PYTHON:-python3}")" || fail "Python was not found as '${REASSAY_PYTHON:-python3}'. $remedy"
case "$python" in /*) ;; *) python="$PWD/$python" ;; esac
requirements="$GITHUB_ACTION_PATH/requirements/action.txt"

# One process says whether this Python is new enough, and which folder its requirements belong in: the name holds all
# that must be the same for an installation to be used again.
key="$("$python" -I -c '
import sys
if sys.version_info < (3, 11):
    print("Python %d.%d" % sys.version_info[:2])
    raise SystemExit(1)
import hashlib, platform
made_of = open(sys.argv[1], "rb").read() + repr((sys.version, sys.base_prefix, platform.machine())).encode()
print("%s-py%d.%d" % ((hashlib.sha256(made_of).hexdigest()[:16],) + sys.version_info[:2]))
' "$requirements")" || fail "'$python' is ${key:-not Python}; Python 3.11 or later is needed. $remedy"

home="${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:?is not set; this script is for workflow runs}}/reassay"
if ! mkdir -p "$home" 2>/dev/null || [ ! -w "$home" ]; then
  home="${RUNNER_TEMP:?is not set, and the tool cache cannot be written}/reassay"
  mkdir -p "$home"
fi
folder="$home/$key"

usable() { [ -f "$folder/.complete" ] && "$folder/venv/bin/python" -I -c '' >/dev/null 2>&1; }

with_uv() {
  command -v uv >/dev/null 2>&1 || return 1
  uv venv --quiet --python "$python" "$fresh/venv" \
    && uv pip install --quiet --python "$fresh/venv/bin/python" --compile-bytecode \
      --require-hashes --only-binary :all: --requirement "$requirements"
}

with_pip() {
  rm -rf "$fresh/venv"
  "$python" -I -m venv "$fresh/venv" \
    && "$fresh/venv/bin/python" -I -m pip install --quiet --disable-pip-version-check --no-input \
      --require-hashes --only-binary :all: --requirement "$requirements"
}

# Puts the finished installation in its place. Another job may have done so meanwhile: then that one is used.
# A broken one (its Python was uninstalled) is moved away first. A rename to a folder that has content fails, on every system.
put_in_place() {
  if [ -e "$folder" ] && ! usable; then mv "$folder" "$fresh/broken" 2>/dev/null || true; fi
  "$python" -I -c '
import os, sys
try:
    os.rename(sys.argv[1], sys.argv[2])
except OSError:
    pass
' "$fresh/new" "$folder"
  usable || fail "The requirements could not be put into $folder. Remove that folder and run again."
}

if ! usable; then
  # Made beside its place and moved there in one step, so that no job ever sees another one's half.
  fresh="$(mktemp -d "$home/fresh.XXXXXX")"
  trap 'rm -rf "$fresh"' EXIT
  cd "$fresh"
  printf 'Installing the locked requirements with %s\n' "$python"
  # uv is much faster where it is there; it does not know an index that only pip is configured for.
  with_uv || with_pip || fail "The locked requirements could not be installed; the lines above say why."
  mkdir new
  mv venv new/venv
  touch new/.complete
  put_in_place
fi

printf 'interpreter=%s\n' "$folder/venv/bin/python" >> "$GITHUB_OUTPUT"
