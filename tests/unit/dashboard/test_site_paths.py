"""Every path of the site is there, and every link leads somewhere."""

import json
from collections.abc import Callable
from itertools import pairwise

import pytest

from reassay.dashboard.site import Site, SiteFile
from reassay.dashboard.values import Dashboard
from reassay.dashboard.views.page_values import SiteFrame
from tests.unit.dashboard.sample import empty, hostile, sample
from tests.unit.dashboard.sample_values import COMMIT, URL
from tests.unit.dashboard.site_pages import html_pages, parsed, site_of

every_dashboard = pytest.mark.parametrize("dashboard", [sample, empty, hostile])
Make = Callable[[], Dashboard]


def file_of(site: Site, path: str) -> SiteFile:
    file = site.file(path)
    assert file is not None
    return file


@pytest.mark.slow
@every_dashboard
def test_every_path_has_its_file(dashboard: Make) -> None:
    site = site_of(dashboard())
    files = [file_of(site, path) for path in site.paths()]
    assert [file.path for file in files] == list(site.paths())
    assert len(set(site.paths())) == len(site.paths())
    assert all(file.content for file in files)
    assert {path.rpartition(".")[2]: file_of(site, path).media_type for path in site.paths()} == {
        "html": "text/html; charset=utf-8",
        "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "ics": "text/calendar; charset=utf-8",
        "json": "application/json",
    }


def test_paths_of_the_sample() -> None:
    paths = site_of(sample(), has_pictures=True).paths()
    assert paths[:6] == (
        "index.html",
        "cells.html",
        "timeline.html",
        "coverage.html",
        "commitments.html",
        "incidents.html",
    )
    assert {"subjects/jailbreak-filter.html", "verdicts/pull-12.html", "verdicts/range.html"} <= set(paths)
    assert {
        "pictures/states.svg",
        "pictures/timeline.svg",
        "pictures/incidents-1.svg",
        "pictures/effectiveness-2.svg",
    } <= set(paths)


@pytest.mark.parametrize(
    "path", ["", "index", "/index.html", "subjects/../index.html", "subjects/nobody.html", "../etc/passwd"]
)
def test_other_paths_have_none(path: str) -> None:
    assert site_of(sample()).file(path) is None


@pytest.mark.slow
@pytest.mark.parametrize("has_pictures", [False, True])
@every_dashboard
def test_links_lead_to_files_and_to_their_parts(dashboard: Make, has_pictures: bool) -> None:
    site = site_of(dashboard(), has_pictures=has_pictures)
    pages = html_pages(site)
    for page in pages.values():
        for path, fragment in page.linked():
            assert path in site.paths(), (page.path, path)
            if fragment and "=" not in fragment:
                assert fragment in pages[path].ids, (page.path, path, fragment)


@pytest.mark.slow
@every_dashboard
def test_ids_are_unique_and_headings_are_in_order(dashboard: Make) -> None:
    for page in html_pages(site_of(dashboard())).values():
        assert len(set(page.ids)) == len(page.ids), page.path
        levels = page.headings()
        assert levels[0] == 1, page.path
        assert levels.count(1) == 1, page.path
        assert all(after - before <= 1 for before, after in pairwise(levels)), (page.path, levels)


@pytest.mark.slow
@every_dashboard
def test_tables_have_captions_and_scopes(dashboard: Make) -> None:
    for page in html_pages(site_of(dashboard())).values():
        names = [tag for tag, _ in page.tags]
        assert names.count("table") == names.count("caption"), page.path
        assert all("scope" in attributes for tag, attributes in page.tags if tag == "th"), page.path


def test_json_is_the_dashboard() -> None:
    content = file_of(site_of(sample()), "dashboard.json").content
    assert Dashboard.model_validate_json(content) == sample()
    assert json.loads(content)["schema"] == "reassay/dashboard/v1"


def test_a_frame_adds_its_links_and_the_form_to_sign_out() -> None:
    frame = SiteFrame(
        home_label="Repositories",
        home_address="/app/",
        links=(("API", "/app/docs"),),
        login="safety-lead",
        sign_out_address="/app/sign-out",
        form="n0nce",
        notice="Nothing here is real.",
    )
    page = parsed("index.html", file_of(Site(sample(), frame, has_pictures=False), "index.html").content)
    assert {"/app/", "/app/docs", "/app/sign-out"} <= set(page.values("href", "action"))
    assert ("input", {"type": "hidden", "name": "form", "value": "n0nce"}) in page.tags
    assert "safety-lead Sign out" in page.words
    assert "Nothing here is real." in page.words
    plain = parsed("index.html", file_of(site_of(sample()), "index.html").content)
    assert "form" not in {tag for tag, _ in plain.tags}


def test_without_an_address_of_the_repository_nothing_leaves_the_site() -> None:
    site = site_of(sample().model_copy(update={"url": ""}))
    for page in html_pages(site).values():
        assert [address for address in page.values("href", "src") if ":" in address] == ["data:,"], page.path
        assert "framework/safeguards.yml:4" in page.words or page.path != "subjects/jailbreak-filter.html"


def test_files_are_linked_at_the_commit_that_was_read_and_those_of_a_verdict_at_its_head() -> None:
    pages = html_pages(site_of(sample()))
    judged = {path for path in pages if path.startswith("verdicts/")}
    files = {path: [own for own in page.values("href") if "/blob/" in own] for path, page in pages.items()}
    heads = {f"{own.head}" for own in sample().verdicts}
    assert {own.split("/blob/")[1].split("/")[0] for path in judged for own in files[path]} <= heads
    assert any(files[path] for path in judged)
    assert {own.split("/blob/")[1].split("/")[0] for path in files.keys() - judged for own in files[path]} == {COMMIT}


def test_links_to_github_are_below_the_repository() -> None:
    addresses = {
        address
        for page in html_pages(site_of(sample())).values()
        for address in page.values("href", "src")
        if address.startswith(("http", "//"))
    }
    assert f"{URL}/blob/{COMMIT}/framework/safeguards.yml#L4" in addresses
    assert f"{URL}/issues/42" in addresses
    assert all(address == URL or address.startswith(f"{URL}/") for address in addresses)
