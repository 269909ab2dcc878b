"""Simulation of settings: rate of false alarms, and time until a change is found, with a stated seed."""
