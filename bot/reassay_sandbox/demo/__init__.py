"""The demo: set-up, sweeps, a conclusion and the next due date on a local GitHub. Every claim in its text is checked."""
