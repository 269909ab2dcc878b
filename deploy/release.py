"""Builds everything that a release publishes into a folder: wheel, source, the Action's archive, bill of materials, checksums.

`make dist` runs it; the release workflow runs the same, so that a release can be looked at before there is one.
"""

import argparse
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]
ACTION_FILES = ("action.yml", ".github/action", "bot", "templates", "requirements", "LICENSE")
"""What the Action needs of this repository, and nothing else."""
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def stated_version() -> str:
    """The version in the code. Raises SystemExit if there is none."""
    text = (ROOT / "bot" / "reassay" / "__init__.py").read_text(encoding="utf-8")
    match = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if match is None:
        raise SystemExit("bot/reassay/__init__.py states no __version__.")
    return match[1]


def refuse_other_tag(tag: str, version: str) -> None:
    """Raises SystemExit if a tag is not that of the version."""
    if tag != f"v{version}":
        raise SystemExit(f"The tag is {tag}, but the code says {version}. Tag v{version}, or change __version__ first.")


def components(requirements: str) -> Iterator[Component]:
    """The packages of a hash-locked requirement file, with their version and the hashes that are accepted."""
    for entry in requirements.replace("\\\n", " ").splitlines():
        pin = _PIN.match(entry)
        if pin is None:
            continue
        name, version = pin[1], pin[2]
        hashes = [HashType(alg=HashAlgorithm.SHA_256, content=value) for value in _HASH.findall(entry)]
        purl = PackageURL("pypi", None, name.lower(), version)
        yield Component(
            name=name, version=version, type=ComponentType.LIBRARY, purl=purl, bom_ref=str(purl), hashes=hashes
        )


def bill_of_materials(version: str, requirements: str) -> str:
    """The software bill of materials (CycloneDX 1.6, JSON) of a release with all extras."""
    bom = Bom(components=components(requirements))
    purl = PackageURL("pypi", None, "reassay", version)
    whole = Component(name="reassay", version=version, type=ComponentType.APPLICATION, purl=purl, bom_ref=str(purl))
    bom.metadata.component = whole
    bom.register_dependency(whole, bom.components)
    return JsonV1Dot6(bom).output_as_string(indent=2)


def checksums(folder: Path, names: Sequence[str]) -> str:
    """Lines that `sha256sum --check` reads."""
    return "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(names))


def build(folder: Path, revision: str) -> tuple[str, ...]:
    """Builds from a git revision's files for the archive, and the working tree for the packages; returns the file names."""
    version = stated_version()
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty; delete it first, so that nothing old is published.")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(folder.resolve())], cwd=ROOT, check=True
    )
    archive = f"reassay-action-{version}.tar.gz"
    prefix = f"--prefix=reassay-action-{version}/"
    command = ["git", "archive", "--format=tar.gz", prefix, f"--output={(folder / archive).resolve()}", revision, "--"]
    subprocess.run([*command, *ACTION_FILES], cwd=ROOT, check=True)
    server = (ROOT / "requirements" / "server.txt").read_text(encoding="utf-8")
    (folder / "sbom.cdx.json").write_text(bill_of_materials(version, server), encoding="utf-8")
    names = sorted(path.name for path in folder.iterdir())
    (folder / "SHA256SUMS").write_text(checksums(folder, names), encoding="utf-8")
    return (*names, "SHA256SUMS")


def main() -> int:
    """Builds into a folder, after a look at the tag."""
    parser = argparse.ArgumentParser(description="Builds what a release publishes.")
    parser.add_argument("--out", default="dist", help="empty or new folder for the files (dist)")
    parser.add_argument("--tag", help="tag of the release; it must be v and the version in the code")
    parser.add_argument("--revision", default="HEAD", help="git revision of the Action's archive (HEAD)")
    arguments = parser.parse_args()
    if arguments.tag:
        refuse_other_tag(arguments.tag, stated_version())
    for name in build(Path(arguments.out), arguments.revision):
        print(name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
