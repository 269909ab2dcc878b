"""Whoever stops `reassay demo --headless` also stops what it started, such as its PostgreSQL."""

import argparse
import io
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reassay.cli.demo import COMMAND
from reassay.hosted.web import logs
from reassay_sandbox.demo import environment


def test_a_signal_to_end_lets_it_clean_up(monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned = []

    @contextmanager
    def started(*_given: object) -> Iterator[None]:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            yield None
        finally:
            cleaned.append(True)

    monkeypatch.setattr(logs, "configure", lambda *_given: None)
    monkeypatch.setattr(logging.getLogger("reassay.alarm"), "setLevel", lambda _level: None)
    monkeypatch.setattr(environment, "start_environment", started)
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with pytest.raises(KeyboardInterrupt):
            COMMAND.run(argparse.Namespace(headless=True, port=0), io.StringIO(), io.StringIO())
    finally:
        signal.signal(signal.SIGTERM, before)
    assert cleaned == [True]
