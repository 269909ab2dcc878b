"""A real browser, driven by its own protocol over two pipes: no driver, no network."""

import base64
import itertools
import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOUND = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SECONDS = 60.0


class LeavingError(Exception):
    """The page went away while it was asked."""


@dataclass
class Chromium:
    """One page."""

    reading: int
    writing: int
    session: str = ""
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    left: bytes = b""
    complaints: list[str] = field(default_factory=list)
    """What the page's policy or its own code refused."""

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        number = next(self.ids)
        asked = {"id": number, "method": method, "params": parameters} | (
            {"sessionId": self.session} if self.session else {}
        )
        os.write(self.writing, json.dumps(asked).encode() + b"\0")
        while True:
            said = self._read()
            if said.get("id") == number:
                if "navigated" in said.get("error", {}).get("message", ""):
                    raise LeavingError
                assert "error" not in said, said
                return dict(said["result"])
            entry = said["params"]["entry"] if said.get("method") == "Log.entryAdded" else {"source": "network"}
            # A page that is an error is no complaint; what a page cannot load is.
            if entry["source"] != "network" or entry.get("url", "").endswith(".css"):
                self.complaints.append(entry["text"])

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self.left:
            part = os.read(self.reading, 1 << 16)
            assert part, "the browser is gone"
            self.left += part
        one, _, self.left = self.left.partition(b"\0")
        return dict(json.loads(one))

    def ask(self, code: str) -> Any:  # noqa: ANN401 -- whatever the page says
        return self.send("Runtime.evaluate", expression=code, returnByValue=True)["result"].get("value")

    def go(self, address: str) -> None:
        self.send("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def press(self, selector: str, lands: str) -> None:
        """Clicks, and waits until the address holds `lands`."""
        self.ask(f"document.querySelector({json.dumps(selector)}).click()")
        self.wait(f"document.readyState === 'complete' && location.href.includes({json.dumps(lands)})")

    def wait(self, code: str) -> None:
        end = time.monotonic() + SECONDS
        while not self._holds(code):
            assert time.monotonic() < end, (code, self.ask("location.href"), self.text)
            time.sleep(0.05)

    def _holds(self, code: str) -> bool:
        """Not while the page that was asked is being left."""
        try:
            return self.ask(code) is True
        except LeavingError:
            return False

    @property
    def text(self) -> str:
        return str(self.ask("document.body.innerText"))

    def look(self, *, width: int = 1_200, dark: bool = False) -> None:
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])

    def picture(self, file: Path) -> None:
        data = self.send("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        file.write_bytes(base64.b64decode(data))


@contextmanager
def chromium(folder: Path) -> Iterator[Chromium]:
    """Gone at the end of the block."""
    assert FOUND
    to_read, to_write = os.pipe(), os.pipe()
    command = [
        FOUND, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-extensions", "--disable-background-networking", f"--user-data-dir={folder}", "--remote-debugging-pipe",
    ]  # fmt: skip
    actions = [
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_DUP2, to_read[0], 3),
        (os.POSIX_SPAWN_DUP2, to_write[1], 4),
    ]
    process = os.posix_spawn(FOUND, command, os.environ, file_actions=actions)
    os.close(to_read[0])
    os.close(to_write[1])
    try:
        page = Chromium(to_write[0], to_read[1])
        target = page.send("Target.createTarget", url="about:blank")["targetId"]
        page.session = page.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for each in ("Page.enable", "Runtime.enable", "Log.enable"):
            page.send(each)
        yield page
    finally:
        os.kill(process, signal.SIGTERM)
        os.waitpid(process, 0)
        os.close(to_write[0])
        os.close(to_read[1])
