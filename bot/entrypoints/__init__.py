"""Doors: the command line, the Action, and later the hosted App. Each turns its input into typed values and goes on."""
