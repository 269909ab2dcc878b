"""The page and the tables of a pack carry other people's texts, and none of them does anything."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reassay.audit.views.tables import to_csv
from tests.browser.playwright_pages import NARROW, Pages, assert_accessible, assert_fits
from tests.unit.audit.world import END, START, checkout, packed, year

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Reader(HTMLParser):
    """Collects tags; every one that is opened has to be closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    where = tmp_path_factory.mktemp("hostile")
    hostile = year()
    hostile.keep("<b>x</b>")
    text = '</td><script>alert(1)</script><img src="https://example.org/x.png" onerror=alert(2)> \u202eevil [a](https://example.org)'
    hostile.open("2026-08-20", "tardy", "2026-09-01")
    hostile.decide("2026-08-21", "tardy", "2027-02-21", because=hostile.keep(text))
    return (packed(where / "pack", checkout(where / "framework", hostile)) / "index.html").read_text(encoding="utf-8")


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.slow
def test_the_page_is_well_formed_and_loads_nothing(page: str) -> None:
    found = read(page)
    assert page.startswith("<!doctype html>")
    names = [tag for tag, _ in found.tags]
    assert not {"script", "img", "link", "iframe", "object", "embed", "form", "video", "audio", "base"} & set(names)
    links = [str(values["href"]) for tag, values in found.tags if tag == "a"]
    assert links
    assert all(re.fullmatch(r"#[a-z-]+|[A-Za-z_]+\.(csv|txt|json)", link) for link in links)
    assert not any(
        name.startswith("on") or name in {"src", "srcset", "style"} for _, values in found.tags for name in values
    )
    assert "url(" not in page
    assert "@import" not in page
    policy = next(
        values["content"] for tag, values in found.tags if values.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_hostile_titles_and_reasons_are_shown_as_they_are_and_do_nothing(page: str) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "\u202e" not in page
    assert "evil [a](https://example.org)" in page


def test_headings_tables_and_links_are_for_everybody(page: str) -> None:
    found = read(page)
    names = [tag for tag, _ in found.tags]
    assert names.count("h1") == 1
    assert names.count("table") == names.count("caption") > 10
    assert all("scope" in values for tag, values in found.tags if tag == "th")
    assert {("html", "en")} == {(tag, values.get("lang")) for tag, values in found.tags if tag == "html"}
    ids = {values["id"] for _, values in found.tags if "id" in values}
    assert all(
        str(values["href"])[1:] in ids
        for tag, values in found.tags
        if tag == "a" and str(values["href"]).startswith("#")
    )
    assert all(values.get("tabindex") == "0" for _, values in found.tags if values.get("class") == "wide")


def test_what_did_not_occur_has_no_row(page: str) -> None:
    assert '<th scope="row" class="short">extension</th><td class="number">1</td>' in page
    assert not re.search(r'<th scope="row" class="short">[a-z ]+</th><td class="number">0</td>', page)
    assert '<th scope="row">exercised</th>' in page
    assert '<th scope="row">tested</th>' not in page


@pytest.mark.parametrize(
    "colours", [r":root \{ color-scheme: light dark; (.*?) \}", r"prefers-color-scheme: dark\) \{\s*:root \{ (.*?) \}"]
)
def test_text_stands_out_from_its_ground(page: str, colours: str) -> None:
    found = re.search(colours, page)
    assert found
    named = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6})", found[1]))
    for text in ("fg", "quiet", "link", "late"):
        for ground in ("bg", "soft"):
            assert contrast(named[text], named[ground]) >= 4.5, (text, ground)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@dataclass(frozen=True)
class Cells:
    text: str
    number: int | None
    listed: tuple[str, ...]
    day: date


@pytest.mark.parametrize(
    "hostile", ["=1+1", "+1", "-1", "@a", "\t=1", "\r\n=1", "  =1", "\u202e=1", "\uff1d1", 'a"b,c\nd']
)
def test_no_cell_of_a_table_is_a_formula(hostile: str) -> None:
    made = to_csv(Cells, [Cells(hostile, None, (hostile, "b"), START), Cells("x", 3, (), END)]).decode()
    rows = list(csv.reader(io.StringIO(made), strict=True))
    assert [len(row) for row in rows] == [4, 4, 4]
    assert not any(cell.startswith(FORMULA) for row in rows for cell in row)
    assert rows[2] == ["x", "3", "", "2026-12-31"]


def test_no_cell_of_a_whole_pack_is_a_formula(pack: Path) -> None:
    for file in pack.glob("*.csv"):
        with file.open(newline="", encoding="utf-8") as stream:
            assert not any(cell.startswith(FORMULA) for row in csv.reader(stream) for cell in row)


def test_no_two_regions_have_one_name(page: str) -> None:
    names = [values.get("aria-label") for tag, values in read(page).tags if values.get("role") == "region"]
    assert len(names) > 5
    assert len(set(names)) == len(names)


def test_the_summary_is_the_first_part_and_verification_one_of_the_last(page: str) -> None:
    headings = re.findall(r'<h2 id="([a-z-]+)">', page)
    assert headings[0] == "summary"
    assert headings.index("verify") > headings.index("changes")
    summary = page[page.index('<h2 id="summary">') : page.index("</dl>")]
    names = re.findall(r"<dt>(.*?)</dt>", summary)
    assert len(names) == 10
    assert names[0] == "Obligations"
    assert names[-1] == "Ledger verification"


@pytest.mark.slow
def test_a_real_browser_finds_the_page_accessible_and_fitting_by_day_and_by_night(pack: Path, pages: Pages) -> None:
    for dark in (False, True):
        page = pages.open(pack / "index.html", dark=dark, width=NARROW)
        assert_fits(page)
        assert_accessible(page, least="minor")
