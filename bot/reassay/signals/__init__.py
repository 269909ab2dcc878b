"""Signals from outside the register: their sources, incident rates, and observed deployments."""
