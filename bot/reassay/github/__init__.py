"""GitHub through PyGithub, which stays in here: frozen values out, limits and faults as our own errors."""
