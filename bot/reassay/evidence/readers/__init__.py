"""Readers of result files, one file each. A reader recognises its files by their content, and counts; it never judges."""

from reassay.evidence.readers.base import EvidenceReader

READERS: tuple[EvidenceReader, ...] = ()
"""In the order in which they are asked; the first that recognises a file reads it."""
