from pathlib import Path

import pytest

from reassay.hosted.jobs import job_environment
from reassay.hosted.jobs.job_environment import GitMirrors


def test_a_copy_is_kept_by_id_where_nobody_else_may_read(tmp_path: Path) -> None:
    mirrors = GitMirrors(tmp_path / "git")
    assert mirrors.ids() == ()
    first = mirrors.of(10)
    (first.folder / "mark").touch()
    assert (mirrors.of(10).folder / "mark").exists()
    assert mirrors.of(11).folder != first.folder
    assert mirrors.folder.stat().st_mode & 0o077 == 0
    assert mirrors.ids() == (10, 11)
    assert first.run("config", "gc.auto") == b"0\n"
    mirrors.forget(10)
    assert mirrors.ids() == (11,)


def test_what_is_no_repository_any_more_is_made_anew(tmp_path: Path) -> None:
    mirrors = GitMirrors(tmp_path / "git")
    folder = mirrors.of(10).folder
    (folder / "HEAD").write_bytes(b"\0 broken")
    (folder / "config").write_bytes(b"[broken")
    assert mirrors.of(10).run("rev-parse", "--is-bare-repository") == b"true\n"


def test_a_copy_of_too_many_packs_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_environment, "MOST_PACKS", 2)
    mirrors = GitMirrors(tmp_path / "git")
    folder = mirrors.of(10).folder
    for number in range(3):
        (folder / "objects" / "pack" / f"pack-{number}.pack").touch()
    assert list(mirrors.of(10).folder.glob("objects/pack/*.pack")) == []
