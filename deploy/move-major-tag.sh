#!/usr/bin/env bash
# Moves the tag of the major version (v1) to the commit of a release (v1.4.2), unless a later release has it.
# Usage: move-major-tag.sh TAG REMOTE
set -euo pipefail
tag="$1" remote="$2"
case "$tag" in v[0-9]*.[0-9]*.[0-9]*) ;; *) printf 'The tag %s is not vX.Y.Z.\n' "$tag" >&2; exit 2 ;; esac
major="${tag%%.*}"
git fetch --quiet --force --tags "$remote"
newest="$(git tag --list "$major.[0-9]*.[0-9]*" --sort=-version:refname | head -n 1)"
if [ "$newest" != "$tag" ]; then
  printf '%s stays at %s, which is newer than %s.\n' "$major" "$newest" "$tag"
  exit 0
fi
git push --quiet --force "$remote" "$tag^{commit}:refs/tags/$major"
printf '%s is %s now.\n' "$major" "$tag"
