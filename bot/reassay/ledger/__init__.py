"""The ledger's vocabulary: what an entry says, and the history that the entries add up to."""
