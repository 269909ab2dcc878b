"""The only I/O: git, register files, GitHub, the ledger, the clock."""
