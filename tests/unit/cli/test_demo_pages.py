"""The demo's pages answer odd numbers in an address or a form as they answer any other unknown page."""

from types import SimpleNamespace
from typing import cast

import pytest

from reassay_sandbox.demo.demo_pages import DemoPages
from reassay_sandbox.demo.guide import Guide
from reassay_sandbox.pages import SandboxPages
from reassay_sandbox.traffic import SandboxRequest, SandboxResponse

ODD = ["²", "٣", "9" * 5_000, "-1", "1e3", ""]


@pytest.mark.parametrize("number", ODD)
def test_what_is_no_number_is_no_page_and_no_step(number: str) -> None:
    def html(_name: str, _values: object, status: int = 200) -> SandboxResponse:
        return SandboxResponse(status, b"", {}, "PAGE")

    pages = DemoPages(
        cast("SandboxPages", SimpleNamespace(html=html)), lambda: None, "o", cast("Guide", SimpleNamespace())
    )
    asked = SimpleNamespace(path="", method="GET", headers={}, body=b"")
    asked.path = f"/_demo/ledger/{number}" if number else "/_demo/ledger/x"
    answer = pages.answer(cast("SandboxRequest", asked))
    assert answer is not None
    assert answer.status == 404
    asked.path, asked.method, asked.body = "/_demo/step", "POST", f"number={number}".encode()
    answer = pages.answer(cast("SandboxRequest", asked))
    assert answer is not None
    assert answer.status == 404
