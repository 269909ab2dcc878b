"""Accounts, roles, teams and delegations: who may do what."""
