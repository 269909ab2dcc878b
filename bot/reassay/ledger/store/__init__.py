"""The ledger as files of a branch: reads and verifies them, and returns the files of an append."""
