"""Use cases: gather facts, let the domain decide, let apply carry it out."""
