"""Assessment: the state of every cell of the register, the triggers that set it, and what becomes due when."""
