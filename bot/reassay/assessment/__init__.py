"""Where every cell of the register stands, and why."""
