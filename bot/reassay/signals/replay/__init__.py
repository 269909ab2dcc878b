"""Rules of incident rates over historical series: when they would have fired, and the lines of their picture."""
