"""What is answered from a listing that is kept is what git answers, and no more is kept than its bounds."""

from pathlib import Path

import pytest

from reassay.common.errors import UpstreamError
from reassay.git.git import Git
from reassay.git.listings import MOST_ENTRIES, MOST_LISTINGS, Listings, TreeEntry

NAMES = ("a.yml", "b c.yml", "dir/x.yml", "dir/deep/y.yml", "dir2/z.yml", "müll.yml", ":(top)x", "-r", "*")
PLACES = (
    *NAMES, "dir", "dir/", "dir/deep", "dir/nothing", "nothing", "link", "link/x.yml", "module", "module/x", "./a.yml", "dir//x.yml",
    "dir/../a.yml", "..", ".", "", ":/a.yml", ":(glob)**", ":!a.yml", "di", "DIR",
)  # fmt: skip


@pytest.fixture(scope="module")
def commits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("listings") / "repository"
    folder.mkdir()
    git = Git(folder)
    git.run("init", "--quiet", "--initial-branch=main", ".")
    for name in NAMES:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name * 3)
    (folder / "link").symlink_to("dir")
    git.run("add", "-A")
    git.run("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    git.run("-c", "user.name=auditor", "-c", "user.email=auditor@example.org", "commit", "--quiet", "-m", "x")
    return folder, str(git.resolve("HEAD"))


def _answer(git: Git, question: str, commit: str, place: str) -> object:
    try:
        return git.find(commit, place) if question == "find" else git.list(commit, place)
    except UpstreamError as error:
        return str(error)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("question", ["find", "list"])
def test_a_kept_listing_answers_as_git_does(commits: tuple[Path, str], question: str, place: str) -> None:
    folder, commit = commits
    fresh, reader = Git(folder), Git(folder)
    whole = reader.list(commit)
    assert reader.listings.of(commit) == whole
    kept, asked = _answer(reader, question, commit, place), _answer(fresh, question, commit, place)
    if question == "list" and place == "module":
        # Git names a submodule as if it were its own content; nothing below it is in the commit.
        asked = ()
    assert kept == asked


def test_links_and_submodules_are_those_of_git(commits: tuple[Path, str]) -> None:
    folder, commit = commits
    reader = Git(folder)
    reader.list(commit)
    assert reader.specials(commit) == Git(folder).specials(commit)
    assert {entry.path for entry in reader.specials(commit)} == {"link", "module"}


def test_a_name_that_may_move_is_asked_each_time(commits: tuple[Path, str]) -> None:
    git = Git(commits[0])
    git.list("main")
    assert git.listings.of("main") is None


def test_a_repository_with_a_token_has_the_same_listings(commits: tuple[Path, str]) -> None:
    git = Git(commits[0])
    git.list(commits[1])
    assert git.with_token("https://example.com/x.git", "t").listings is git.listings


def test_few_listings_are_kept_and_none_that_is_too_long() -> None:
    listings, entry = Listings(), TreeEntry("a", "100644", "0" * 40, 1)
    names = [f"{number:040x}" for number in range(MOST_LISTINGS + 2)]
    for name in names:
        listings.keep(name, (entry,))
    assert [listings.of(name) is not None for name in names] == [False, False, *[True] * MOST_LISTINGS]
    listings.keep("f" * 40, (entry,) * (MOST_ENTRIES + 1))
    assert listings.of("f" * 40) is None
