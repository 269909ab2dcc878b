"""The merge gate: what a pull request changes, what that asks for, and a verdict that explains itself."""
