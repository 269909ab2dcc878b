"""Renews the pictures of the documentation from the running demo: `make screenshots` writes docs/images.

It presses the buttons of the tours in Chromium, as a visitor does, and takes pictures on the way. It takes some minutes.
"""

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent / "images"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/_demo")
WHOLE = (1040, 640)
PART = (900, 760)
MARGIN = 70
MOST_BYTES = {".png": 150_000, ".gif": 800_000}
COLOURS = 40
FRAME_MILLISECONDS = 3_500
PATIENCE_MILLISECONDS = 120_000

EVIDENCE = "A re-assessment falls due, gets evidence, and is concluded"
MODALITY = "A pull request adds audio, and cannot be merged until people have looked"
TYPO = "A typo in the register is seen, and nothing goes quiet"


@dataclass(slots=True)
class DemoBrowser:
    """A visitor of the demo's page."""

    browser: Browser
    home: str
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.browser.new_context(viewport={"width": WHOLE[0], "height": WHOLE[1]}).new_page()
        self.page.set_default_timeout(PATIENCE_MILLISECONDS)
        self.page.goto(self.home)

    def start(self, title: str) -> None:
        """Begins a tour, and leaves any other."""
        leave = self.page.locator("form[action='/_demo/leave'] button")
        self.page.locator("form[action='/_demo/tour'] button").first.or_(leave).wait_for()
        if leave.is_visible():
            leave.click()
        self.page.get_by_role("button", name=title).click()
        self._settle()

    def press(self) -> None:
        """Does the next step of the tour by its button. Raises RuntimeError if the step did not do what it says."""
        self.page.locator("form[action='/_demo/step'] button").click()
        self._settle()
        if self.page.locator(".now.failed").count():
            raise RuntimeError(self.page.locator(".now.failed").inner_text())

    def steps_left(self) -> bool:
        """Whether the tour has a next step."""
        return self.page.locator("form[action='/_demo/step'] button").count() > 0

    def whole(self) -> Image.Image:
        """The page with its panes, from its top."""
        return _image(self.page.screenshot())

    def pane(self, name: str, begins_with: str = "") -> Image.Image:
        """What the pane `repository` or `dashboard` shows, in a tab of its own, from its top or from a text on."""
        address = self.page.locator(f"iframe[name={name}]").get_attribute("src") or ""
        tab = self.page.context.new_page()
        tab.set_viewport_size({"width": PART[0], "height": PART[1]})
        tab.goto(address if "://" in address else self.home.removesuffix("/_demo") + address, wait_until="networkidle")
        tab.evaluate("scrollTo(0, 0)")
        if begins_with:
            top = tab.get_by_text(begins_with).first.bounding_box() or {"y": 0.0}
            tab.evaluate("top => scrollTo(0, top)", top["y"] - MARGIN)
        taken = _image(tab.screenshot())
        tab.close()
        return taken

    def _settle(self) -> None:
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate("document.querySelector('.guide')?.scrollTo(0, 0)")


def pictures(visitor: DemoBrowser) -> Iterator[tuple[str, bytes]]:
    """Name and content of every picture, in the order in which the tours give them."""
    visitor.start(EVIDENCE)
    visitor.press()
    yield "issue.png", png(visitor.pane("repository"))
    frames = [visitor.whole()]
    while visitor.steps_left():
        visitor.press()
        frames.append(visitor.whole())
    yield "tour.gif", gif(frames)
    visitor.start(MODALITY)
    visitor.press()
    yield "gate.png", png(visitor.pane("repository", "Blocked:"))
    visitor.start(TYPO)
    visitor.press()
    yield "dashboard.png", png(visitor.pane("dashboard"))
    yield "demo.png", png(visitor.whole())
    visitor.press()


def png(picture: Image.Image) -> bytes:
    """With few colours, so that it is small."""
    written = io.BytesIO()
    _few_colours(picture).save(written, "PNG", optimize=True)
    return written.getvalue()


def gif(frames: Sequence[Image.Image]) -> bytes:
    """A moving picture that goes on for ever."""
    first, *others = [_few_colours(frame) for frame in frames]
    written = io.BytesIO()
    first.save(written, "GIF", save_all=True, append_images=others, duration=FRAME_MILLISECONDS, loop=0, optimize=True)
    return written.getvalue()


def _few_colours(picture: Image.Image) -> Image.Image:
    return picture.quantize(COLOURS, dither=Image.Dither.NONE)


def _image(screenshot: bytes) -> Image.Image:
    return Image.open(io.BytesIO(screenshot)).convert("RGB")


@contextmanager
def running_demo() -> Iterator[str]:
    """The address of a demo in a process of its own, until the block ends. Raises RuntimeError if it does not start."""
    command = [sys.executable, "-m", "reassay", "demo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = next((match[0] for line in process.stdout or () if (match := ADDRESS.search(line))), None)
            if address is None:
                raise RuntimeError("the demo ended without an address")
            yield address
        finally:
            process.terminate()


def main() -> int:
    """Writes all pictures. Raises ValueError for one that is too large for a page."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        raise SystemExit("There is no Chromium on this machine.")
    with running_demo() as home, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        for name, content in pictures(DemoBrowser(browser, home)):
            if len(content) > MOST_BYTES[Path(name).suffix]:
                raise ValueError(f"{name} has {len(content)} bytes; {MOST_BYTES[Path(name).suffix]} are allowed")
            (IMAGES / name).write_bytes(content)
            print(f"wrote docs/images/{name}, {len(content) // 1000} kB", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
