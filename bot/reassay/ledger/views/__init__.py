"""The ledger as text for people and documents for programs."""
