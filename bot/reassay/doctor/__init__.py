"""The doctor: checks of a repository and its installation for ways around the gate, with remedies."""
