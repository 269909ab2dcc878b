"""A sweep of a repository: gather, decide, record, draw, create, show, tell. The steps are in sweep.py."""
