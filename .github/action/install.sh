#!/usr/bin/env bash
# Installs the locked requirements into a folder named by their digest; a complete one is used again.
set -euo pipefail

fail() { printf '::error title=reassay::%s\n' "$1"; exit 2; }

python="${REASSAY_PYTHON:-python3}"
command -v "$python" >/dev/null 2>&1 || fail "Python was not found; add actions/setup-python with 3.11 or later before this step."
version="$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
"$python" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' \
  || fail "Python $version is too old; add actions/setup-python with 3.11 or later before this step."

requirements="$GITHUB_ACTION_PATH/requirements/action.txt"
digest="$("$python" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest()[:16])' "$requirements")"
home="${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:-/tmp}}/reassay"
folder="$home/$digest-py$version"

if [ ! -f "$folder/.complete" ]; then
  mkdir -p "$home"
  # Made beside its place and moved there in one step, so that two jobs on one machine do not build on each other's half.
  fresh="$(mktemp -d "$home/fresh.XXXXXX")"
  trap 'rm -rf "$fresh"' EXIT
  printf 'Installing the locked requirements for Python %s\n' "$version"
  "$python" -m venv "$fresh/venv"
  if command -v uv >/dev/null 2>&1; then
    uv pip install --quiet --require-hashes --python "$fresh/venv/bin/python" -r "$requirements"
  else
    "$fresh/venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
  fi
  touch "$fresh/.complete"
  if [ ! -e "$folder" ]; then mv "$fresh" "$folder" 2>/dev/null || true; fi
  [ -f "$folder/.complete" ] || fail "The requirements could not be put into $folder; remove that folder and run again."
fi

printf 'interpreter=%s\n' "$folder/venv/bin/python" >> "$GITHUB_OUTPUT"
