"""reassay: re-assess AI safety mitigations when it is due, and believe the record."""

__version__ = "0.1.0"
