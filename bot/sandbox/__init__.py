"""A stateful GitHub on loopback: what the demo runs on and the tests use. It judges what it gets."""

from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from bot.sandbox.traffic import Exchange

__all__ = ["Exchange", "Fault", "Sandbox"]
