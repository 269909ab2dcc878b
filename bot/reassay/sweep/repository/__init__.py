"""Reading the framework repository from a clone."""
