"""Values of this room as words for people and documents for programs."""
