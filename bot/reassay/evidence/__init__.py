"""Evidence: verdicts on criteria, and sealing of confidential files."""
