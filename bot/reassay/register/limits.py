"""Limits on the files that are read."""

from typing import Final

MAX_FILE_BYTES: Final = 1024 * 1024
"""Larger files are not read; a finding says so."""
MAX_FILES: Final = 50_000
"""More files than this below the register folder are not read."""
MAX_TOTAL_BYTES: Final = 64 * 1024**2
"""The limit for all files together, in bytes."""
READ_SUFFIXES: Final = frozenset({".yml", ".yaml", ".md"})
"""Suffixes of files that may hold objects."""
