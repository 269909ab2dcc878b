from tests.lab import lab, make_lab

__all__ = ["lab", "make_lab"]
