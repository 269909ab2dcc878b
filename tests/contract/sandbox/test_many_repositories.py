"""A thousand repositories: alike at first, each of its own afterwards, and looked at in few requests."""

import subprocess
from pathlib import Path

import httpx

from reassay_sandbox import Sandbox
from tests.contract.sandbox.test_apps import PUBLIC, RIGHTS, as_app


def test_repositories_that_share_their_objects_are_each_of_their_own(box: Sandbox, tmp_path: Path) -> None:
    box.add_user("safety-lead")
    many = box.add_repos("lab", 3, {"README.md": b"x"}, collaborators={"safety-lead": "write"})
    assert [each.full_name for each in many] == ["lab/framework-0001", "lab/framework-0002", "lab/framework-0003"]
    before = many[0].head()
    changed = many[1].commit({"README.md": b"y"})
    assert [each.head() for each in many] == [before, changed, before]
    assert [each.read("main", "README.md") for each in many] == [b"x", b"y", b"x"]
    token = box.token("safety-lead", "lab/framework-0002", permissions={"contents": "read"})
    url = box.url.replace("http://", f"http://x-access-token:{token}@")
    subprocess.run(["git", "clone", "--quiet", f"{url}/lab/framework-0002.git", str(tmp_path / "copy")], check=True)
    assert (tmp_path / "copy" / "README.md").read_bytes() == b"y"


def test_a_thousand_are_listed_and_looked_at_through_one_installation(box: Sandbox) -> None:
    many = box.add_repos("lab", 1000, {"README.md": b"x"})
    app = box.add_app("own", PUBLIC, "", RIGHTS)
    installation = box.install(app, *(each.full_name for each in many))
    token = as_app(box, app, "POST", f"/app/installations/{installation}/access_tokens").json()["token"]
    headers = {"authorization": f"bearer {token}", "user-agent": "test", "x-github-api-version": "2022-11-28"}
    where = f"{box.api_url}/installation/repositories"
    pages = [httpx.get(where, params={"per_page": 100, "page": page}, headers=headers).json() for page in range(1, 12)]
    assert {page["total_count"] for page in pages} == {1000}
    assert len({each["id"] for page in pages for each in page["repositories"]}) == 1000
    asked = "".join(
        f'r{number}: repository(owner: "lab", name: "framework-{number:04d}") {{ defaultBranchRef {{ target {{ oid }} }} }}'
        for number in range(1, 101)
    )
    answer = httpx.post(f"{box.url}/api/graphql", json={"query": f"query Look {{ {asked} }}"}, headers=headers)
    heads = {each["defaultBranchRef"]["target"]["oid"] for each in answer.json()["data"].values()}
    assert heads == {many[0].head()}
