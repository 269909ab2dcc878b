"""What a release publishes: the same files by `make dist` and by the workflow, and nothing before the tests have passed."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from reassay import __version__

ROOT = Path(__file__).resolve().parents[3]
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"
TAG = f"v{__version__}"


@cache
def release() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release", ROOT / "deploy" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def jobs() -> Mapping[str, Any]:
    parsed: Mapping[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    assert parsed["permissions"] == {"contents": "read"}
    return parsed["jobs"]  # type: ignore[no-any-return]


def git(folder: Path, *arguments: str) -> str:
    own = ("-c", "user.name=maintainer", "-c", "user.email=maintainer@example.org")
    return subprocess.run(
        ["git", *own, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def test_a_tag_that_is_not_the_version_in_the_code_is_refused() -> None:
    release().refuse_other_tag(TAG, __version__)
    with pytest.raises(SystemExit, match=re.escape(f"the code says {__version__}")):
        release().refuse_other_tag("v9.9.9", __version__)


@pytest.mark.slow
def test_the_bill_of_materials_names_every_pinned_package_with_its_hashes() -> None:
    requirements = (ROOT / "requirements" / "server.txt").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", requirements, re.MULTILINE))
    document = json.loads(release().bill_of_materials(__version__, requirements))
    assert document["specVersion"] == "1.6"
    assert {part["name"]: part["version"] for part in document["components"]} == pins
    assert all(part["hashes"] for part in document["components"])
    assert document["metadata"]["component"]["version"] == __version__
    assert "://" not in json.dumps(document["components"])


def test_nothing_is_published_before_the_tests_and_without_a_tag() -> None:
    by_name = jobs()
    assert by_name["build"]["needs"] == "test"
    for name in set(by_name) - {"test", "build"}:
        assert "github.ref_type == 'tag'" in by_name[name]["if"], name
        needs = by_name[name]["needs"]
        assert {"build", "provenance", "package"} & {*([needs] if isinstance(needs, str) else needs)}, name
    writing = {name for name, job in by_name.items() if "write" in str(job.get("permissions", {}))}
    assert writing == {"provenance", "package", "image", "release"}
    assert by_name["package"]["permissions"] == {"id-token": "write"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tags", "tag", "major"),
    [
        (["v1.0.0"], "v1.0.0", "v1.0.0"),
        (["v1.0.0", "v1.9.0", "v1.10.0"], "v1.10.0", "v1.10.0"),
        (["v1.0.0", "v1.10.0", "v1.9.1"], "v1.9.1", None),
        (["v1.0.0", "v2.0.0"], "v1.0.0", "v1.0.0"),
    ],
)
def test_the_major_tag_moves_to_the_newest_release_alone(
    tmp_path: Path, tags: list[str], tag: str, major: str | None
) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    git(tmp_path, "clone", "--quiet", "remote.git", "clone")
    clone = tmp_path / "clone"
    for name in tags:
        git(clone, "commit", "--quiet", "--allow-empty", "-m", name)
        git(clone, "tag", name)
        git(clone, "push", "--quiet", "origin", name)
    script = ROOT / "deploy" / "move-major-tag.sh"
    for _ in range(2):
        subprocess.run(["bash", script, tag, "origin"], cwd=clone, check=True, capture_output=True)
    listed = git(tmp_path / "remote.git", "tag", "--list").split()
    assert ("v1" in listed) is (major is not None)
    if major is not None:
        commits = {name: git(tmp_path / "remote.git", "rev-parse", f"{name}^{{commit}}") for name in ("v1", major)}
        assert commits["v1"] == commits[major]


@pytest.mark.long
def test_the_build_job_runs_here_step_by_step_and_its_files_work_alone(tmp_path: Path) -> None:
    """A dry run of the workflow: each `run` of the job as it stands, in a clone, with the tag of this version."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--no-local", ROOT, clone], check=True)
    (clone / ".venv").symlink_to(Path(sys.prefix))
    for name in ("requirements/dev.txt", "pyproject.toml"):
        os.utime(clone / name, (0, 0))  # older than what is installed, so that nothing is installed again
    environment = os.environ | {"TAG": TAG, "PYTHON": sys.executable}
    for step in jobs()["build"]["steps"]:
        if "run" in step:
            done = subprocess.run(
                ["bash", "-e", "-c", step["run"]],
                cwd=clone,
                env=environment,
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stdout + done.stderr
    folder = clone / "dist"
    assert sorted(path.name for path in folder.iterdir()) == sorted([
        "SHA256SUMS", "sbom.cdx.json", f"reassay-{__version__}.tar.gz", f"reassay-action-{__version__}.tar.gz",
        f"reassay-{__version__}-py3-none-any.whl",
    ])  # fmt: skip
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {"reassay/server-requirements.txt", "reassay/templates/init/workflow.yml", "reassay/py.typed"} <= names
    assert {name.split("/", 1)[0] for name in names} == {
        "reassay", "reassay_sandbox", f"reassay-{__version__}.dist-info",
    }  # fmt: skip
    with tarfile.open(folder / f"reassay-action-{__version__}.tar.gz") as archive:
        tops = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    assert tops == {".github", "LICENSE", "action.yml", "bot", "requirements", "templates"}
    shutil.rmtree(clone)
