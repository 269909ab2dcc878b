"""The merge gate: changes of a pull request, the requirements they bring, and a verdict with reasons."""
