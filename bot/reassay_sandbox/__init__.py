"""A stateful GitHub on loopback: what the demo runs on and the tests use. It judges what it gets."""

from reassay_sandbox.faults import Fault
from reassay_sandbox.server import Sandbox
from reassay_sandbox.traffic import Exchange

__all__ = ["Exchange", "Fault", "Sandbox"]
