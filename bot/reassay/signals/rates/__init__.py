"""Statistics of incident rates, from the standard library alone."""
