"""Lint passes over a register: findings that need more than one object, or more than its model."""
