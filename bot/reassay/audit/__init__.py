"""What an auditor asks of a period, figured out from register and ledger alone: pure, facts in, rows out."""
