"""Fetches GitHub's own descriptions of its API into .cache/contract: pinned, checked by digest, never committed.

    python tests/contract/fetch.py      (make contract-data)

And the tools that validate exports, each version pinned, into an environment of their own there. Needs npm and a package index;
without them the tests that compare with the descriptions, or that validate, skip and say so.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / ".cache" / "contract"
PACKAGES = (
    (
        "@octokit/openapi@23.0.2",
        "pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==",
        "package/generated/api.github.com.json",
        "openapi.json",
    ),
    (
        "@octokit/graphql-schema@15.26.1",
        "RFDC2MpRBd4AxSRvUeBIVeBU7ojN/SxDfALUd7iVYOSeEK3gZaqR2MGOysj4Zh2xj2RY5fQAUT+Oqq7hWTraMA==",
        "package/schema.graphql",
        "schema.graphql",
    ),
    (
        "@octokit/webhooks-examples@7.6.1",
        "De6U3XB6O3DtCa7bKgCMzTHdeopqqZ6SNivMYJnK65ierKL1AnNIA0tkRYCRS7lwGT792d+Ps1WbfHlso6MynQ==",
        "package/api.github.com/index.json",
        "webhooks.json",
    ),
    (
        "@octokit/webhooks-examples@7.6.1",
        "De6U3XB6O3DtCa7bKgCMzTHdeopqqZ6SNivMYJnK65ierKL1AnNIA0tkRYCRS7lwGT792d+Ps1WbfHlso6MynQ==",
        "package/ghes-35/index.json",
        "webhooks-ghes.json",
    ),
)


def fetch(package: str, sha512: str, member: str, target: Path) -> None:
    """One file of one package. Raises RuntimeError with the reason if it cannot be had."""
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm is not on this machine")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [npm, "pack", "--silent", package], cwd=folder, capture_output=True, text=True, check=False, timeout=180
        )
        archives = list(Path(folder).glob("*.tgz"))
        if done.returncode or not archives:
            raise RuntimeError(f"npm pack {package} failed: {done.stderr.strip()[-200:]}")
        data = archives[0].read_bytes()
        if base64.b64encode(hashlib.sha512(data).digest()).decode() != sha512:
            raise RuntimeError(f"{package} is not what it was: its digest differs")
        with tarfile.open(archives[0]) as archive:
            found = archive.extractfile(member)
            if found is None:
                raise RuntimeError(f"{package} holds no {member}")
            fresh = target.with_suffix(".part")
            fresh.write_bytes(found.read())
            fresh.replace(target)


VALIDATORS = FOLDER / "validators"
TOOLS = Path(__file__).with_name("validators.txt")


def install(tools: Path, place: Path) -> None:
    """The tools of a requirements file in an environment of their own. Raises RuntimeError with the reason if they cannot be had."""
    fresh = place.with_suffix(".part")
    shutil.rmtree(fresh, ignore_errors=True)
    commands = (
        [sys.executable, "-m", "venv", str(fresh)],
        [str(fresh / "bin" / "python"), "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "-r", str(tools)],
    )
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode:
            raise RuntimeError(f"{tools.name} cannot be installed: {done.stderr.strip()[-200:]}")
    (fresh / "installed.txt").write_bytes(tools.read_bytes())
    shutil.rmtree(place, ignore_errors=True)
    fresh.rename(place)


def validators() -> int:
    """0 if the tools that validate exports are there; 1 with the reason otherwise."""
    held = VALIDATORS / "installed.txt"
    if held.is_file() and held.read_bytes() == TOOLS.read_bytes():
        return 0
    try:
        install(TOOLS, VALIDATORS)
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
        print(f"contract data: {error}; tests that need it skip", file=sys.stderr)
        return 1
    print(f"contract data: {VALIDATORS.name} from {TOOLS.name}")
    return 0


def main() -> int:
    """0 if everything is there; 1 with the reason otherwise."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    return max(descriptions(), validators())


def descriptions() -> int:
    """0 if GitHub's descriptions are there; 1 with the reason otherwise."""
    for package, sha512, member, name in PACKAGES:
        target = FOLDER / name
        if target.exists():
            continue
        try:
            fetch(package, sha512, member, target)
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            print(f"contract data: {error}; tests that need it skip", file=sys.stderr)
            return 1
        print(f"contract data: {target.name} from {package}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
