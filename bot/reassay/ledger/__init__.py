"""The ledger: kinds of entries, and the history that follows from them."""
