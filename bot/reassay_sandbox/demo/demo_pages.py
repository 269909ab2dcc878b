"""The demo's own pages: tours and clock beside the repository and the dashboard, and the ledger in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from reassay.common.calendar import day_words, zone
from reassay_sandbox.demo.environment import REPOSITORY
from reassay_sandbox.demo.guide import Guide
from reassay_sandbox.demo.ledger_copy import entry_in_words, read_ledger
from reassay_sandbox.demo.tours import TOURS
from reassay_sandbox.pages import SandboxPages
from reassay_sandbox.traffic import SandboxRequest, SandboxResponse

HOME: Final = "/_demo"
SESSION: Final = "reassay-session"
"""The App's cookie."""
_FOLDER: Final = Path(__file__).parents[1] / "pages"
_MOST_DIGITS: Final = 9
_SETTING_UP: Final = "setting-up"
_ASSETS: Final = {"demo.css": "text/css", "demo.js": "text/javascript"}


@dataclass(slots=True)
class DemoPages:
    """Answers below `/_demo`. It is asked outside of the sandbox's lock, because what a button starts talks to the sandbox."""

    pages: SandboxPages
    again: Callable[[], None]
    """Starts the demo over."""
    origin: str
    """Of these pages."""
    guide: Guide | None = None
    """None while the App is set up."""
    setting_up: list[str] = field(default_factory=list)
    """What was done so far."""

    def answer(self, request: SandboxRequest) -> SandboxResponse | None:
        """None for a path that is not below `/_demo`."""
        if request.path != HOME and not request.path.startswith(f"{HOME}/"):
            return None
        name = request.path.removeprefix(HOME).strip("/")
        if name in _ASSETS:
            return SandboxResponse(200, (_FOLDER / name).read_bytes(), {"content-type": _ASSETS[name]}, "PAGE")
        if request.method == "POST":
            return self._post(name, request)
        return self._page(name, request)

    def _page(self, name: str, request: SandboxRequest) -> SandboxResponse:
        guide = self.guide
        if guide is None:
            return _plain(_SETTING_UP) if name == "version" else self._waiting()
        match name.split("/"):
            case [""]:
                guide.look()
                return self._home(guide, "" if SESSION in request.headers.get("cookie", "") else "/sign-in?to=")
            case ["version"]:
                guide.look()
                return _plain(guide.version)
            case ["ledger"]:
                values = {"repo": {"full_name": REPOSITORY}, "ledger": read_ledger(guide.demo)}
                return self.pages.html("demo_ledger.html.j2", values)
            case ["ledger", seq] if _is_number(seq):
                return self._entry(seq, entry_in_words(guide.demo, int(seq)))
            case _:
                return self.pages.html("missing.html.j2", {}, status=404)

    def _entry(self, seq: str, text: str) -> SandboxResponse:
        if not text:
            return self.pages.html("missing.html.j2", {}, status=404)
        return self.pages.html("demo_entry.html.j2", {"repo": {"full_name": REPOSITORY}, "seq": seq, "text": text})

    def _home(self, guide: Guide, sign_in: str) -> SandboxResponse:
        """`sign_in` leads through the App's sign-in: a browser that was there has a cookie, which servers of one host share."""
        report = guide.demo.hosted.latest
        timezone = (
            report.assessment_input.register.configuration.timezone if report and report.assessment_input else "UTC"
        )
        values: dict[str, object] = {
            "guide": guide,
            "tours": TOURS,
            "today": day_words(guide.demo.box.clock.now().astimezone(zone(timezone)).date(), year=True),
            "day_words": lambda day: day_words(day, year=True),
            "step_comments": guide.step.comments(guide.demo) if guide.step else (),
            "dashboard": f"{guide.demo.hosted.url}{sign_in}/repositories/{REPOSITORY}/{guide.dashboard}",
            "repository": REPOSITORY,
        }
        return self._framing(self.pages.html("demo.html.j2", values), guide.demo.hosted.url)

    def _post(self, name: str, request: SandboxRequest) -> SandboxResponse:
        if request.headers.get("origin", self.origin) != self.origin:
            return self.pages.html("missing.html.j2", {}, status=403)
        guide, form = self.guide, _form(request)
        if guide is not None:
            match name:
                case "tour":
                    guide.start(form.get("name", ""))
                case "step" if _is_number(form.get("number", "")):
                    guide.do(int(form["number"]))
                case "leave":
                    guide.leave()
                case "clock":
                    guide.move(form.get("how", ""))
                case "stop":
                    guide.stop()
                case "again":
                    # Not a redirect: for a moment nobody answers at this address.
                    self.guide, self.setting_up = None, []
                    self.again()
                    return self._waiting()
                case _:
                    return self.pages.html("missing.html.j2", {}, status=404)
        return SandboxResponse(303, b"", {"location": f"{HOME}#now"}, "PAGE")

    def _waiting(self) -> SandboxResponse:
        values = {"lines": self.setting_up, "version": _SETTING_UP}
        return self._framing(self.pages.html("demo_setting_up.html.j2", values), "")

    @staticmethod
    def _framing(response: SandboxResponse, app: str) -> SandboxResponse:
        """The policy of the page with the frames: the sandbox's pages and the App's may be in it, and one script of ours."""
        response.headers["content-security-policy"] = (
            f"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:;"
            f" frame-src 'self' {app}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        return response


def _is_number(text: str) -> bool:
    """Whether it is a number that `int` reads: it refuses other digits, such as superscripts, and thousands of them."""
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _plain(text: str) -> SandboxResponse:
    return SandboxResponse(200, text.encode(), {"content-type": "text/plain"}, "PAGE")


def _form(request: SandboxRequest) -> Mapping[str, str]:
    fields = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}
