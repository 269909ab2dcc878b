"""The ledger as bytes on a branch: reading and checking it, and what to add to it."""
