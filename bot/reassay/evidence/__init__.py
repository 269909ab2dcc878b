"""What evidence says to criteria. Readers of tools' result files come here later, one module for each."""
