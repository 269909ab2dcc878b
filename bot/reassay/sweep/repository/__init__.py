"""What a sweep reads from a clone of the framework repository."""
