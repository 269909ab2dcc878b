"""Accounts, roles, teams and delegations."""
